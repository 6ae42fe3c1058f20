"""A double press or a repeated call happens once: the first answer is given again."""

import hashlib
from collections.abc import Set
from dataclasses import fields, is_dataclass

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
    return hashlib.sha256(_written(request).encode()).digest()


def _written(value: object) -> str:
    """Return a request as text; the same in every process, whatever order its sets happen to have there."""
    if is_dataclass(value):
        parts = [f"{each.name}={_written(getattr(value, each.name))}" for each in fields(value)]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Set):
        return f"{{{', '.join(sorted(map(_written, value)))}}}"
    if isinstance(value, dict):
        return _written({(_written(key), _written(one)) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_written, value))})"
    return repr(value)
