"""What people type never lies open in the database file: names, contacts, notes, reasons."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from scheduler.domain.appointments import CancellationReason, ItemKind
from scheduler.domain.ids import OrganizationId
from scheduler.domain.plans import OrderKind
from scheduler.persistence.base import Base
from scheduler.persistence.database import Database
from scheduler.persistence.left_open import seal_what_lay_open
from scheduler.persistence.models import Audit, Patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking_other import BookOther, book_other
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.closures import NurseOut, nurse_out
from scheduler.services.contacts import ContactFacts
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.order_forms import EarlierDose
from scheduler.services.outages import ChairOut, chair_out
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
    "at the bedside of Rosalind",
    "port under the left breast",
    "brings his guide dog",
    "Mercy Hospital of Oslo",
    "has a migraine",
    "stained by Mr. Okafor",
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
        consent_how="at the bedside of Rosalind",
        iv_access="port under the left breast",
    )
    book_move_and_cancel(uow, center)
    note_what_stands_beside_visits(uow, center)

    stored = everything_stored(database)

    assert [words for words in TYPED if words.encode() in stored] == []
    assert b"moved" in stored
    with uow:
        reasons = {row.reason for row in uow.session.scalars(sa.select(Audit))}
        assert "husband Barnaby called; told by phone: Aunt Philippa" in reasons


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


def note_what_stands_beside_visits(uow: UnitOfWork, center: CenterMade) -> None:
    """Note a dose given elsewhere, a blood draw, a nurse who is out and a chair out of service."""
    elsewhere = EarlierDose(day=date(2025, 6, 2), place="Mercy Hospital of Oslo")
    plan = make_treatment(
        uow, center.id, kind=OrderKind.CONTINUING, earlier=(elsewhere,), first_day=date(2026, 3, 24)
    )
    draw = BookOther(
        patient_id=plan.patient_id,
        center_id=center.id,
        starts_at=datetime(2026, 3, 23, 15, tzinfo=UTC),
        kinds=(ItemKind.BLOOD_DRAW,),
        words="brings his guide dog",
    )
    book_other(uow, draw, now=NOW, actor=make_actor())
    out = NurseOut(
        center_id=center.id, staff_id=center.nurses[0], day=MONDAY, reason="has a migraine"
    )
    nurse_out(uow, out, now=NOW, actor=make_actor())
    broken = ChairOut(
        center_id=center.id,
        chair_id=center.chairs[0],
        begins=datetime(2026, 3, 26, 12, tzinfo=UTC),
        ends=datetime(2026, 3, 27, 12, tzinfo=UTC),
        reason="stained by Mr. Okafor",
    )
    chair_out(uow, broken, now=NOW, actor=make_actor())


def test_what_an_earlier_release_kept_in_the_clear_reads_on_and_is_sealed_by_the_upgrade(
    database: Database, uow: UnitOfWork
) -> None:
    patient_id = make_patient(uow)
    with uow:
        row = uow.session.get_one(Patient, patient_id)
        row.iv_access_in_clear, version = "port, right chest", row.version
        uow.commit()
        before = row.iv_access

    sealed = seal_what_lay_open(database.system())

    assert (before, sealed) == ("port, right chest", 1)
    assert b"right chest" not in everything_stored(database)
    with uow:
        after = uow.session.get_one(Patient, patient_id)
        assert (after.iv_access, after.version) == ("port, right chest", version + 1)
    assert seal_what_lay_open(database.system()) == 0
