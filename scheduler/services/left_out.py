"""Doses that a plan's series no longer has, or has again: those not booked end or are planned, booked ones ask a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from scheduler.domain.doses import Series
from scheduler.domain.ids import DoseId, PlanId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plan_life import RUNNING
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence import waiting
from scheduler.persistence.models import PlannedDose, TreatmentPlan
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plans import course_of, series_of
from scheduler.services.tasks import NewTask, raise_task, settle_tasks

# a series that is only late reaches each of its doses again within so long after its horizon
FAR = timedelta(days=3650)
LEAD = "left out "


def plan_again(plan: TreatmentPlan, rows: Sequence[PlannedDose], series: Series) -> bool:
    """Plan doses again that had ended, once the series of a running plan lays them out; say whether there are any."""
    there = {dose.ordinal for dose in series.doses} if plan.status in RUNNING else set()
    ended = [row for row in rows if row.state is DoseState.ENDED and row.ordinal in there]
    for row in ended:
        row.state = DoseState.PLANNED
    return bool(ended)


def end_left_out(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rows: Sequence[PlannedDose],
    series: Series,
    booked: Mapping[DoseId, BookedDose],
    *,
    now: Instant,
    actor: Actor,
) -> None:
    """End the doses to come that the series no longer has; one that is booked stays, and a task asks what becomes of it.

    A phase at home that takes over leaves no infusions here, and one that ends on a day has fewer once they are late.
    """
    gone = _left_out(uow, plan, rows, series)
    for row in gone:
        if row.id in booked:
            visit_id = booked[row.id].appointment_id
            raise_task(uow, replace(_question(plan, row), appointment_id=visit_id), now=now)
        else:
            row.state = DoseState.ENDED
    ended = {row.id for row in gone if row.id not in booked}
    settle_ended(uow, plan.id, ended, now=now, actor=actor)


def settle_freed(uow: UnitOfWork, plan_id: PlanId, *, now: Instant, actor: Actor) -> None:
    """Close what asked about doses of a plan whose visits are gone: they have ended, or the plan has them again."""
    for task in waiting.reviews_without_visit(uow, LEAD):
        if task.plan_id == plan_id:
            done, lead = TaskOutcome.DONE, task.lead
            settle_tasks(uow, task.kind, task.subject_id, done, now=now, actor=actor, lead=lead)


def _left_out(
    uow: UnitOfWork, plan: TreatmentPlan, rows: Sequence[PlannedDose], series: Series
) -> list[PlannedDose]:
    """Return the doses to come that the series does not have, however far it is laid out."""
    there = {dose.ordinal for dose in series.doses}
    missing = [r for r in rows if r.state is DoseState.PLANNED and r.ordinal not in there]
    if not missing:
        return []
    course = course_of(uow, plan, rows)
    far = series_of(uow, replace(course, until=course.until + FAR))
    later = {dose.ordinal for dose in far.doses}
    return [row for row in missing if row.ordinal not in later]


def _question(plan: TreatmentPlan, row: PlannedDose) -> NewTask:
    return NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=row.id,
        lead=f"{LEAD}{row.ordinal}",
        due_on=row.planned_on or row.due_on,
        detail=f"Dose {row.ordinal} is booked, but the plan no longer has it. Ask the prescriber, and cancel its visit"
        " if it is not wanted.",
        dose_id=row.id,
        plan_id=plan.id,
    )


def settle_ended(
    uow: UnitOfWork, plan_id: PlanId, ended: Collection[DoseId], *, now: Instant, actor: Actor
) -> list[TaskId]:
    """Close what asked for doses of a plan that have ended, and return which tasks those were; the caller commits."""
    about = stored.tasks_about(uow, plan_id) if ended else []
    done = [task for task in about if task.dose_id in ended]
    for task in done:
        gone, lead = TaskOutcome.NOT_NEEDED, task.lead
        settle_tasks(uow, task.kind, task.subject_id, gone, now=now, actor=actor, lead=lead)
    return [task.id for task in done]
