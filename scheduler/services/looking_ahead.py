"""Nine months ahead: every dose still to be given against the days' room, and planned days spread inside windows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from scheduler.domain.capacity import DayLimits
from scheduler.domain.grid import CHAIRS, IV_STARTS, NURSE_LOAD
from scheduler.domain.ids import CenterId, DoseId, PatientId
from scheduler.domain.look_ahead import (
    DayRoom,
    LookAhead,
    Takes,
    WaitingDose,
    WeekAhead,
    look_ahead,
    monday_of,
)
from scheduler.domain.nursing import NURSE
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.domain.visits import Counts, VisitProfile
from scheduler.persistence.look_ahead import DoseAhead, doses_ahead
from scheduler.persistence.patients import patient
from scheduler.persistence.plans import doses_by_id
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import needs_of, profile_of
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.days import day_states
from scheduler.services.floors import phase_of
from scheduler.services.gaps_between import last_for, soonest
from scheduler.services.plans import regimen_of_plan
from scheduler.services.series_proposal import days_apart
from scheduler.services.spreading import SpreadRefusedError

WEEKS = 39
"""Nine months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlannedDay:
    """A dose whose planned day would change.

    Args:
        dose_id: The dose.
        version: Its version, which the form sends back.
        what: Regimen and ordinal.
        planned: Where it is planned now.
        to: Where it would be planned.
        window: First and last day on which it may be.
    """

    dose_id: DoseId
    version: int
    patient_id: PatientId
    patient: str
    what: str
    planned: date
    to: date
    window: tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What a charge nurse sees of the coming months.

    Args:
        found: The weeks.
        booked: Booked doses by the Monday of their week.
        moves: Planned days that would change, by present day.
    """

    found: LookAhead
    booked: Mapping[date, int]
    moves: tuple[NewPlannedDay, ...]


def read_ahead(uow: UnitOfWork, center_id: CenterId, *, now: Instant, actor: Actor) -> Ahead:
    """Return the coming nine months, week by week, and planned days that would spread their doses.

    Raises:
        NotAllowedError: the role does not manage the center.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        rows, waiting, found = _look(uow, center_id, now)
        zone = facts_of(uow, center_id).zone
        booked: dict[date, int] = {}
        for row in rows:
            if row.starts_at is not None:
                monday = monday_of(local_day(row.starts_at, zone))
                booked[monday] = booked.get(monday, 0) + 1
        return Ahead(found=found, booked=booked, moves=_moves(uow, rows, waiting, found.moves))


def short_weeks(uow: UnitOfWork, center_id: CenterId, *, now: Instant) -> tuple[WeekAhead, ...]:
    """Return the weeks of the coming nine months that cannot hold their doses, even when these are spread."""
    with uow:
        _, _, found = _look(uow, center_id, now)
        return tuple(week for week in found.weeks if week.short)


def _look(
    uow: UnitOfWork, center_id: CenterId, now: Instant
) -> tuple[Sequence[DoseAhead], Mapping[DoseId, WaitingDose], LookAhead]:
    facts = facts_of(uow, center_id)
    today = local_day(now, facts.zone)
    first = monday_of(today)
    last = first + timedelta(days=7 * WEEKS - 1)
    rows = doses_ahead(uow, center_id, first, last)
    rooms = _Rooms(uow, facts, (first, last), today)
    waiting = _waiting(uow, facts, rows, rooms)
    return rows, waiting, look_ahead(rooms.days, list(waiting.values()))


class _Rooms:
    """The days of the span: what they allow, what is taken, and what a visit takes of one."""

    def __init__(
        self, uow: UnitOfWork, facts: CenterFacts, span: tuple[date, date], today: date
    ) -> None:
        states = day_states(uow, facts.id, days_between(*span))
        self.some: DayLimits | None = next((each.limits for each in states.values()), None)
        self.days = [
            DayRoom(
                day=day,
                allows=_sums(states[day].limits.allowed, states[day].limits)
                if day in states and day >= today
                else (0.0, 0.0, 0.0),
                booked=_sums(states[day].load.counts, states[day].limits)
                if day in states and day >= today
                else (0.0, 0.0, 0.0),
            )
            for day in days_between(*span)
        ]
        self.first, self.last = max(span[0], today), span[1]

    def takes(self, profile: VisitProfile) -> Takes:
        """Return what a visit takes of a day."""
        if self.some is None:
            return (0.0, 0.0, 0.0)
        return _sums(self.some.footprint(profile).counts, self.some)


