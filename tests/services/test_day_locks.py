"""Days that are booked for the first time by several desks at once, on PostgreSQL, where rows are locked one by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
import sqlalchemy as sa

from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.persistence.database import Database
from scheduler.services.days import lock_day, lock_days
from tests.factories.center import make_world
from tests.factories.people import make_organization

NEW, KNOWN = date(2026, 3, 23), date(2026, 3, 24)
pytestmark = pytest.mark.postgresql


@pytest.fixture
def organization(postgres_database: Database) -> OrganizationId:
    return make_organization(postgres_database)


@pytest.fixture
def center_id(postgres_database: Database, organization: OrganizationId) -> CenterId:
    """A center of which one day is stored already."""
    uow = postgres_database.write(organization)
    center_id = make_world(postgres_database, uow).id
    with uow:
        lock_day(uow, center_id, KNOWN)
        uow.commit()
    return center_id


def test_who_waits_for_a_day_that_another_adds_holds_no_day(
    postgres_database: Database, organization: OrganizationId, center_id: CenterId
) -> None:
    begun = Event()

    def both_days() -> int:
        with postgres_database.write(organization) as other:
            begun.set()
            return len(lock_days(other, center_id, [NEW, KNOWN]))

    with ThreadPoolExecutor(1) as pool:
        with postgres_database.write(organization) as uow:
            lock_day(uow, center_id, NEW)
            waiting = pool.submit(both_days)
            begun.wait()
            uow.session.execute(sa.text("SELECT pg_sleep(0.5)"))
            uow.session.execute(sa.text("SET LOCAL lock_timeout = '3s'"))
            lock_day(uow, center_id, KNOWN)
            uow.commit()
        assert waiting.result() == 2
