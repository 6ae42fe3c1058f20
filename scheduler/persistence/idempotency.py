"""Queries on idempotency keys."""

from sqlalchemy import select

from scheduler.persistence.models import IdempotencyKey
from scheduler.persistence.unit_of_work import UnitOfWork


def key(uow: UnitOfWork, text: str) -> IdempotencyKey | None:
    """Return a key of the organization that was used before."""
    return uow.session.scalar(select(IdempotencyKey).where(IdempotencyKey.key == text))
