"""The whole demonstration, built on several days of the year, is a center that one could believe in."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy.orm import Session

from scheduler.domain.people import AddressStatus, Relation
from scheduler.domain.timing import local, local_day
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.persistence.migrations import upgrade
from scheduler.persistence.models import Appointment, Contact, GivenDose, Message, Patient, Task
from scheduler.persistence.models import TreatmentPlan as Plan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorization_renewals import LEAD as RENEWAL
from scheduler.services.check import CHECKS, differences
from scheduler.services.demonstration.builder import Wanted, build
from scheduler.services.demonstration.center import CHAIRS, TRAINING_FROM
from scheduler.services.demonstration.opening import ZONE, Opening, half_days, open_days, opening_of
from scheduler.services.raising import raise_due
from tests.conftest import RING

TWO_WEEKS = timedelta(days=13)
MS_DRUGS = {
    "ocrelizumab",
    "natalizumab",
    "ublituximab",
    "alemtuzumab",
    "mitoxantrone",
    "methylprednisolone",
}
LATER = (28, 63, 119)
DAYS = ("2026-11-24T05:00", "2027-03-10T15:00", "2027-07-02T15:00")


@dataclass(frozen=True, kw_only=True)
class Center:
    """A whole demonstration and the moment at which it was built."""

    database: Database
    moment: datetime

    @property
    def opening(self) -> Opening:
        """When it opened."""
        return opening_of(self.moment)

    def read(self) -> UnitOfWork:
        """Return a unit of work of its organization."""
        with self.database.system() as system:
            return self.database.read(organizations.all_organizations(system)[0].id)


@pytest.fixture(scope="module", params=DAYS)
def center(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Center]:
    """Build a whole demonstration."""
    moment = datetime.fromisoformat(request.param).replace(tzinfo=UTC)
    folder: Path = tmp_path_factory.mktemp("center")
    database = Database(f"sqlite:///{folder / 'center.db'}", RING)
    upgrade(database.engine)
    build(database, Wanted(seed=1), system_now=moment, report=lambda *_: None)
    yield Center(database=database, moment=moment)
    database.close()


def open_minutes(day: date) -> int:
    """Return for how many chair minutes the center is open on an open day."""
    half = day in half_days(day, day)
    hours = TRAINING_FROM.hour + TRAINING_FROM.minute / 60 - 7.5 if half else 10
    return round(len(CHAIRS) * hours * 60)


def taken(session: Session) -> tuple[Counter[date], Counter[date]]:
    """Return visits and chair minutes, turnover included, by day."""
    visits: Counter[date] = Counter()
    minutes: Counter[date] = Counter()
    for row in session.query(Appointment).filter(Appointment.live):
        day = local_day(row.starts_at, ZONE)
        visits[day] += 1
        minutes[day] += round((row.chair_free_at - row.starts_at).total_seconds() / 60)
    return visits, minutes


@pytest.mark.nightly
def test_its_days_are_full_for_two_weeks_and_thin_out_after(
    center: Center,
) -> None:
    today = center.opening.day
    with center.read() as uow:
        visits, minutes = taken(uow.session)

    near = open_days(today, today + TWO_WEEKS)
    full = {day: minutes[day] / open_minutes(day) for day in near}
    assert {day: share for day, share in full.items() if not 0.75 <= share <= 0.92} == {}
    assert 22 <= mean(visits[day] for day in near) <= 27
    months = [open_days(today + timedelta(days=n), today + timedelta(days=n + 27)) for n in LATER]
    later = [sum(minutes[d] for d in days) / sum(map(open_minutes, days)) for days in months]
    assert all(next_one < one for one, next_one in pairwise([mean(full.values()), *later]))


@pytest.mark.nightly
def test_it_has_the_people_that_a_real_center_has(center: Center) -> None:
    grown_up = center.opening.day - timedelta(days=18 * 366)
    with center.read() as uow:
        patients = uow.session.query(Patient).all()
        contacts = uow.session.query(Contact).all()
        assert 800 <= len(patients) <= 900
        assert sum(bool(row.deceased_on) for row in patients) == 1
        assert any(row.birth_date > grown_up for row in patients)
        assert sum(row.written_language == "es" for row in patients) > 10
        assert any(row.relation is not Relation.SELF for row in contacts)
        assert {AddressStatus.SUSPECT, AddressStatus.DEAD} & {row.status for row in contacts}
        assert 2 in Counter(row.email for row in contacts if row.email).values()


@pytest.mark.nightly
def test_its_drugs_and_what_became_of_doses_are_mixed(center: Center) -> None:
    with center.read() as uow:
        drugs = {row.ingredient for row in uow.session.query(Plan)}
        outcomes = {row.outcome for row in uow.session.query(GivenDose)}
    assert drugs > MS_DRUGS
    assert outcomes == {"full", "part", "none"}


@pytest.mark.nightly
def test_it_opens_in_full_swing_with_messages_to_send(center: Center) -> None:
    with center.read() as uow:
        rows = uow.session.query(Appointment).all()
        today = [row for row in rows if local_day(row.starts_at, ZONE) == center.opening.day]
        now = organizations.now(uow, center.moment)
        waiting = uow.session.query(Message).filter(Message.status == "owed").count()
        assert {"fulfilled", "arrived", "booked"} <= {row.status for row in today}
        assert any(row.infusing_at and row.status == "arrived" for row in today)
        assert any(row.arrived_at and not row.in_chair_at for row in today)
    assert f"{local(now, ZONE):%H:%M}" == "10:45"
    assert waiting


@pytest.mark.nightly
def test_scheduler_check_finds_nothing_wrong_in_it(center: Center) -> None:
    found = [each for one in CHECKS.values() for each in differences(center.read(), one)]
    assert found == []


@pytest.mark.nightly
def test_its_worker_asks_for_the_renewal_of_two_authorizations(center: Center) -> None:
    with center.read() as uow:
        organization_id, now = uow.organization_id, organizations.now(uow, center.moment)
    writing = center.database.write(organization_id)

    raise_due(writing, now=now)

    with center.read() as uow:
        asked = [row.detail for row in uow.session.query(Task).filter(Task.lead == RENEWAL)]
    assert len(asked) == 2
    assert all("is not covered: ask for a renewal." in detail for detail in asked)
    found = [each for one in CHECKS.values() for each in differences(center.read(), one)]
    assert found == []
