"""Holding, resuming, stopping, completing and transferring a treatment plan, and taking that back."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import InvalidError, StaleError
from scheduler.domain.ids import PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import (
    CORRECTED,
    LEADS_TO,
    RUNNING,
    LifeEvent,
    PlanChangeError,
    PlanChangeKind,
    last_change,
    require_change,
    status_after,
)
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.notices import void_unsent
from scheduler.services.plan_ends import (
    Consequences,
    cancel_visits,
    described,
    lost,
    settle_plan_tasks,
    visits_lost,
    voided,
)
from scheduler.services.plan_events import add_event, today_at
from scheduler.services.recalculating import follow
from scheduler.services.tasks import NewTask, raise_task

LONGEST_HOLD = timedelta(days=400)
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
        visits=described(visits, going),
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
        plan = stored.plan(uow, change.plan_id)
        patients.lock_patient(uow, plan.patient_id)
        _check(uow, plan, change, now=now)
        done = _consequences(uow, plan, change, now=now)
        _cancel(uow, plan, change, now=now, actor=actor)
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
        _settle(uow, plan, change, now=now, actor=actor)
        uow.commit()
        return done


def _cancel(
    uow: UnitOfWork, plan: TreatmentPlan, change: PlanChange, *, now: Instant, actor: Actor
) -> None:
    if change.kind is PlanChangeKind.RESUME:
        return
    hold = change.kind is PlanChangeKind.HOLD
    visits = visits_lost(uow, plan, until=change.review_on if hold else None, now=now)
    going = lost(uow, visits, {dose.id for dose in stored.doses_of(uow, plan.id)})
    if not hold:  # before the visits go: their cancellation is still told
        void_unsent(uow, plan_id=plan.id, why=f"treatment plan: {change.kind.value}", now=now)
    reason = CancellationReason.CLINICAL_HOLD if hold else CancellationReason.PLAN_ENDED
    cancel_visits(uow, visits, going, reason, note=change.reason, now=now, actor=actor)


def _settle(
    uow: UnitOfWork, plan: TreatmentPlan, change: PlanChange, *, now: Instant, actor: Actor
) -> None:
    if change.kind is PlanChangeKind.HOLD:
        detail = (
            f"The plan is on hold ({change.reason.strip()}): resume it, stop it, or hold it on."
        )
        _task(uow, plan, TaskKind.REVIEW, change.review_on, detail, now=now)
        uow.session.flush()
        follow(uow, plan, cause="on hold", now=now, actor=actor)
        return
    settle_plan_tasks(uow, plan.id, now=now, actor=actor)
    if change.kind is PlanChangeKind.RESUME:
        uow.session.flush()
        follow(uow, plan, cause="resumed", now=now, actor=actor)
        _ask_to_book(uow, plan, now=now)
    else:
        stored.end_doses(uow, plan.id)
        stored.supersede_recalculations(uow, plan.id, now=now)


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


def _task(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    kind: TaskKind,
    due_on: date | None,
    detail: str,
    *,
    now: Instant,
) -> None:
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
        plan = stored.plan(uow, plan_id)
        if patients.lock_patient(uow, plan.patient_id).deceased_on is not None:
            raise PlanChangeError("The patient is marked deceased; correct that instead.")
        take_back(uow, plan, reason=reason, now=now, actor=actor)
        uow.commit()
        return plan.status


def take_back(
    uow: UnitOfWork, plan: TreatmentPlan, *, reason: str, now: Instant, actor: Actor
) -> None:
    """Take back the last change of a plan inside somebody else's transaction.

    Raises:
        PlanChangeError: there is nothing to take back.
    """
    rows = stored.events_of(uow, [plan.id])
    life = [LifeEvent(id=row.id, kind=row.kind, corrects=row.corrects) for row in rows]
    last = last_change(life)
    if last is None:
        raise PlanChangeError("Nothing was changed in this plan that could be taken back.")
    plan.status = status_after([each for each in life if each.id != last.id])
    plan.review_on = next((row.until for row in reversed(rows) if row.id != last.id), None)
    add_event(uow, plan, CORRECTED, reason=reason, corrects=PlanId(last.id), now=now, actor=actor)
    if plan.status in RUNNING:
        stored.reopen_doses(uow, plan.id)
        uow.session.flush()
        follow(uow, plan, cause="corrected", now=now, actor=actor)
        detail = "A change of the plan was taken back: book the visits it had cancelled again."
        _task(uow, plan, TaskKind.REBOOK, None, detail, now=now)
