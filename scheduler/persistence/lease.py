"""The lease that elects the one active worker, on the database's own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from scheduler.domain.timing import Instant
from scheduler.persistence.models import WorkerLease
from scheduler.persistence.unit_of_work import UnitOfWork

WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTaken:
    """Whether the lease is held now, and whether it came from another holder."""

    held: bool
    taken_over: bool = False


def database_now(uow: UnitOfWork) -> Instant:
    """Return the database's time: machines' clocks differ, and all of them ask the same database."""
    if uow.is_postgresql:
        found = uow.session.scalar(sa.select(sa.func.clock_timestamp()))
        assert isinstance(found, datetime)  # noqa: S101 - what the function returns
        return found.astimezone(UTC)
    text = uow.session.scalar(sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


def take_lease(uow: UnitOfWork, holder: str, *, lasts: timedelta) -> LeaseTaken:
    """Take or renew the lease; not while another holder's still runs. Commits."""
    with uow:
        now = database_now(uow)
        row = _locked(uow)
        if row is None:
            row = WorkerLease(name=WORKER, holder=holder, expires_at=now, ticks=0)
            uow.session.add(row)
        elif row.holder != holder and row.expires_at > now:
            return LeaseTaken(held=False)
        taken_over = row.holder != holder
        row.holder, row.expires_at, row.last_tick_at = holder, now + lasts, now
        row.ticks += 1
        uow.commit()
        return LeaseTaken(held=True, taken_over=taken_over)


def give_up_lease(uow: UnitOfWork, holder: str) -> None:
    """Let the lease end now, so that a worker standing by need not wait for it to run out."""
    with uow:
        row = _locked(uow)
        if row is not None and row.holder == holder:
            row.expires_at = database_now(uow)
        uow.commit()


def last_tick(uow: UnitOfWork) -> tuple[Instant | None, Instant]:
    """Return when the active worker last showed life, and the database's time."""
    with uow:
        row = uow.session.get(WorkerLease, WORKER)
        return (row.last_tick_at if row else None), database_now(uow)


def is_held(uow: UnitOfWork) -> bool:
    """Say whether a worker is at work on this database; False where there is nothing to read yet."""
    with uow:
        try:
            row = uow.session.get(WorkerLease, WORKER)
        except sa.exc.DBAPIError:
            return False
        return row is not None and row.expires_at > database_now(uow)


def _locked(uow: UnitOfWork) -> WorkerLease | None:
    wanted = sa.select(WorkerLease).where(WorkerLease.name == WORKER).with_for_update()
    return uow.session.scalar(wanted)
