"""The check: a sound database passes, and each kind of damage is named."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    Audit,
    ClinicDay,
    Message,
    PlannedDose,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import BookSeries, book_series
from scheduler.services.check import CHECKS, differences
from scheduler.services.contacts import ContactFacts
from scheduler.services.regimens import sync_formulary
from scheduler.services.setup import setup_center
from tests.factories.people import make_actor, make_patient, make_plan
from tests.factories.setup import make_setup_request

NOW = datetime(2026, 3, 17, 14, tzinfo=UTC)
Damage = Callable[[UnitOfWork], None]


@pytest.fixture
def center(database: Database) -> OrganizationId:
    """An organization with a patient whose series is booked."""
    sync_formulary(database.system(), now=NOW)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=NOW)
    uow = database.write(made.organization_id)
    contact = ContactFacts(email="ann@mail.example")
    patient = make_patient(uow, now=NOW, contact=contact)
    plan = make_plan(uow, patient, CenterId(made.center_id), now=NOW)
    book_series(uow, BookSeries(plan_id=plan, until=date(2026, 6, 30)), now=NOW, actor=make_actor())
    return made.organization_id


def found(database: Database, organization: OrganizationId) -> set[str]:
    return {
        each.what
        for check in CHECKS.values()
        for each in differences(database.read(organization), check)
    }


def test_a_sound_center_passes(database: Database, center: OrganizationId) -> None:
    assert found(database, center) == set()


def wrong_count(uow: UnitOfWork) -> None:
    row = uow.session.scalars(sa.select(ClinicDay).where(ClinicDay.occupancy != b"")).first()
    assert row is not None
    row.occupancy = bytes(byte ^ 1 for byte in row.occupancy)


def later_dose(uow: UnitOfWork) -> None:
    row = uow.session.scalars(sa.select(PlannedDose).where(PlannedDose.ordinal == 3)).one()
    row.due_on = row.due_on + timedelta(days=1)


def dose_without_fact(uow: UnitOfWork) -> None:
    row = uow.session.scalars(sa.select(PlannedDose).where(PlannedDose.ordinal == 2)).one()
    row.state = row.state.__class__("given")


@pytest.mark.parametrize(
    ("damage", "what"),
    [(wrong_count, "occupancy"), (later_dose, "plan"), (dose_without_fact, "dose")],
)
def test_each_damage_is_named(
    database: Database, center: OrganizationId, damage: Damage, what: str
) -> None:
    with database.write(center) as uow:
        damage(uow)
        uow.commit()

    assert what in found(database, center)


def test_an_entry_of_the_record_that_was_changed_breaks_its_chain(
    database: Database, center: OrganizationId
) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        _let_change(connection)
        first = sa.select(sa.func.min(Audit.sequence)).scalar_subquery()
        connection.execute(sa.update(Audit).where(Audit.sequence == first).values(reason="another"))

    assert found(database, center) == {"audit"}


def _let_change(connection: sa.Connection) -> None:
    """Take away what refuses a change of the record, as somebody with the file could."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    names = connection.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    )
    for name in names.scalars().all():
        connection.execute(sa.text(f'DROP TRIGGER "{name}"'))


def test_a_message_about_a_cancelled_visit_that_still_waits_is_named(
    database: Database, center: OrganizationId
) -> None:
    with database.write(center) as uow:
        visit = uow.session.scalars(sa.select(Appointment)).first()
        message = uow.session.scalars(sa.select(Message)).first()
        if visit is None or message is None:
            pytest.fail("the booked series owes no message")
        message.appointment_id, message.kind = visit.id, "reminder"
        message.status, message.notice_revision = "owed", visit.notice_revision + 5
        uow.commit()

    assert "message" in found(database, center)
