"""Booking a whole series at once: all of it, or explicitly the doses that fit, the rest becoming tasks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from scheduler.domain.counting import counted
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, instant_at, local_day
from scheduler.persistence import organizations, patients, plans
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import Appointment, Patient, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import TENTATIVE, Unauthorized, settle_status
from scheduler.services.changes import id_of, instant_of
from scheduler.services.idempotency import answered, remember
from scheduler.services.new_visits import (
    NewItem,
    NewVisit,
    noted,
    store_series,
    take_places,
)
from scheduler.services.notices import owe_series
from scheduler.services.series_proposal import Proposal, SeriesLine, proposed
from scheduler.services.tasks import NewTask, raise_task
from scheduler.services.visit_places import Place
from scheduler.services.wanted_bookings import answer_wanted

TRIES = 3
ASK_AHEAD = timedelta(days=14)


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
        return proposed(uow, plan, patient, until, now=now).lines


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
        plan = lock_plan(uow, request.plan_id)
        patient = patients.patient(uow, plan.patient_id)
        known = answered(uow, request.idempotency_key, request)
        if known is not None:
            return _read(known)
        proposal, visits, rows = _booked(uow, request, plan, patient, now=now, actor=actor)
        refused = tuple(line for line in proposal.lines if line.offer is None)
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
    """Propose and take places, again when somebody else was faster between the two.

    On SQLite nobody is: the writer holds everything, so one try needs no savepoint.
    """
    for left in reversed(range(TRIES)):
        proposal = proposed(uow, plan, patient, request.until, now=now, explained=False)
        if request.mode is SeriesMode.ALL:
            _require_all(proposal)
        visits = _visits(proposal)
        if not visits:
            return proposal, [], []
        if not uow.is_postgresql:
            return proposal, visits, _stored(uow, proposal, visits, now=now, actor=actor)
        try:
            with uow:
                rows = _stored(uow, proposal, visits, now=now, actor=actor)
                uow.commit()
        except NoCapacityError:
            if not left:
                raise
        else:
            return proposal, visits, rows
    raise AssertionError


def _stored(
    uow: UnitOfWork, proposal: Proposal, visits: Sequence[NewVisit], *, now: Instant, actor: Actor
) -> list[Appointment]:
    """Store the visits; the proposal has kept away from every other visit of the patient."""
    placed = take_places(uow, visits, now=now, actor=actor)
    _tentative(uow, proposal, visits, placed.rows)
    store_series(uow, placed)
    return placed.rows


def _tentative(
    uow: UnitOfWork,
    proposal: Proposal,
    visits: Sequence[NewVisit],
    rows: Sequence[Appointment],
) -> None:
    """Hold the places that no prior authorization covers without promising them, if that was chosen."""
    said = {line.dose_id: line.unauthorized for line in proposal.lines if line.unauthorized}
    if not said or organizations.organization(uow).unauthorized != Unauthorized.TENTATIVE:
        return
    for row, visit in zip(rows, visits, strict=True):
        first = visit.course or next((item.dose_id for item in visit.items if item.dose_id), None)
        if first in said:
            settle_status(row, f"{TENTATIVE}{said[first]}")


def _require_all(proposal: Proposal) -> None:
    refused = tuple(line for line in proposal.lines if line.offer is None)
    if refused:
        first = refused[0]
        raise SeriesRefusedError(
            f"{len(refused)} of {len(proposal.places)} doses have no place; nothing was booked."
            f" Dose {first.ordinal}: {first.sentence}",
            refused,
        )


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
        for target, place, profiles in zip(
            proposal.targets, proposal.places, proposal.profiles, strict=True
        )
        if place.visits
        for dose, offer, profile in zip(target.doses, place.visits, profiles, strict=True)
    ]


def _ask_for(uow: UnitOfWork, proposal: Proposal, *, now: Instant) -> None:
    """Raise a task for each dose without a place."""
    today = local_day(now, proposal.facts.zone)
    for target, line in zip(proposal.targets, proposal.lines, strict=True):
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
    noted(uow, rows, f"{counted(len(rows), 'visit')} booked.", now=now, actor=actor)
    doses = [item.dose_id for visit in visits for item in visit.items if item.dose_id]
    answer_wanted(uow, doses, now=now, actor=actor)


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
