"""The demonstration: the same for the same seed and day, right in every count, open at 10:45."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scheduler.domain.ids import OrganizationId
from scheduler.domain.timing import local
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.persistence.migrations import upgrade
from scheduler.persistence.models import Appointment, GivenDose, Message, Patient, PlannedDose, Task
from scheduler.services.check import CHECKS, differences
from scheduler.services.demonstration.builder import Wanted, build
from scheduler.services.demonstration.opening import ZONE, is_open, opening_of
from scheduler.services.demonstration.staff import PASSWORD, sign_ins
from tests.conftest import RING

MONDAY = datetime(2026, 11, 23, 20, tzinfo=UTC)
SMALL = Wanted(seed=7, share=0.04)


def only_organization(database: Database) -> OrganizationId:
    with database.system() as uow:
        return organizations.all_organizations(uow)[0].id


def facts(database: Database) -> list[object]:
    """Return what the center is made of, without ids and keys."""
    with database.read(only_organization(database)) as uow:
        session = uow.session
        people = sorted((p.name, p.birth_date, p.mrn) for p in session.query(Patient))
        visits = sorted((a.starts_at, a.ends_at, a.status) for a in session.query(Appointment))
        doses = sorted((d.due_on, d.ordinal, d.state) for d in session.query(PlannedDose))
        given = sorted((g.given_on, g.outcome, g.lot) for g in session.query(GivenDose))
        messages = sorted((m.kind, m.status, m.send_after) for m in session.query(Message))
        tasks = sorted((t.kind, t.due_on) for t in session.query(Task))
        return [people, visits, doses, given, messages, tasks]


def built(database: Database) -> Database:
    build(database, SMALL, system_now=MONDAY, report=lambda *_: None)
    return database


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_center(
    tmp_path: Path, sqlite_database: Database
) -> None:
    again = Database(f"sqlite:///{tmp_path / 'again.db'}", RING)
    upgrade(again.engine)

    first, second = facts(built(sqlite_database)), facts(built(again))
    again.close()

    assert first == second
    assert all(first)


@pytest.mark.slow
def test_nothing_in_it_is_wrong(database: Database) -> None:
    built(database)
    organization = only_organization(database)

    found = [
        each
        for check in CHECKS.values()
        for each in differences(database.read(organization), check)
    ]

    assert found == []


@pytest.mark.slow
def test_its_last_hour_is_left_to_be_sent_and_the_day_is_half_done(
    sqlite_database: Database,
) -> None:
    built(sqlite_database)

    with sqlite_database.read(only_organization(sqlite_database)) as uow:
        states = {row.status for row in uow.session.query(Message)}
        now = organizations.now(uow, MONDAY)
        begun = uow.session.query(Appointment).filter(Appointment.arrived_at.isnot(None)).count()

    assert {"owed", "sent"} <= states
    assert f"{local(now, ZONE):%A %H:%M}" == "Monday 10:45"
    assert begun


def test_who_can_sign_in_is_said_only_where_there_is_a_demonstration(database: Database) -> None:
    with database.system() as uow:
        assert sign_ins(uow) == ()

    assert len(PASSWORD) >= 12


@pytest.mark.parametrize(
    ("system", "day"),
    [
        ("2026-11-23T03:00", "2026-11-23"),
        ("2026-11-23T22:00", "2026-11-23"),
        ("2026-11-26T15:00", "2026-11-27"),
        ("2026-11-28T15:00", "2026-11-30"),
    ],
)
def test_it_opens_at_a_quarter_to_eleven_on_the_day_or_the_next_open_one(
    system: str, day: str
) -> None:
    moment = datetime.fromisoformat(system).replace(tzinfo=ZONE)

    opening = opening_of(moment)

    assert opening.day == date.fromisoformat(day)
    assert f"{local(opening.moment, ZONE):%Y-%m-%d %H:%M}" == f"{day} 10:45"
    assert is_open(opening.first_day)