def _sums(counts: Counts, limits: DayLimits) -> Takes:
    """Return chair minutes, nurse minutes and IV starts of a matrix."""
    minutes, row = limits.grid.slot_minutes, limits.layout.row
    return (
        float(counts[row(CHAIRS)].sum()) * minutes,
        float(counts[row(NURSE_LOAD)].sum()) * minutes / NURSE,
        float(counts[row(IV_STARTS)].sum()),
    )


def _waiting(
    uow: UnitOfWork,
    facts: CenterFacts,
    rows: Sequence[DoseAhead],
    rooms: _Rooms,
) -> dict[DoseId, WaitingDose]:
    """Return the doses that are not booked, each with the days that its window and its neighbors leave it."""
    waiting: dict[DoseId, WaitingDose] = {}
    for _, group in groupby(rows, key=lambda row: row.plan.id):
        doses = list(group)
        days = [_day(row, facts) for row in doses]
        for index, row in enumerate(doses):
            on = days[index]
            if row.starts_at is None and rooms.first <= on <= rooms.last:
                waiting[row.dose.id] = _one(uow, doses, days, index, rooms)
    return waiting


def _day(row: DoseAhead, facts: CenterFacts) -> date:
    if row.starts_at is not None:
        return local_day(row.starts_at, facts.zone)
    return row.dose.planned_day or row.dose.due_on


def _one(
    uow: UnitOfWork, doses: Sequence[DoseAhead], days: Sequence[date], index: int, rooms: _Rooms
) -> WaitingDose:
    row, on = doses[index], days[index]
    first, last = _span(uow, doses, days, index)
    before = doses[index - 1] if index and doses[index - 1].starts_at is None else None
    apart = days_apart(phase_of(uow, row.plan, row.dose))
    profile = profile_of(row.dose, needs_of(row.patient, on))
    return WaitingDose(
        key=row.dose.id,
        planned=on,
        first=max(first, rooms.first),
        last=min(last, rooms.last),
        takes=rooms.takes(profile),
        previous=before.dose.id if before else None,
        apart=min(apart, (on - days[index - 1]).days) if before else 0,
    )


def _span(
    uow: UnitOfWork, doses: Sequence[DoseAhead], days: Sequence[date], index: int
) -> tuple[date, date]:
    """Return the days for a dose, those booked beside it counted; the days of a course stay."""
    dose, on = doses[index].dose, days[index]
    if dose.course is not None:
        return on, on
    first, last = max(dose.earliest, dose.not_before or dose.earliest), dose.latest
    if index and doses[index - 1].starts_at is not None:
        first = max(
            first, min(on, soonest(days[index - 1], phase_of(uow, doses[index].plan, dose)))
        )
    if index + 1 < len(doses) and doses[index + 1].starts_at is not None:
        following = phase_of(uow, doses[index + 1].plan, doses[index + 1].dose)
        last = min(last, max(on, last_for(days[index + 1], following, on)))
    return first, last


def refused_doses(uow: UnitOfWork, refusal: SpreadRefusedError) -> tuple[tuple[str, str], ...]:
    """Return patient and sentence of each dose that keeps its planned day."""
    with uow:
        doses = doses_by_id(uow, [each.dose_id for each in refusal.refused])
        names = {row.id: patient(uow, row.patient_id).name for row in doses.values()}
        return tuple((names.get(each.dose_id, "A dose"), each.sentence) for each in refusal.refused)


def _moves(
    uow: UnitOfWork,
    rows: Iterable[DoseAhead],
    waiting: Mapping[DoseId, WaitingDose],
    moves: Mapping[object, date],
) -> tuple[NewPlannedDay, ...]:
    lines = [
        NewPlannedDay(
            dose_id=row.dose.id,
            version=row.dose.version,
            patient_id=row.patient.id,
            patient=row.patient.name,
            what=f"{regimen_of_plan(uow, row.plan).title}, dose {row.dose.ordinal}",
            planned=waiting[row.dose.id].planned,
            to=moves[row.dose.id],
            window=(waiting[row.dose.id].first, waiting[row.dose.id].last),
        )
        for row in rows
        if row.dose.id in moves
    ]
    return tuple(sorted(lines, key=lambda line: (line.planned, line.to)))
