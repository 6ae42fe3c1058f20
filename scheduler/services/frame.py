"""What every page of the desk shows around its content: how much waits, what can be undone."""

from dataclasses import dataclass

from scheduler.domain.ids import CenterId, ChangeId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import frame as stored
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.tasks import concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """The person's own last change while it can be undone; seconds that are left."""

    change_id: ChangeId
    words: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Numbers beside the links and the undo bar."""

    tasks: int
    undeliverable: int
    undo: Undoable | None


def frame_of(uow: UnitOfWork, center_id: CenterId, *, now: Instant, actor: Actor) -> Frame:
    """Return the frame in two queries."""
    with uow:
        waiting = stored.waiting(uow, center_id)
        change = stored.last_change(uow, actor, now=now)
        undo = None
        if change is not None:
            left = int((change.undo_until - now).total_seconds())
            undo = Undoable(change_id=change.id, words=change.words, seconds=left)
    return Frame(
        tasks=sum(number for kind, number in waiting.items() if concerns(kind, actor)),
        undeliverable=waiting.get(TaskKind.UNDELIVERABLE, 0),
        undo=undo,
    )
