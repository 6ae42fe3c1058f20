"""Correcting the last change of a treatment plan: it goes on, and tasks ask to book its visits again."""

from datetime import date

from scheduler.domain.ids import PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import (
    CORRECTED,
    RUNNING,
    LifeEvent,
    PlanChangeError,
    in_force,
    last_change,
    status_after,
)
from scheduler.domain.plans import PlanStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import LockedPlan, lock_plan
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_events import add_event, today_at
from scheduler.services.recalculating import follow
from scheduler.services.tasks import NewTask, raise_task


def correct_plan_change(
    uow: UnitOfWork, plan_id: PlanId, *, reason: str, now: Instant, actor: Actor
) -> PlanStatus:
    """Take back the last change of a plan, and return where it stands then.

    The doses are planned again; visits that were cancelled stay so, and a task asks to book them.

    Raises:
        PlanChangeError: there is nothing to take back, or the patient is marked deceased.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, plan_id)
        if patients.patient(uow, plan.patient_id).deceased_on is not None:
            raise PlanChangeError("The patient is marked deceased; correct that instead.")
        take_back(uow, plan, reason=reason, now=now, actor=actor)
        uow.commit()
        return plan.status


def take_back(
    uow: UnitOfWork, plan: LockedPlan, *, reason: str, now: Instant, actor: Actor
) -> None:
    """Take back the last change of a plan, and ask to book again what that had cancelled.

    Raises:
        PlanChangeError: there is nothing to take back.
    """
    restore_plan(uow, plan, reason=reason, now=now, actor=actor)
    if plan.status in RUNNING:
        detail = "A change of the plan was taken back: book the visits it had cancelled again."
        plan_task(uow, plan, TaskKind.REBOOK, None, detail, now=now)


def restore_plan(
    uow: UnitOfWork, plan: LockedPlan, *, reason: str, now: Instant, actor: Actor
) -> None:
    """Take back the last change of a plan inside somebody else's transaction, without its visits.

    Raises:
        PlanChangeError: there is nothing to take back.
    """
    rows = stored.events_of(uow, [plan.id])
    life = [LifeEvent(id=row.id, kind=row.kind, corrects=row.corrects) for row in rows]
    last = last_change(life)
    if last is None:
        raise PlanChangeError("Nothing was changed in this plan that could be taken back.")
    plan.status = status_after([each for each in life if each.id != last.id])
    turns = [each.id for each in in_force(life) if each.id != last.id]
    # what was noted between, such as another version, has no day of its own
    plan.review_on = next((row.until for row in rows if row.id in turns[-1:]), None)
    add_event(uow, plan, CORRECTED, reason=reason, corrects=PlanId(last.id), now=now, actor=actor)
    if plan.status in RUNNING:
        uow.session.flush()
        follow(uow, plan, cause="corrected", now=now, actor=actor)


def plan_task(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    kind: TaskKind,
    due_on: date | None,
    detail: str,
    *,
    now: Instant,
) -> None:
    """Raise a task about a plan, due today unless a day is named."""
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=kind,
        subject_id=plan.id,
        due_on=due_on or today_at(uow, plan, now),
        detail=detail,
        plan_id=plan.id,
    )
    raise_task(uow, new, now=now)
