"""Patients are found in one box, however their names are spelled."""

from datetime import date

import pytest

from scheduler.persistence import patients as stored
from scheduler.persistence.database import Database
from scheduler.services.patients import EditPatient, edit_patient, facts_of
from scheduler.services.search import find_patients
from tests.factories.people import NOW, make_actor, make_organization, make_patient


@pytest.mark.parametrize(
    "typed",
    [
        "mü",
        "mul",
        "MULL",
        "mueller",
        "müller",
        "jose",
        "José M",
        "muller jos",
        "1980-03-01",
        "3/1/1980",
        "muller 03/01/1980",
        "MRN-77",
        "mrn 77",
        "mrn77",
    ],
)
def test_a_patient_is_found_by_name_birth_date_or_number(database: Database, typed: str) -> None:
    uow = database.write(make_organization(database))
    make_patient(
        uow, given_name="José", family_name="Müller", birth_date=date(1980, 3, 1), mrn="MRN-77"
    )
    make_patient(uow)

    found = find_patients(uow, typed)

    assert [each.name for each in found] == ["José Müller"]


@pytest.mark.parametrize("typed", ["obr", "O'Brien", "o’brien", "brien", "OBRIEN"])
def test_an_apostrophe_does_not_matter(database: Database, typed: str) -> None:
    uow = database.write(make_organization(database))
    make_patient(uow, family_name="O'Brien")

    assert len(find_patients(uow, typed)) == 1


@pytest.mark.parametrize("typed", ["", "   ", "x", "mulx", "muller anna", "1980-02-30", "%", "'"])
def test_what_does_not_fit_is_not_found(database: Database, typed: str) -> None:
    uow = database.write(make_organization(database))
    make_patient(uow, given_name="José", family_name="Müller")

    assert find_patients(uow, typed) == ()


def test_names_longer_than_the_index_are_told_apart(database: Database) -> None:
    uow = database.write(make_organization(database))
    make_patient(uow, family_name="Montgomeryson")
    make_patient(uow, family_name="Montgomerysmith")

    assert len(find_patients(uow, "montgomery")) == 2
    assert [p.name.split()[1] for p in find_patients(uow, "montgomerysm")] == ["Montgomerysmith"]


def test_another_organization_finds_nothing(database: Database) -> None:
    make_patient(database.write(make_organization(database)), family_name="Unique")
    other = database.write(make_organization(database, name="Other"))

    assert find_patients(other, "unique") == ()


def test_the_index_follows_an_edited_name(database: Database) -> None:
    uow = database.write(make_organization(database))
    patient_id = make_patient(uow, family_name="Before")
    with uow:
        row = stored.patient(uow, patient_id)
        facts, version = facts_of(row), row.version

    values = {name: getattr(facts, name) for name in type(facts).__dataclass_fields__}
    request = EditPatient(
        **values | {"family_name": "After"}, patient_id=patient_id, version=version
    )
    edit_patient(uow, request, now=NOW, actor=make_actor())

    assert find_patients(uow, "before") == ()
    assert len(find_patients(uow, "after")) == 1
