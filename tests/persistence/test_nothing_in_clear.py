"""What people type never lies open in the database file: names, contacts, notes, reasons."""

from datetime import date

import pytest
import sqlalchemy as sa

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.ids import OrganizationId
from scheduler.persistence.base import Base
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, Audit
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.contacts import ContactFacts
from scheduler.services.moving import MoveAppointment, move_appointment
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor, make_patient

MONDAY = date(2026, 3, 23)
TYPED = (
    "Wilhelmina",
    "Featherstone",
    "minnie@mail.example",
    "555 010 7766",
    "MRN-88812",
    "afraid of needles",
    "husband Barnaby called",
    "travels to Reykjavik",
    "Aunt Philippa",
    "has the measles",
)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def everything_stored(database: Database) -> bytes:
    """Return every value of every column of every table as bytes."""
    with database.engine.connect() as connection:
        return b"\n".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in Base.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for value in row
        )


def test_a_day_of_typing_leaves_no_word_in_the_clear(
    database: Database, uow: UnitOfWork, center: CenterMade, organization: OrganizationId
) -> None:
    contact = ContactFacts(email="minnie@mail.example", phone="555 010 7766")
    make_patient(
        uow,
        given_name="Wilhelmina",
        family_name="Featherstone",
        mrn="MRN-88812",
        note="afraid of needles",
        contact=contact,
    )
    book_move_and_cancel(uow, center)

    stored = everything_stored(database)

    assert [words for words in TYPED if words.encode() in stored] == []
    assert b"moved" in stored
    with uow:
        reasons = {row.reason for row in uow.session.scalars(sa.select(Audit))}
        assert "husband Barnaby called; told by phone: Aunt Philippa" in reasons
        assert uow.session.scalars(sa.select(Appointment)).one().override_reason is not None


def book_move_and_cancel(uow: UnitOfWork, center: CenterMade) -> None:
    """Let a desk do all of it, with reasons typed at each step."""
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00", outside_window_reason="travels to Reykjavik")
    move = MoveAppointment(
        appointment_id=visit,
        day=MONDAY,
        start=visits_of(uow)[0].starts_at.time().replace(hour=11, tzinfo=None),
        reason="husband Barnaby called",
        told=True,
        told_by_phone_name="Aunt Philippa",
    )
    move_appointment(uow, move, now=NOW, actor=make_actor())
    cancel = CancelAppointment(
        appointment_id=visit, reason=CancellationReason.PATIENT, note="has the measles"
    )
    cancel_appointment(uow, cancel, now=NOW, actor=make_actor())
