"""Two people who act at the same moment, each in a transaction of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep

from scheduler.domain.ids import OrganizationId
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork

HELD_UP = 0.4
"""Seconds in which the second person gets as far as the first one's locks let them."""


def meanwhile(
    database: Database,
    organization: OrganizationId,
    first: Callable[[UnitOfWork], object],
    second: Callable[[UnitOfWork], object],
    then: Callable[[UnitOfWork], object] = id,
) -> BaseException | None:
    """Let the second begin before the first goes on and is stored; return what refused the second, if anything."""
    uow = database.write(organization)
    with ThreadPoolExecutor(1) as pool:
        with uow:
            first(uow)
            told: Future[object] = pool.submit(second, database.write(organization))
            sleep(HELD_UP)
            then(uow)
            uow.commit()
        return told.exception()
