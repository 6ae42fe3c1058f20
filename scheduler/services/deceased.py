"""Marking a patient deceased: every plan ends, every visit goes, nothing more is sent; and correcting that."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import InvalidError, StaleError
from scheduler.domain.ids import PatientId, TaskId
from scheduler.domain.plan_life import DECEASED, LifeEvent, PlanChangeError, last_change
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import Appointment, Patient, TreatmentPlan
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.notices import void_unsent
from scheduler.services.plan_corrections import take_back
from scheduler.services.plan_ends import (
    Consequences,
    cancel_visits,
    described,
    settle_plan_tasks,
    voided,
)
from scheduler.services.plan_events import add_event
from scheduler.services.plan_undo import note_plans_changed
from scheduler.services.today import today_here


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDeceased:
    """That a patient died: the day, and who said so."""

    patient_id: PatientId
    deceased_on: date
    told_by: str = ""
    version: int | None = None


def deceased_preview(uow: UnitOfWork, patient_id: PatientId, *, now: Instant) -> Consequences:
    """Say which visits would be cancelled and which messages voided; nothing is saved."""
    with uow:
        patients.patient(uow, patient_id)
        visits = _visits(uow, patient_id, now=now)
        plans = [plan.id for plan in stored.running_plans(uow, patient_id)]
        doses = stored.doses_of(uow, *plans)
        return Consequences(
            visits=described(uow, visits, {visit.id: None for visit in visits}),
            messages=voided(stored.unsent_messages(uow, patient_id=patient_id)),
            doses=sum(dose.state is DoseState.PLANNED for dose in doses),
            tasks=sum(len(stored.tasks_about(uow, each)) for each in plans),
        )


def _visits(uow: UnitOfWork, patient_id: PatientId, *, now: Instant) -> list[Appointment]:
    # also those of this morning that nobody came to
    since = now - timedelta(hours=12)
    return stored.upcoming_visits(uow, after=since, patient_id=patient_id)


def mark_deceased(
    uow: UnitOfWork, request: MarkDeceased, *, now: Instant, actor: Actor
) -> Consequences:
    """Mark a patient deceased: cancel visits, end plans, void every unsent message, in one transaction.

    Raises:
        InvalidError: the day is in the future.
        PlanChangeError: it is marked already.
        StaleError: somebody changed the patient since the form was opened.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        row = patients.lock_patient(uow, request.patient_id)
        _check(row, request, today=today_here(uow, now))
        done = deceased_preview(uow, row.id, now=now)
        plans = stored.running_plans(uow, row.id)
        asked = stored.open_recalculations(uow, [plan.id for plan in plans])
        row.deceased_on, visits = request.deceased_on, _visits(uow, row.id, now=now)
        going = dict.fromkeys(visit.id for visit in visits)
        gone = cancel_visits(
            uow, visits, going, CancellationReason.DECEASED, note="", now=now, actor=actor
        )
        settled = [each for plan in plans for each in _end(uow, plan, now=now, actor=actor)]
        void_unsent(uow, patient_id=row.id, why="the patient died", now=now)
        _note(uow, row, "marked deceased", request.told_by, now=now, actor=actor)
        note_plans_changed(
            uow,
            plans,
            replace(gone, tasks=tuple(settled)),
            "Marked deceased.",
            asked=asked,
            patient_id=row.id,
            now=now,
            actor=actor,
        )
        uow.commit()
        return done


def _check(row: Patient, request: MarkDeceased, *, today: date) -> None:
    if request.version is not None and row.version != request.version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    if row.deceased_on is not None:
        raise PlanChangeError("The patient is marked deceased already.")
    if not row.birth_date <= request.deceased_on <= today:
        raise InvalidError("The day lies in the future or before the birth.", field="deceased_on")


def _end(uow: UnitOfWork, plan: TreatmentPlan, *, now: Instant, actor: Actor) -> tuple[TaskId, ...]:
    plan.status = PlanStatus.STOPPED
    add_event(uow, plan, DECEASED, reason="", now=now, actor=actor)
    stored.end_doses(uow, plan.id)
    stored.supersede_recalculations(uow, plan.id, now=now)
    return settle_plan_tasks(uow, plan.id, now=now, actor=actor)


def _note(
    uow: UnitOfWork, row: Patient, action: str, words: str, *, now: Instant, actor: Actor
) -> None:
    uow.audit(actor, action, "patient", row.id, at=now, patient_id=row.id, after=words)


def correct_deceased(
    uow: UnitOfWork, patient_id: PatientId, *, reason: str, now: Instant, actor: Actor
) -> None:
    """Take back that a patient died: the plans it ended go on, and tasks ask to book the visits again.

    Raises:
        PlanChangeError: the patient is not marked deceased.
        InvalidError: no reason is given.
    """
    actor.require(Permission.EDIT_PATIENT)
    if not reason.strip():
        raise InvalidError("Say why.", field="reason")
    with uow:
        row = patients.lock_patient(uow, patient_id)
        if row.deceased_on is None:
            raise PlanChangeError("The patient is not marked deceased.")
        row.deceased_on = None
        for plan in stored.plans_of(uow, patient_id):
            if _ended_by_death(uow, plan):
                take_back(uow, lock_plan(uow, plan.id), reason=reason, now=now, actor=actor)
        _note(uow, row, "deceased corrected", reason, now=now, actor=actor)
        uow.commit()


def _ended_by_death(uow: UnitOfWork, plan: TreatmentPlan) -> bool:
    rows = stored.events_of(uow, [plan.id])
    life = [LifeEvent(id=row.id, kind=row.kind, corrects=row.corrects) for row in rows]
    last = last_change(life)
    return last is not None and last.kind == DECEASED
