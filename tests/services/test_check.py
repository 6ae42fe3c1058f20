"""The check: a sound database passes, and each kind of damage is named."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.told import read, written
from scheduler.persistence.constraints import postgresql_statements, sqlite_statements
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    Audit,
    AuditHead,
    ClinicDay,
    ContactTold,
    Message,
    Patient,
    PatientSearch,
    PlannedDose,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import BookSeries, book_series
from scheduler.services.check import CHECKS, differences
from scheduler.services.contacts import ContactFacts
from scheduler.services.notices import owe_booked
from scheduler.services.setup import setup_center
from tests.factories.people import make_actor, make_patient, make_plan, make_regimens
from tests.factories.setup import make_setup_request

NOW = datetime(2026, 3, 17, 14, tzinfo=UTC)
MISSING = re.compile("ADD CONSTRAINT ex_appointment_chair|TRIGGER ex_appointment_chair_update")
Damage = Callable[[UnitOfWork], None]


@pytest.fixture
def center(database: Database) -> OrganizationId:
    """An organization with a patient whose series is booked."""
    make_regimens(database)
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


def longer_visit(uow: UnitOfWork) -> None:
    row = uow.session.scalars(sa.select(Appointment)).first()
    assert row is not None
    row.ends_at += timedelta(minutes=60)
    row.chair_free_at += timedelta(minutes=60)


def revision_that_never_was(uow: UnitOfWork) -> None:
    row, _ = owed_about_one_visit(uow)
    row.status, row.notice_revision = "sent", 9


def message_of_another_day(uow: UnitOfWork) -> None:
    row, _ = owed_about_one_visit(uow)
    facts = read(row.facts)
    assert facts is not None
    row.facts = written(replace(facts, day=facts.day + timedelta(days=1)))


def contact_who_knows_another_start(uow: UnitOfWork) -> None:
    row, visit = owed_about_one_visit(uow)
    facts = read(row.facts)
    assert facts is not None
    told = ContactTold(
        contact_id=row.contact_id,
        appointment_id=visit.id,
        notice_revision=visit.notice_revision,
        at=NOW,
    )
    told.facts = written(replace(facts, start=time(23, 45)))
    uow.add(told)


def patient_under_another_name(uow: UnitOfWork) -> None:
    row = uow.session.scalars(sa.select(Patient)).one()
    row.family_name = "Zimmer"


def patient_without_a_word(uow: UnitOfWork) -> None:
    uow.session.execute(sa.delete(PatientSearch))


def owed_about_one_visit(uow: UnitOfWork) -> tuple[Message, Appointment]:
    """Return a message that waits about one visit; the series has one summary for all."""
    visit = uow.session.scalars(sa.select(Appointment).order_by(Appointment.starts_at)).first()
    assert visit is not None
    owe_booked(uow, visit, now=NOW)
    uow.session.flush()
    row = uow.session.scalars(sa.select(Message).where(Message.appointment_id == visit.id)).first()
    assert row is not None
    return row, visit


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (wrong_count, "occupancy"),
        (longer_visit, "visit"),
        (later_dose, "plan"),
        (dose_without_fact, "dose"),
        (revision_that_never_was, "message"),
        (message_of_another_day, "message"),
        (contact_who_knows_another_start, "message"),
        (patient_under_another_name, "search"),
        (patient_without_a_word, "search"),
    ],
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
        connection.execute(sa.update(Audit).where(Audit.sequence == first).values(action="another"))

    assert "audit" in found(database, center)


@pytest.mark.parametrize("head", ["gone", "moved back", "kept"])
def test_a_record_whose_end_was_cut_off_is_named(
    database: Database, center: OrganizationId, head: str
) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        _let_change(connection)
        last = sa.select(sa.func.max(Audit.sequence)).scalar_subquery()
        connection.execute(sa.delete(Audit).where(Audit.sequence == last))
        if head == "gone":
            connection.execute(sa.delete(AuditHead))
        if head == "moved back":
            connection.execute(sa.update(AuditHead).values(sequence=AuditHead.sequence - 1))

    assert "audit" in found(database, center)


def test_a_database_that_no_longer_refuses_is_named(
    database: Database, center: OrganizationId
) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(
                sa.text("ALTER TABLE appointment DROP CONSTRAINT ex_appointment_chair")
            )
        else:
            connection.execute(sa.text("DROP TRIGGER ex_appointment_chair_update"))

    try:
        assert found(database, center) == {"rule"}
    finally:
        put_back(database)


def put_back(database: Database) -> None:
    """Make the rule again: on PostgreSQL the tests share their tables."""
    statements = postgresql_statements() if not database.is_sqlite else sqlite_statements()
    (statement,) = [each for each in statements if MISSING.search(each)]
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql(statement)


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
