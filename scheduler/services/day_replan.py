"""A day's booked visits rearranged by a person, the week before: fewer calls, short moves, a better curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.capacity import load_of
from scheduler.domain.curve import CurvePoint, curve
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.replanning import DayPlan, DayVisit, Goal, replan_day
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, instant_at, local, local_day
from scheduler.persistence import appointments as stored
from scheduler.persistence.days import StoredStay, stored_days
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_moves import MovedVisit
from scheduler.services.cancelling import TO_COME
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.day_frames import Frame, frame_on, profile_of, slot_of
from scheduler.services.days import stays_of
from scheduler.services.move_spans import MoveSpan, move_span
from scheduler.services.replan_lines import MoveLine, visit_line
from scheduler.services.replanning import VisitToMove
from scheduler.services.waiting_for_day import Waiting, waiting_for

STEPS = 8_000
"""Steps of the search behind a page: about a second for a full day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RearrangeDay:
    """What a day is rearranged for, and what it may cost.

    Args:
        center_id: Whose day.
        day: Which; from tomorrow on.
        goal: What is made better.
        most_calls: How many patients may be called.
        most_minutes: How far a visit may move on its day.
    """

    center_id: CenterId
    day: date
    goal: Goal = Goal.PEAK
    most_calls: int = 8
    most_minutes: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound:
    """A dose planned on the day that would find a place on it."""

    patient: str
    what: str
    starts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearranged:
    """A day as it is and as it could be.

    Args:
        plan: What the search found.
        before: The curve now.
        after: The curve once the visits have moved.
        moves: Who would be called and moved.
        visits: How many are booked.
        waiting: How many doses are planned on the day and not booked.
        places: Those of them that would find a place.
    """

    plan: DayPlan
    before: tuple[CurvePoint, ...]
    after: tuple[CurvePoint, ...]
    moves: tuple[MoveLine, ...]
    visits: int
    waiting: int
    places: tuple[PlaceFound, ...]


def rearrange_day(
    uow: UnitOfWork, wanted: RearrangeDay, *, now: Instant, actor: Actor
) -> Rearranged:
    """Return how a day's visits could be rearranged; nothing is saved.

    Visits with a chosen chair, days of a course and patients who come twice stay where they are.

    Raises:
        NotAllowedError: the role does not manage the center.
        InvalidError: the day is not to come, closed, or a limit is negative.
    """
    actor.require(Permission.MANAGE_CENTER)
    if wanted.most_calls < 0 or wanted.most_minutes < 0:
        raise InvalidError("Calls and minutes are 0 or more.", field="most_calls")
    with uow:
        day = _read(uow, wanted, now)
        waiting = [DayVisit(key=each, profile=each.profile) for each in day.waiting]
        plan = replan_day(
            [*day.booked, *waiting],
            day.frame.limits,
            goal=wanted.goal,
            most_calls=wanted.most_calls,
            most_minutes=wanted.most_minutes,
            steps=STEPS,
        )
        return _shown(uow, day, plan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Day:
    """A day with its visits and who waits for it."""

    facts: CenterFacts
    frame: Frame
    rows: dict[AppointmentId, Appointment]
    booked: tuple[DayVisit, ...]
    waiting: tuple[Waiting, ...]


def _read(uow: UnitOfWork, wanted: RearrangeDay, now: Instant) -> _Day:
    facts = facts_of(uow, wanted.center_id)
    frame = _frame(uow, facts, wanted.day, now)
    stays = stays_of(uow, facts, [wanted.day])[wanted.day]
    rows = {row.id: row for row in stored.by_id(uow, [stay.id for stay in stays])}
    return _Day(
        facts=facts,
        frame=frame,
        rows=rows,
        booked=tuple(_visit(facts, frame, stay, rows, stays) for stay in stays),
        waiting=waiting_for(uow, facts, wanted.day),
    )


def _frame(uow: UnitOfWork, facts: CenterFacts, day: date, now: Instant) -> Frame:
    if day <= local_day(now, facts.zone):
        raise InvalidError(
            "Rearrange a day to come; today the patients are on their way.", field="day"
        )
    frame = frame_on(facts, next(iter(stored_days(uow, facts.id, [day])), None), day)
    if frame is None or frame.closed:
        raise InvalidError("The center is closed on that day.", field="day")
    return frame


def _visit(
    facts: CenterFacts,
    frame: Frame,
    stay: StoredStay,
    rows: dict[AppointmentId, Appointment],
    stays: Sequence[StoredStay],
) -> DayVisit:
    row = rows.get(stay.id)
    twice = row is not None and any(
        other.id != stay.id and other.id in rows and rows[other.id].patient_id == row.patient_id
        for other in stays
    )
    fixed = row is None or row.course_id is not None or row.pinned or twice
    return DayVisit(
        key=stay.id,
        profile=profile_of(stay),
        slot=slot_of(facts, frame.limits.grid, stay),
        fixed=fixed or (row is not None and row.status not in TO_COME),
    )


def _shown(uow: UnitOfWork, day: _Day, plan: DayPlan) -> Rearranged:
    limits = day.frame.limits
    now_there = [(each.profile, each.slot) for each in day.booked if each.slot is not None]
    then = [
        (each.profile, slot)
        for each, slot in zip(day.booked, plan.slots, strict=False)
        if slot is not None
    ]
    to = {move.key: move.after for move in plan.moves}
    lines = [_line(uow, day, row, to[each]) for each, row in day.rows.items() if each in to]
    return Rearranged(
        plan=plan,
        before=curve(load_of(limits, now_there), limits),
        after=curve(load_of(limits, then), limits),
        moves=tuple(sorted(lines, key=lambda line: line.visit.starts_at)),
        visits=len(day.booked),
        waiting=len(day.waiting),
        places=tuple(
            PlaceFound(
                patient=each.patient, what=each.what, starts=f"{limits.grid.at(to[each]):%-H:%M}"
            )
            for each in day.waiting
            if each in to
        ),
    )


def _line(uow: UnitOfWork, day: _Day, row: Appointment, slot: int) -> MoveLine:
    facts, frame = day.facts, day.frame
    was = local(row.starts_at, facts.zone)
    at = instant_at(was.date(), frame.limits.grid.at(slot), facts.zone)
    visit = VisitToMove(rows=(row,), span=_span(uow, row))
    return MoveLine(
        visit=visit_line(uow, visit, facts.zone, ""),
        to=local(at, facts.zone),
        minutes=(at - row.starts_at) // timedelta(minutes=1),
        days=0,
        window=None,
        moves=(MovedVisit(appointment_id=row.id, version=row.version, starts_at=at),),
    )


def _span(uow: UnitOfWork, row: Appointment) -> MoveSpan | None:
    """Return what stands behind a visit, None when its plan is on hold: the day stays the same anyway."""
    try:
        return move_span(uow, [row])
    except DomainError:
        return None
