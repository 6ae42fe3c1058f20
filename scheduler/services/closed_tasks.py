"""Taking back within half a minute that a task was closed: it stands on the worklist as it was."""

from collections.abc import Sequence

from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import TaskId
from scheduler.persistence import patients, tasks
from scheduler.persistence.models import Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, id_of
from scheduler.services.tasks import open_again, plan_status
from scheduler.services.undoing import CHANGED_SINCE, Doing


def task_as_before(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> None:
    """Put a task back on the worklist.

    Raises:
        UndoExpiredError: it was opened again, its plan held or ended, or its patient died since.
    """
    for one in before:
        task = tasks.get(uow, TaskId(id_of(one["task"])))
        as_left = task.closed_at == doing.done_at
        if not as_left or _is_dead(uow, task) or plan_status(uow, task) != one["plan"]:
            raise UndoExpiredError(CHANGED_SINCE)
        open_again(task)
        task.outcome_note = str(one["note"])
        uow.audit(doing.actor, "reopen", "task", task.id, at=doing.now, patient_id=task.patient_id)


def _is_dead(uow: UnitOfWork, task: Task) -> bool:
    found = patients.patient(uow, task.patient_id) if task.patient_id else None
    return found is not None and found.deceased_on is not None
