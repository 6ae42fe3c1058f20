"""Adding and editing patients, contacts, measures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scheduler.domain.errors import (
    InvalidError,
    NeedsConfirmationError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from scheduler.domain.people import AddressStatus, Channel, ConsentKind
from scheduler.domain.roles import Role
from scheduler.persistence import patients as stored
from scheduler.persistence.database import Database
from scheduler.services.contacts import (
    AddContact,
    ContactFacts,
    EditContact,
    add_contact,
    edit_contact,
    mark_address,
    withdraw,
)
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.patients import (
    AddPatient,
    EditPatient,
    LikelyDoubleError,
    add_patient,
    edit_patient,
)
from scheduler.services.search import find_patients
from tests.factories.people import NOW, make_actor, make_organization, make_patient

DESK = make_actor(Role.FRONT_DESK)
ANN = AddPatient(given_name="Ann", family_name="Castillo", birth_date=date(1984, 6, 1), mrn="A 100")


def test_a_likely_double_is_shown_before_it_is_saved(database: Database) -> None:
    uow = database.write(make_organization(database))
    first = add_patient(uow, ANN, now=NOW, actor=DESK)
    again = replace(ANN, given_name="Anna", mrn="")

    with pytest.raises(LikelyDoubleError, match="is here already") as refusal:
        add_patient(uow, again, now=NOW, actor=DESK)

    assert [double.id for double in refusal.value.doubles] == [first]
    assert len(find_patients(uow, "castillo")) == 1
    add_patient(uow, replace(again, confirmed=True), now=NOW, actor=DESK)
    assert len(find_patients(uow, "castillo")) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"birth_date": date(2026, 3, 18)}, "birth_date"),
        ({"birth_date": date(1880, 3, 18)}, "birth_date"),
        ({"given_name": "  "}, "given_name"),
        ({"contact": ContactFacts(email="ann.example.org")}, "email"),
        ({"contact": ContactFacts(email="ann@host")}, "email"),
        ({"contact": ContactFacts()}, "email"),
        ({"contact": ContactFacts(channel=Channel.PHONE)}, "phone"),
        ({"contact": ContactFacts(channel=Channel.PHONE, phone="12")}, "phone"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field_and_nothing_is_saved(
    database: Database, changed: dict[str, object], field: str
) -> None:
    uow = database.write(make_organization(database))

    with pytest.raises(InvalidError) as refusal:
        add_patient(uow, replace(ANN, **changed), now=NOW, actor=DESK)  # type: ignore[arg-type]

    assert refusal.value.field == field
    assert find_patients(uow, "castillo") == ()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\u2028", "\u2029", "\t", "  "])
def test_a_name_is_one_line_whatever_a_program_sends(database: Database, end: str) -> None:
    uow = database.write(make_organization(database))
    name = f"Ann{end}Bcc: mallory@mail.example"
    contact = ContactFacts(email="ann@mail.example", name=name)
    request = replace(ANN, given_name=name, name_to_use=name, note="two\nlines", contact=contact)

    patient_id = add_patient(uow, request, now=NOW, actor=DESK)

    with uow:
        row = stored.patient(uow, patient_id)
        names = {row.given_name, row.name_to_use, stored.contacts_of(uow, patient_id)[0].name}
        assert names == {"Ann Bcc: mallory@mail.example"}
        assert row.note == "two\nlines"


def test_a_record_number_belongs_to_one_patient(database: Database) -> None:
    uow = database.write(make_organization(database))
    add_patient(uow, ANN, now=NOW, actor=DESK)

    with pytest.raises(InvalidError, match="Ann Castillo") as refusal:
        make_patient(uow, mrn="a-100")

    assert refusal.value.field == "mrn"


def test_an_auditor_only_reads(database: Database) -> None:
    uow = database.write(make_organization(database))

    with pytest.raises(NotAllowedError):
        add_patient(uow, ANN, now=NOW, actor=make_actor(Role.AUDITOR))


def test_a_stale_form_changes_nothing(database: Database) -> None:
    uow = database.write(make_organization(database))
    patient_id = add_patient(uow, ANN, now=NOW, actor=DESK)
    request = EditPatient(
        given_name="Ann",
        family_name="Castillo",
        birth_date=ANN.birth_date,
        patient_id=patient_id,
        version=1,
        note="Prefers the window",
    )
    edit_patient(uow, request, now=NOW, actor=DESK)

    with pytest.raises(StaleError):
        edit_patient(uow, replace(request, note="Other"), now=NOW, actor=DESK)


def test_another_address_has_to_be_verified_anew(database: Database) -> None:
    uow = database.write(make_organization(database))
    patient_id = add_patient(uow, ANN, now=NOW, actor=DESK)
    facts = ContactFacts(email="ann@example.org")
    contact_id = add_contact(
        uow, AddContact(patient_id=patient_id, contact=facts), now=NOW, actor=DESK
    )
    mark_address(uow, contact_id, AddressStatus.DEAD, now=NOW, actor=DESK)
    with uow:
        version = stored.contact(uow, contact_id).version

    request = EditContact(
        contact_id=contact_id, version=version, contact=replace(facts, email="a@example.com")
    )
    edit_contact(uow, request, now=NOW, actor=DESK)

    with uow:
        row = stored.contact(uow, contact_id)
        assert (row.email, row.status) == ("a@example.com", AddressStatus.UNVERIFIED)
        assert [each.id for each in stored.contacts_at(uow, "A@Example.com")] == [contact_id]


def test_consent_is_a_chain_of_events_and_the_last_one_holds(database: Database) -> None:
    uow = database.write(make_organization(database))
    contact = ContactFacts(email="ann@example.org")
    patient_id = add_patient(uow, replace(ANN, contact=contact), now=NOW, actor=DESK)
    with uow:
        contact_id = stored.contacts_of(uow, patient_id)[0].id
        assert stored.consents_of(uow, [contact_id])[contact_id].kind is ConsentKind.EMAIL_GIVEN

    withdraw(uow, contact_id, how="on the phone", now=NOW, actor=DESK)

    with uow:
        last = stored.consents_of(uow, [contact_id])[contact_id]
        assert last.kind is ConsentKind.EMAIL_WITHDRAWN


@pytest.mark.parametrize("kilograms", ["7", "700"])
def test_an_unusual_weight_is_confirmed_by_a_person(database: Database, kilograms: str) -> None:
    uow = database.write(make_organization(database))
    request = RecordMeasure(
        patient_id=add_patient(uow, ANN, now=NOW, actor=DESK),
        kind=MeasureKind.WEIGHT,
        value=Decimal(kilograms),
        measured_on=NOW.date(),
    )

    with pytest.raises(NeedsConfirmationError) as refusal:
        record_measure(uow, request, now=NOW, actor=DESK)
    record_measure(uow, replace(request, confirmed=True), now=NOW, actor=DESK)

    assert refusal.value.field == "weight"


def test_a_weight_far_from_the_last_one_is_confirmed_beside_it_and_its_day(
    database: Database,
) -> None:
    uow = database.write(make_organization(database))
    usual = RecordMeasure(
        patient_id=add_patient(uow, ANN, now=NOW, actor=DESK),
        kind=MeasureKind.WEIGHT,
        value=Decimal(70),
        measured_on=NOW.date(),
    )
    record_measure(uow, usual, now=NOW, actor=DESK)

    with pytest.raises(NeedsConfirmationError) as refusal:
        record_measure(uow, replace(usual, value=Decimal(90)), now=NOW, actor=DESK)

    said = f"The weight was 70 kg on {NOW:%B} {NOW.day}, {NOW.year}, now 90 kg; confirm it, or correct it."
    assert str(refusal.value) == said


def test_the_ids_of_another_organization_answer_like_unknown_ones(database: Database) -> None:
    patient_id = make_patient(database.write(make_organization(database)))
    other = database.write(make_organization(database, name="Other"))

    with other, pytest.raises(NotFoundError):
        stored.patient(other, patient_id)
