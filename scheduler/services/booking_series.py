"""Booking a whole series at once: all of it, or explicitly the doses that fit, the rest becoming tasks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState
from scheduler.domain.refusals import Refusal
from scheduler.domain.regimen import Phase
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.series_places import SeriesDose, SeriesPlace, place_series
from scheduler.domain.timing import Instant, days_between, instant_at, local_day
from scheduler.domain.wishes import Wish
from scheduler.persistence import given, patients, plans
from scheduler.persistence.appointments import booked
from scheduler.persistence.models import Appointment, Patient, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import (
    FOLLOWS_ANY_PLAN,
    Bookable,
    floor_of,
    needs_of,
    phase_of,
    require_running,
)
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.changes import id_of, instant_of
from scheduler.services.days import day_states
from scheduler.services.idempotency import answered, remember
from scheduler.services.new_visits import NewItem, NewVisit, add_visits, noted, settle
from scheduler.services.notices import owe_series
from scheduler.services.offers import OfferLine, line_of
from scheduler.services.patients import read_time, read_weekdays
from scheduler.services.tasks import NewTask, raise_task
from scheduler.services.visit_places import Place

TRIES = 3
COURSE_RUNS_ON = 10
ASK_AHEAD = timedelta(days=14)
LONGEST_MONTH = 31


class SeriesMode(StrEnum):
    """All of the series or nothing, or the doses that fit."""

    ALL = "all"
    FITTING = "fitting"


class SeriesRefusedError(NoCapacityError):
    """Not every dose of the series has a place; nothing was booked."""

    def __init__(self, sentence: str, refused: "tuple[SeriesLine, ...]") -> None:
        super().__init__(sentence)
        self.refused = refused


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSeries:
    """The series of a plan to be booked.

    Args:
        plan_id: Which plan.
        mode: All or nothing, or the doses that fit.
        until: Only doses due up to that day; None for all.
        idempotency_key: A second press with the same key is answered with the first booking.
    """

    plan_id: PlanId
    mode: SeriesMode = SeriesMode.ALL
    until: date | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """A dose (of a course, its first day) and the time for it, or why there is none."""

    dose_id: DoseId
    ordinal: int
    offer: OfferLine | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesVisit:
    """A visit that was booked."""

    dose_id: DoseId
    appointment_id: AppointmentId
    starts_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBooked:
    """What was booked, and what was not and why."""

    booked: tuple[SeriesVisit, ...]
    refused: tuple[SeriesLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """The doses of a series that are not booked yet, with a place or a refusal each."""

    targets: tuple[Bookable, ...]
    places: tuple[SeriesPlace, ...]
    facts: CenterFacts

    def lines(self) -> tuple[SeriesLine, ...]:
        """Return them as a desk reads them."""
        return tuple(
            _line(self.facts, *pair) for pair in zip(self.targets, self.places, strict=True)
        )


def preview_series(
    uow: UnitOfWork, plan_id: PlanId, *, until: date | None = None, now: Instant
) -> tuple[SeriesLine, ...]:
    """Return one time for each dose that is not booked yet, or why it has none; nothing is saved.

    Raises:
        NotFoundError: there is no such plan here.
        NotBookableError: the plan takes no bookings.
    """
    with uow:
        plan = plans.plan(uow, plan_id)
        patient = patients.patient(uow, plan.patient_id)
        return _proposed(uow, plan, patient, until, now=now).lines()


def book_series(
    uow: UnitOfWork, request: BookSeries, *, now: Instant, actor: Actor
) -> SeriesBooked:
    """Book the doses of a plan that are not booked yet, in one transaction.

    In mode ``fitting`` a dose without a place becomes a task.

    Raises:
        SeriesRefusedError: mode ``all``, and not every dose has a place; says which.
        NotBookableError: the plan takes no bookings.
        NoCapacityError: others were faster three times; nothing was booked.
    """
    actor.require(Permission.BOOK)
    with uow:
        plan = plans.plan(uow, request.plan_id)
        patient = patients.lock_patient(uow, plan.patient_id)
        known = answered(uow, request.idempotency_key, request)
        if known is not None:
            return _read(known)
        proposal, visits, rows = _booked(uow, request, plan, patient, now=now, actor=actor)
        refused = tuple(line for line in proposal.lines() if line.offer is None)
        _ask_for(uow, proposal, now=now)
        result = _result(visits, rows, refused)
        _close(uow, plan, rows, visits, now=now, actor=actor)
        remember(uow, request.idempotency_key, request, _written(result), now=now)
        uow.commit()
        return result


def _booked(
    uow: UnitOfWork,
    request: BookSeries,
    plan: TreatmentPlan,
    patient: Patient,
    *,
    now: Instant,
    actor: Actor,
) -> tuple[Proposal, list[NewVisit], list[Appointment]]:
    """Propose and take places, again when somebody else was faster between the two."""
    for left in reversed(range(TRIES)):
        proposal = _proposed(uow, plan, patient, request.until, now=now)
        if request.mode is SeriesMode.ALL:
            _require_all(proposal)
        visits = _visits(proposal)
        if not visits:
            return proposal, [], []
        try:
            with uow:
                rows = add_visits(
                    uow, visits, status=AppointmentStatus.BOOKED, reason="", now=now, actor=actor
                )
                uow.commit()
        except NoCapacityError:
            if not left:
                raise
        else:
            return proposal, visits, rows
    raise AssertionError


def _require_all(proposal: Proposal) -> None:
    refused = tuple(line for line in proposal.lines() if line.offer is None)
    if refused:
        first = refused[0]
        raise SeriesRefusedError(
            f"{len(refused)} of {len(proposal.places)} doses have no place; nothing was booked."
            f" Dose {first.ordinal}: {first.sentence}",
            refused,
        )


def _proposed(
    uow: UnitOfWork, plan: TreatmentPlan, patient: Patient, until: date | None, *, now: Instant
) -> Proposal:
    require_running(plan, patient)
    facts = facts_of(uow, plan.center_id)
    today = local_day(now, facts.zone)
    rows = plans.doses_of(uow, plan.id)
    at = booked(uow, [row.id for row in rows])
    targets = _targets(uow, plan, patient, rows, taken=set(at), until=until)
    last = _last_booked(rows, at, facts)
    doses = [_dose(uow, target, today, last) for target in targets]
    needs = needs_of(patient, today)
    states = day_states(uow, facts.id, _days(doses), needs=needs, now=now)
    places = place_series(doses, list(states.values()))
    return Proposal(targets=tuple(targets), places=places, facts=facts)


def _targets(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    patient: Patient,
    rows: Sequence[PlannedDose],
    *,
    taken: set[DoseId],
    until: date | None,
) -> list[Bookable]:
    """Return the unbooked doses, those of a course together; a course that is booked in part is left."""
    facts = given.given_to(uow, plan.patient_id, plan.ingredient)
    groups: dict[object, list[PlannedDose]] = {}
    for row in rows:
        if row.state is DoseState.PLANNED and (until is None or row.due_on <= until):
            key = row.id if row.course is None else (row.phase, row.course)
            groups.setdefault(key, []).append(row)
    return [
        Bookable(
            doses=tuple(group),
            plan=plan,
            patient=patient,
            floor=floor_of(uow, plan, group[0], facts),
        )
        for group in groups.values()
        if not any(row.id in taken for row in group)
    ]


def _last_booked(
    rows: Iterable[PlannedDose], at: dict[DoseId, Instant], facts: CenterFacts
) -> dict[int, date]:
    """Return the day of each booked dose by ordinal."""
    return {row.ordinal: local_day(at[row.id], facts.zone) for row in rows if row.id in at}


def _dose(uow: UnitOfWork, target: Bookable, today: date, days: dict[int, date]) -> SeriesDose:
    dose, plan = target.first, target.plan
    floor = max([target.floor.day] if target.floor else [dose.earliest], default=dose.earliest)
    before = [day for ordinal, day in days.items() if ordinal < dose.ordinal]
    after = days_apart(phase_of(uow, plan, dose))
    if before:
        floor = max(floor, max(before) + timedelta(days=after))
    time = read_time(plan.wished_time)
    wish = Wish(
        earliest=max(dose.earliest, today),
        latest=max(dose.latest, dose.earliest),
        due=dose.due_on,
        not_before=max(floor, today),
        weekdays=read_weekdays(plan.wished_weekdays),
        times=(time,) if time else (),
    )
    return SeriesDose(
        key=dose.id,
        wish=wish,
        visits=target.profiles(wish.first_day),
        days_after_previous=after,
    )


def days_apart(phase: Phase | None) -> int:
    """Return how many days two bookings of a series lie apart at least, months of a gap counted long.

    Without a gap of its own a dose never shares a day with the one before it.
    """
    gap = phase.min_gap if phase else None
    spread = phase.spread.gap if phase and phase.spread else 1
    if gap is None or gap.start not in FOLLOWS_ANY_PLAN:
        return spread
    return max(spread, gap.span.days + LONGEST_MONTH * gap.span.months)


def _days(doses: Iterable[SeriesDose]) -> set[date]:
    """Return every day on which one of the doses could be."""
    days: set[date] = set()
    for dose in doses:
        runs_on = COURSE_RUNS_ON if len(dose.visits) > 1 else 0
        last = dose.wish.latest + timedelta(days=runs_on)
        if dose.wish.first_day <= last:
            days.update(days_between(dose.wish.first_day, last))
    return days


def _line(facts: CenterFacts, target: Bookable, place: SeriesPlace) -> SeriesLine:
    dose = target.first
    if not place.visits:
        words = place.refusal.sentence if isinstance(place.refusal, Refusal) else "No place."
        return SeriesLine(dose_id=dose.id, ordinal=dose.ordinal, sentence=words)
    profiles = target.profiles(place.visits[0].day)
    offer = line_of(facts, place.visits, profiles)
    return SeriesLine(dose_id=dose.id, ordinal=dose.ordinal, offer=offer)


def _visits(proposal: Proposal) -> list[NewVisit]:
    return [
        NewVisit(
            center_id=target.center_id,
            patient=target.patient,
            place=Place(
                starts_at=instant_at(offer.day, offer.starts, proposal.facts.zone), profile=profile
            ),
            items=(NewItem(dose_id=dose.id),),
            course=target.first.id if len(target.doses) > 1 else None,
        )
        for target, place in zip(proposal.targets, proposal.places, strict=True)
        if place.visits
        for dose, offer, profile in zip(
            target.doses, place.visits, target.profiles(place.visits[0].day), strict=True
        )
    ]


def _ask_for(uow: UnitOfWork, proposal: Proposal, *, now: Instant) -> None:
    """Raise a task for each dose without a place."""
    today = local_day(now, proposal.facts.zone)
    for target, line in zip(proposal.targets, proposal.lines(), strict=True):
        if line.offer is None:
            dose = target.first
            new = NewTask(
                center_id=target.center_id,
                patient_id=target.patient.id,
                kind=TaskKind.REBOOK,
                subject_id=dose.id,
                due_on=max(today, dose.earliest - ASK_AHEAD),
                detail=f"Find a time for dose {dose.ordinal}. {line.sentence}",
                dose_id=dose.id,
                plan_id=dose.plan_id,
            )
            raise_task(uow, new, now=now)


def _close(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rows: Sequence[Appointment],
    visits: Sequence[NewVisit],
    *,
    now: Instant,
    actor: Actor,
) -> None:
    if not rows:
        return
    owe_series(uow, plan.id, rows, now=now)
    noted(uow, rows, f"{len(rows)} visits booked.", now=now, actor=actor)
    doses = [item.dose_id for visit in visits for item in visit.items if item.dose_id]
    settle(uow, doses, now=now, actor=actor)


def _result(
    visits: Sequence[NewVisit], rows: Sequence[Appointment], refused: tuple[SeriesLine, ...]
) -> SeriesBooked:
    made = [
        SeriesVisit(dose_id=item.dose_id, appointment_id=row.id, starts_at=row.starts_at)
        for row, visit in zip(rows, visits, strict=True)
        for item in visit.items
        if item.dose_id
    ]
    return SeriesBooked(booked=tuple(made), refused=refused)


def _written(result: SeriesBooked) -> str:
    return json.dumps(
        {
            "booked": [
                [v.dose_id.hex, v.appointment_id.hex, v.starts_at.isoformat()]
                for v in result.booked
            ],
            "refused": [[r.dose_id.hex, r.ordinal, r.sentence] for r in result.refused],
        }
    )


def _read(text: str) -> SeriesBooked:
    values: dict[str, list[list[Any]]] = json.loads(text)  # what ``_written`` wrote
    return SeriesBooked(
        booked=tuple(
            SeriesVisit(
                dose_id=DoseId(id_of(dose)),
                appointment_id=AppointmentId(id_of(visit)),
                starts_at=instant_of(at),
            )
            for dose, visit, at in values["booked"]
        ),
        refused=tuple(
            SeriesLine(dose_id=DoseId(id_of(dose)), ordinal=ordinal, sentence=sentence)
            for dose, ordinal, sentence in values["refused"]
        ),
    )
