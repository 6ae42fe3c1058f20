"""Changes that can be taken back: what undo needs is kept with each."""

import json
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from scheduler.domain.ids import ChangeId, StaffId
from scheduler.domain.roles import Actor, ActorKind
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Change
from scheduler.persistence.unit_of_work import UnitOfWork

UNDO_FOR = timedelta(seconds=30)
WORDS = 160

Kept: TypeAlias = dict[str, str | int | bool | None]
"""One thing as it was before the change."""


def note_change(
    uow: UnitOfWork, kind: str, words: str, before: list[Kept], *, now: Instant, actor: Actor
) -> ChangeId:
    """Keep a change with what it was before, so that its author may undo it for 30 seconds.

    Args:
        uow: The unit of work of the change itself.
        kind: What undo has to take back ("booked", "moved").
        words: What the undo bar says; no patient's name.
        before: What undo puts back.
        now: When.
        actor: Who.
    """
    row = Change(
        actor_kind=actor.kind,
        actor_id=StaffId(actor.id) if actor.id and actor.kind is ActorKind.STAFF else None,
        kind=kind,
        words=words[:WORDS],
        before=json.dumps(before),
        at=now,
        undo_until=now + UNDO_FOR,
    )
    uow.add(row)
    return row.id


def kept(change: Change) -> list[Kept]:
    """Return what was before a change."""
    found: list[Kept] = json.loads(change.before or "[]")
    return found


def instant_of(value: object) -> Instant:
    """Return an instant that was kept."""
    return datetime.fromisoformat(str(value))


def id_of(value: object) -> UUID:
    """Return an id that was kept."""
    return UUID(str(value))
