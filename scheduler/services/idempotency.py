"""A double press or a repeated call happens once: the first answer is given again."""

import hashlib

from scheduler.domain.errors import InvalidError
from scheduler.domain.timing import Instant
from scheduler.persistence import idempotency as stored
from scheduler.persistence.models import IdempotencyKey
from scheduler.persistence.unit_of_work import UnitOfWork

LONGEST = 80


def answered(uow: UnitOfWork, key: str | None, request: object) -> str | None:
    """Return what a key was answered with, None when it is new.

    Raises:
        InvalidError: the key is too long, or came with another request before.
    """
    if not key:
        return None
    if len(key) > LONGEST:
        raise InvalidError(f"A key has at most {LONGEST} characters.", field="idempotency_key")
    row = stored.key(uow, key)
    if row is None:
        return None
    if row.request_hash != _hash(request):
        raise InvalidError(
            "This key was used for another request; take a new one.", field="idempotency_key"
        )
    return row.result


def remember(
    uow: UnitOfWork, key: str | None, request: object, result: str, *, now: Instant
) -> None:
    """Keep what a key was answered with."""
    if key:
        row = IdempotencyKey(key=key, request_hash=_hash(request), result=result, created_at=now)
        uow.add(row)


def _hash(request: object) -> bytes:
    return hashlib.sha256(repr(request).encode()).digest()
