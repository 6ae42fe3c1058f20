"""Queries that say whether the worker is alive."""

from sqlalchemy import func, select

from scheduler.domain.timing import Instant
from scheduler.persistence.models import WorkerLease
from scheduler.persistence.unit_of_work import UnitOfWork


def last_tick(uow: UnitOfWork) -> Instant | None:
    """Return when a worker last ticked, on the system's clock."""
    return uow.session.scalar(select(func.max(WorkerLease.last_tick_at)))
