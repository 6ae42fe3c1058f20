"""A demonstration's clock moves forward with every pass on the way; nobody else's does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.domain.people import OrganizationMode
from scheduler.jobs.context import JobContext
from scheduler.jobs.ticking import moments, steps_to, tick_through
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.services.demonstration.moving_clock import move_clock
from tests.factories.mail import ListMailer
from tests.factories.people import make_organization

NOW = datetime(2026, 3, 17, 14, tzinfo=UTC)


def make_context(database: Database, tmp_path: Path) -> JobContext:
    return JobContext(
        database=database,
        mailer=ListMailer(),
        outbox=tmp_path,
        base_url="https://visits.example",
        clock=lambda: NOW,
    )


def test_the_clock_stops_every_hour_and_at_the_end() -> None:
    stops = moments(NOW, NOW + timedelta(hours=2, minutes=30))

    assert [stop - NOW for stop in stops] == [
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=2, minutes=30),
    ]
    assert moments(NOW, NOW - timedelta(hours=1)) == []


def test_ticking_leaves_the_demonstration_at_the_moment_asked_for(
    database: Database, tmp_path: Path
) -> None:
    organization = make_organization(database, mode=OrganizationMode.DEMONSTRATION)
    context, to = make_context(database, tmp_path), NOW + timedelta(hours=3)

    done = list(tick_through(context, organization, steps_to(context, organization, to)))

    with database.read(organization) as uow:
        assert organizations.now(uow, NOW) == to
    assert len(done) == 3


@pytest.mark.parametrize(
    ("mode", "hours"), [(OrganizationMode.LIVE, 1), (OrganizationMode.DEMONSTRATION, -1)]
)
def test_a_real_clock_is_not_moved_and_none_goes_back(
    database: Database, mode: OrganizationMode, hours: int
) -> None:
    organization = make_organization(database, mode=mode)

    with pytest.raises(InvalidError):
        move_clock(database.write(organization), NOW + timedelta(hours=hours), system_now=NOW)
