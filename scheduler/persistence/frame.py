"""Queries for what every page of the desk shows."""

from sqlalchemy import func, select

from scheduler.domain.ids import CenterId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Change, Task
from scheduler.persistence.unit_of_work import UnitOfWork


def waiting(uow: UnitOfWork, center_id: CenterId) -> dict[TaskKind, int]:
    """Return how many tasks of each kind are open at a center."""
    wanted = (
        select(Task.kind, func.count().label("number"))
        .where(Task.center_id == center_id, Task.closed_at.is_(None))
        .group_by(Task.kind)
    )
    return {row.kind: row.number for row in uow.session.execute(wanted)}


def last_change(uow: UnitOfWork, actor: Actor, *, now: Instant) -> Change | None:
    """Return the actor's last change that can still be undone."""
    mine = (Change.actor_id == actor.id, Change.undo_until > now, Change.undone_at.is_(None))
    wanted = select(Change).where(*mine).order_by(Change.at.desc(), Change.id.desc()).limit(1)
    return uow.session.scalar(wanted)
