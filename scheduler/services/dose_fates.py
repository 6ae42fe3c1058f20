"""What a person says became of a dose: missed, left out, or to be given after all; the plan follows its rule."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.domain.dates import due
from scheduler.domain.doses import DoseStatus
from scheduler.domain.errors import AlreadyBookedError, InvalidError, NotFoundError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState
from scheduler.domain.regimen import MissedAction
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_events import today_at
from scheduler.services.plan_facts import RUNNING
from scheduler.services.plans import regimen_of_plan, resolve_plan
from scheduler.services.recalculating import Followed, follow
from scheduler.services.recorded import keep_record, remembered
from scheduler.services.tasks import NewTask, raise_task, settle_tasks


class Fate(StrEnum):
    """What became of a dose: not given on its day, left out for good, or due again after all."""

    MISSED = "missed"
    LEFT_OUT = "left_out"
    DUE_AGAIN = "due_again"


WORDS = {Fate.MISSED: "missed", Fate.LEFT_OUT: "left out", Fate.DUE_AGAIN: "due again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDose:
    """A dose of a plan and what became of it; ``reason`` is needed for all three."""

    plan_id: PlanId
    dose_id: DoseId
    fate: Fate
    reason: str = ""


def settle_dose(uow: UnitOfWork, request: SettleDose, *, now: Instant, actor: Actor) -> Followed:
    """Mark a dose missed or left out, or take that back; the rest follows by the phase's own rule.

    A missed one is caught up, skipped, given until its last day, or left to a person, as the regimen says.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the plan has no such dose.
        InvalidError: it was given, or its day is to come, or no reason is said; names the field.
        AlreadyBookedError: it is booked; that visit comes first.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        dose = stored.dose(uow, request.dose_id)
        _check(uow, plan, dose, request, today=today_at(uow, plan, now))
        kept, before = remembered(dose), dose.state.value
        _write(uow, plan, dose, request.fate, now=now)
        uow.audit(
            actor,
            f"marked {WORDS[request.fate]}",
            "planned dose",
            dose.id,
            at=now,
            patient_id=plan.patient_id,
            before=before,
            after=dose.state.value,
            reason=request.reason.strip(),
        )
        followed = follow(uow, plan, cause=WORDS[request.fate], now=now, actor=actor)
        _ask(uow, plan, dose, now=now, actor=actor)
        words = f"Dose {dose.ordinal} marked {WORDS[request.fate]}."
        keep_record(uow, words, [kept], now=now, actor=actor, patient_id=plan.patient_id)
        uow.commit()
        return followed


def _check(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    dose: PlannedDose,
    request: SettleDose,
    *,
    today: date,
) -> None:
    if dose.plan_id != plan.id:
        raise NotFoundError("dose")
    if plan.status not in RUNNING:
        raise InvalidError("The treatment plan has ended.", field="fate")
    if request.fate is Fate.DUE_AGAIN:
        if dose.state is not DoseState.SKIPPED and dose.missed_at is None:
            raise InvalidError("This dose is due already.", field="fate")
    else:
        _check_due(uow, dose, request.fate, today=today)
    if not request.reason.strip():
        raise InvalidError("Say why.", field="reason")


def _check_due(uow: UnitOfWork, dose: PlannedDose, fate: Fate, *, today: date) -> None:
    if dose.state is not DoseState.PLANNED:
        raise InvalidError("This dose is not due any more.", field="fate")
    if dose.id in stored.booked_doses(uow, [dose.plan_id]):
        raise AlreadyBookedError("This dose is booked; cancel that visit, or say what came of it.")
    if fate is Fate.MISSED and min(dose.due_on, dose.planned_day or dose.due_on) > today:
        raise InvalidError("Its day is still to come; leave it out, or wait.", field="fate")


def _write(
    uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose, fate: Fate, *, now: Instant
) -> None:
    """Give the dose its state; a missed one whose rule leaves it out is skipped like one left out."""
    dose.missed_at = now if fate is Fate.MISSED else None
    dose.state = DoseState.SKIPPED if fate is Fate.LEFT_OUT else DoseState.PLANNED
    uow.session.flush()
    if fate is Fate.MISSED and _falls_out(uow, plan, dose, now=now):
        dose.state = DoseState.SKIPPED
        uow.session.flush()


def _falls_out(uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose, *, now: Instant) -> bool:
    rule = regimen_of_plan(uow, plan).phase(dose.phase).missed
    until = rule.until if rule.action is MissedAction.GIVE_UNTIL else None
    if until is not None and today_at(uow, plan, now) > due(dose.due_on, until, 1):
        return True
    return resolve_plan(uow, plan).dose(dose.ordinal) is None


def _ask(
    uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose, *, now: Instant, actor: Actor
) -> None:
    """Ask a person to catch up a missed dose, or to decide; nobody is asked about one that is left out."""
    if dose.state is DoseState.SKIPPED:
        for kind in (TaskKind.REBOOK, TaskKind.REVIEW):
            settle_tasks(uow, kind, dose.id, TaskOutcome.NOT_NEEDED, now=now, actor=actor)
        return
    if dose.missed_at is None:
        return
    manual = dose.engine_status == DoseStatus.MANUAL
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REVIEW if manual else TaskKind.REBOOK,
        subject_id=dose.id,
        due_on=today_at(uow, plan, now),
        detail=f"Dose {dose.ordinal} was missed: {DECIDE if manual else CATCH_UP}",
        dose_id=dose.id,
        plan_id=plan.id,
    )
    raise_task(uow, new, now=now)


DECIDE = "no rule says how to catch up; ask the prescriber, then book it or leave it out."
CATCH_UP = "book it as soon as possible."
