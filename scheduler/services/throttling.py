"""Slowing down guesses: failed tries are counted per person, network or link, in the database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from scheduler.domain.errors import DomainError
from scheduler.domain.timing import Instant
from scheduler.persistence import staff as stored
from scheduler.persistence.encryption import keyring
from scheduler.persistence.unit_of_work import UnitOfWork

WITHIN = timedelta(minutes=15)
BLOCKED_FOR = timedelta(minutes=15)


class TooManyTriesError(DomainError):
    """Too many failed tries: wait. Says nothing on whether the person or link exists."""

    status: ClassVar[int] = 429

    def __init__(self, until: Instant, *, now: Instant) -> None:
        minutes = max(1, -(-int((until - now).total_seconds()) // 60))
        word = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many tries. Wait {minutes} {word}, then try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many tries a subject has within 15 minutes.

    Args:
        purpose: What is tried ("sign-in", "network", "birth date").
        subject: Who or what tries; stored as a keyed hash only.
        most: Tries before the next one has to wait 15 minutes.
    """

    purpose: str
    subject: str
    most: int

    @property
    def key(self) -> bytes:
        """The blind key of the row."""
        return keyring().blind(f"throttle {self.purpose}", self.subject.casefold())


def count_try(uow: UnitOfWork, limits: tuple[Limit, ...], *, now: Instant) -> None:
    """Count a try before it is looked at, so that many at once cannot slip by; commits.

    Args:
        uow: Across organizations.
        limits: Each of them has to allow it.
        now: The system's time.

    Raises:
        TooManyTriesError: one of them is used up.
    """
    with uow:
        for limit in limits:
            _count(uow, limit, now=now)
        uow.commit()


def _count(uow: UnitOfWork, limit: Limit, *, now: Instant) -> None:
    row = stored.throttle(uow, limit.key, now=now)
    if row.blocked_until is not None and row.blocked_until > now:
        raise TooManyTriesError(row.blocked_until, now=now)
    if row.blocked_until is not None or row.first_at < now - WITHIN:
        row.failures, row.first_at, row.blocked_until = 0, now, None
    row.failures += 1
    if row.failures >= limit.most:
        row.blocked_until = now + BLOCKED_FOR


def forget_tries(uow: UnitOfWork, limit: Limit) -> None:
    """Forget the tries of a subject after a right one; commits."""
    with uow:
        stored.forget_throttle(uow, limit.key)
        uow.commit()
