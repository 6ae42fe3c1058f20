"""Tasks that ask for a booking of a dose: answered by booking, moving or giving it, open again when that is undone."""

from collections.abc import Iterable

from scheduler.domain.ids import DoseId
from scheduler.domain.people import TaskOutcome
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments, tasks
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.tasks import open_again, settle_tasks


def answer_wanted(
    uow: UnitOfWork,
    dose_ids: Iterable[DoseId],
    outcome: TaskOutcome = TaskOutcome.BOOKED,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    """Close the tasks that asked for a booking of these doses; the caller commits."""
    for kind, dose_id in appointments.wanted_bookings(uow, dose_ids):
        settle_tasks(uow, kind, dose_id, outcome, now=now, actor=actor)


def ask_again(uow: UnitOfWork, dose_ids: Iterable[DoseId], *, closed_at: Instant) -> None:
    """Open the tasks again that a booking or a move at that instant had answered; the caller commits."""
    for task in tasks.booked_at(uow, list(dose_ids), closed_at):
        open_again(task)
