"""Taking the hold or end of plans, or a death, back within half a minute: plans and tasks as they were, for the visits to follow."""

from collections.abc import Iterable, Sequence

from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import ChangeId, PatientId, PlanId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import changes, patients, tasks
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import Recalculation, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, id_of, kept, note_change
from scheduler.services.plan_corrections import restore_plan
from scheduler.services.plan_ends import Cancelled
from scheduler.services.recalculating import RecalculationLine, follow, read_lines
from scheduler.services.tasks import open_again, settle_tasks
from scheduler.services.undoing import CHANGED_SINCE, Doing

KIND = "plans changed"


def note_plans_changed(
    uow: UnitOfWork,
    plans: Iterable[TreatmentPlan],
    cancelled: Cancelled,
    words: str,
    *,
    asked: Iterable[Recalculation],
    patient_id: PatientId | None = None,
    now: Instant,
    actor: Actor,
) -> None:
    """Let the person who changed plans take it back for half a minute.

    Args:
        uow: The unit of work of the change itself, all else done.
        plans: As they were left.
        cancelled: What the change cancelled and settled.
        words: What the undo bar says; no patient's name.
        asked: The proposals that waited for a person before.
        patient_id: Who was marked deceased, if that was it.
        now: When.
        actor: Who.
    """
    uow.session.flush()
    before: list[Kept] = [{"plan": one.id.hex, "version": one.version} for one in plans]
    before += [{"cancelled": each.hex} for each in cancelled.changes]
    before += [{"task": each.hex} for each in cancelled.tasks]
    before += [{"asked": row.id.hex} for row in asked]
    before += [{"patient": patient_id.hex}] if patient_id else []
    note_change(uow, KIND, words, before, now=now, actor=actor)


def plans_as_before(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> list[list[Kept]]:
    """Put plans, doses and tasks back, and return what undo needs of each visit that the change cancelled.

    Raises:
        UndoExpiredError: a plan was changed since.
    """
    for one in before:
        if "patient" in one:
            patients.lock_patient(uow, PatientId(id_of(one["patient"]))).deceased_on = None
    for one in before:
        if "plan" in one:
            _plan_back(uow, one, doing)
    for one in before:
        if "task" in one:
            open_again(tasks.get(uow, TaskId(id_of(one["task"]))))
    uow.session.flush()
    gone = [ChangeId(id_of(one["cancelled"])) for one in before if "cancelled" in one]
    return [kept(changes.change(uow, each)) for each in gone]


def questions_back(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> None:
    """Ask again what waited for a person before, once the visits are back; their doses have the old dates until then."""
    for one in before:
        if "asked" in one:
            row = stored.recalculation(uow, PlanId(id_of(one["asked"])))
            plan = lock_plan(uow, row.plan_id)
            _old_dates(uow, plan, read_lines(row.proposal))
            follow(uow, plan, cause=row.cause, now=doing.now, actor=doing.actor)


def _old_dates(uow: UnitOfWork, plan: TreatmentPlan, lines: Iterable[RecalculationLine]) -> None:
    booked = stored.booked_doses(uow, [plan.id])
    old = {line.dose_id: line.old for line in lines if line.dose_id in booked}
    for dose in stored.doses_of(uow, plan.id):
        if dose.id in old and dose.state is DoseState.PLANNED:
            dates = old[dose.id]
            dose.due_on, dose.planned_on = dates.due_on, dates.planned_on
            dose.earliest, dose.latest = dates.earliest, dates.latest
    uow.session.flush()


def _plan_back(uow: UnitOfWork, one: Kept, doing: Doing) -> None:
    plan = lock_plan(uow, PlanId(id_of(one["plan"])))
    if plan.version != one["version"]:
        raise UndoExpiredError(CHANGED_SINCE)
    restore_plan(uow, plan, reason="undone", now=doing.now, actor=doing.actor)
    settle_tasks(
        uow,
        TaskKind.REVIEW,
        plan.id,
        TaskOutcome.NOT_NEEDED,
        now=doing.now,
        actor=doing.actor,
    )
