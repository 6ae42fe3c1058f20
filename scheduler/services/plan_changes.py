"""Holding, resuming, stopping, completing and transferring a treatment plan."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import InvalidError, StaleError
from scheduler.domain.ids import PlanId, TaskId
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import (
    LEADS_TO,
    PlanChangeKind,
    require_change,
)
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import LockedPlan, lock_plan
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.notices import void_unsent
from scheduler.services.plan_corrections import plan_task
from scheduler.services.plan_ends import (
    Cancelled,
    Consequences,
    cancel_visits,
    described,
    lost,
    settle_plan_tasks,
    visits_lost,
    voided,
)
from scheduler.services.plan_events import add_event, today_at
from scheduler.services.plan_undo import note_plans_changed
from scheduler.services.recalculating import follow
from scheduler.services.tasks import NewTask, raise_task

LONGEST_HOLD = timedelta(days=400)
WORDS = {
    PlanChangeKind.HOLD: "Plan put on hold.",
    PlanChangeKind.STOP: "Plan stopped.",
    PlanChangeKind.COMPLETE: "Plan completed.",
    PlanChangeKind.TRANSFER: "Plan transferred out.",
}
GIVES_REASON = frozenset({PlanChangeKind.HOLD, PlanChangeKind.STOP, PlanChangeKind.TRANSFER})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """A change of a whole plan.

    Args:
        plan_id: Which plan.
        kind: Hold, resume, stop, complete or transfer.
        reason: Why; needed to hold, stop and transfer.
        review_on: For a hold, the day on which somebody looks at it again.
        version: The plan's version that the person saw.
    """

    plan_id: PlanId
    kind: PlanChangeKind
    reason: str = ""
    review_on: date | None = None
    version: int | None = None


def plan_change_preview(uow: UnitOfWork, change: PlanChange, *, now: Instant) -> Consequences:
    """Say which visits a change cancels and which messages it voids; nothing is saved.

    Raises:
        PlanChangeError: the plan does not stand where this could begin.
        InvalidError: reason or review day is missing; names the field.
    """
    with uow:
        plan = stored.plan(uow, change.plan_id)
        _check(uow, plan, change, now=now)
        return _consequences(uow, plan, change, now=now)


def _check(uow: UnitOfWork, plan: TreatmentPlan, change: PlanChange, *, now: Instant) -> None:
    if change.version is not None and change.version != plan.version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    require_change(plan.status, change.kind)
    if change.kind in GIVES_REASON and not change.reason.strip():
        raise InvalidError("Say why.", field="reason")
    if change.kind is PlanChangeKind.HOLD:
        _check_review(change.review_on, today_at(uow, plan, now))


def _check_review(review_on: date | None, today: date) -> None:
    if review_on is None:
        raise InvalidError("Say on which day the hold is reviewed.", field="review_on")
    if not today < review_on <= today + LONGEST_HOLD:
        raise InvalidError(
            "The review day lies after today and within a year or so.", field="review_on"
        )


def _consequences(
    uow: UnitOfWork, plan: TreatmentPlan, change: PlanChange, *, now: Instant
) -> Consequences:
    if change.kind is PlanChangeKind.RESUME:
        return Consequences()
    doses = stored.doses_of(uow, plan.id)
    visits = visits_lost(uow, plan, until=change.review_on, now=now)
    going = lost(uow, visits, {dose.id for dose in doses})
    ends = change.kind is not PlanChangeKind.HOLD
    return Consequences(
        visits=described(uow, visits, going),
        messages=voided(
            stored.unsent_messages(
                uow,
                appointment_ids=[each for each, items in going.items() if items is None],
                plan_id=plan.id if ends else None,
            )
        ),
        doses=sum(dose.state is DoseState.PLANNED for dose in doses) if ends else 0,
        tasks=len(stored.tasks_about(uow, plan.id)) if ends else 0,
    )


def change_plan(uow: UnitOfWork, change: PlanChange, *, now: Instant, actor: Actor) -> Consequences:
    """Change a plan and everything that hangs on it in one transaction, and say what that was.

    A hold cancels the visits up to its review day; an end cancels all of them.

    Raises:
        NotAllowedError: the role may not.
        PlanChangeError, InvalidError, StaleError: as in the preview.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, change.plan_id)
        _check(uow, plan, change, now=now)
        done = _consequences(uow, plan, change, now=now)
        asked = stored.open_recalculations(uow, [plan.id])
        gone = _cancel(uow, plan, change, now=now, actor=actor)
        plan.status = LEADS_TO[change.kind]
        plan.review_on = change.review_on if change.kind is PlanChangeKind.HOLD else None
        add_event(
            uow,
            plan,
            change.kind.value,
            reason=change.reason.strip(),
            until=change.review_on,
            now=now,
            actor=actor,
        )
        settled = _settle(uow, plan, change, now=now, actor=actor)
        if change.kind is not PlanChangeKind.RESUME:  # to hold it again takes that back
            gone, words = replace(gone, tasks=settled), WORDS[change.kind]
            note_plans_changed(uow, [plan], gone, words, asked=asked, now=now, actor=actor)
        uow.commit()
        return done


def _cancel(
    uow: UnitOfWork, plan: TreatmentPlan, change: PlanChange, *, now: Instant, actor: Actor
) -> Cancelled:
    if change.kind is PlanChangeKind.RESUME:
        return Cancelled()
    hold = change.kind is PlanChangeKind.HOLD
    visits = visits_lost(uow, plan, until=change.review_on if hold else None, now=now)
    going = lost(uow, visits, {dose.id for dose in stored.doses_of(uow, plan.id)})
    if not hold:  # before the visits go: their cancellation is still told
        void_unsent(uow, plan_id=plan.id, why=f"treatment plan: {change.kind.value}", now=now)
    reason = CancellationReason.CLINICAL_HOLD if hold else CancellationReason.PLAN_ENDED
    return cancel_visits(uow, visits, going, reason, note=change.reason, now=now, actor=actor)


def _settle(
    uow: UnitOfWork, plan: LockedPlan, change: PlanChange, *, now: Instant, actor: Actor
) -> tuple[TaskId, ...]:
    if change.kind is PlanChangeKind.HOLD:
        detail = f"The plan is on hold ({change.reason.strip().rstrip('.')}): resume it, stop it, or hold it on."
        plan_task(uow, plan, TaskKind.REVIEW, change.review_on, detail, now=now)
        uow.session.flush()
        follow(uow, plan, cause="on hold", now=now, actor=actor)
        return ()
    settled = settle_plan_tasks(uow, plan.id, now=now, actor=actor)
    if change.kind is PlanChangeKind.RESUME:
        uow.session.flush()
        follow(uow, plan, cause="resumed", now=now, actor=actor)
        _ask_to_book(uow, plan, now=now)
    else:
        stored.end_doses(uow, plan.id)
        stored.supersede_recalculations(uow, plan.id, now=now)
    return settled


def _ask_to_book(uow: UnitOfWork, plan: TreatmentPlan, *, now: Instant) -> None:
    """Ask to book the plan's next dose; a hold has cancelled its visit, or it never had one."""
    booked = stored.booked_doses(uow, [plan.id])
    planned = (dose for dose in stored.doses_of(uow, plan.id) if dose.state is DoseState.PLANNED)
    dose = next(planned, None)
    if dose is None or dose.id in booked:
        return
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REBOOK,
        subject_id=dose.id,
        due_on=today_at(uow, plan, now),
        detail=f"The plan goes on: book dose {dose.ordinal}.",
        plan_id=plan.id,
        dose_id=dose.id,
    )
    raise_task(uow, new, now=now)
