"""Queries for what every page of the desk shows."""

from sqlalchemy import bindparam, func, select

from scheduler.domain.ids import CenterId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Change, Task
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

WAITING = kept(
    select(Task.kind, func.count().label("number"))
    .where(Task.center_id == bindparam("center_id"), Task.closed_at.is_(None))
    .group_by(Task.kind)
)


def waiting(uow: UnitOfWork, center_id: CenterId) -> dict[TaskKind, int]:
    """Return how many tasks of each kind are open at a center."""
    rows = uow.session.execute(WAITING, {"center_id": center_id})
    return {row.kind: row.number for row in rows}


LAST_CHANGE = kept(
    select(Change)
    .where(
        Change.actor_id == bindparam("actor_id"),
        Change.undo_until > bindparam("now"),
        Change.undone_at.is_(None),
    )
    .order_by(Change.at.desc(), Change.id.desc())
    .limit(1)
)


def last_change(uow: UnitOfWork, actor: Actor, *, now: Instant) -> Change | None:
    """Return the actor's last change that can still be undone."""
    return uow.session.scalar(LAST_CHANGE, {"actor_id": actor.id, "now": now})
