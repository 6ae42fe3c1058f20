"""Queries on patients, their search index, contacts, measures and allergies."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, delete, insert, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import ContactId, DoseId, PatientId
from scheduler.domain.names import folded_number, prefixes, words_of
from scheduler.persistence.encryption import keyring
from scheduler.persistence.models import (
    Allergy,
    ClinicalEvent,
    ConsentEvent,
    Contact,
    Measure,
    Patient,
    PatientSearch,
    PlannedDose,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

MOST_CANDIDATES = 300


def patient(uow: UnitOfWork, patient_id: PatientId) -> Patient:
    """Return a patient of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Patient, patient_id)
    if found is None:
        raise NotFoundError("patient")
    return found


def by_id(uow: UnitOfWork, patient_ids: Iterable[PatientId]) -> dict[PatientId, Patient]:
    """Return some patients of the organization by id."""
    rows = uow.session.scalars(select(Patient).where(Patient.id.in_(list(patient_ids))))
    return {row.id: row for row in rows}


LOCKED = kept(select(Patient).where(Patient.id == bindparam("patient_id")).with_for_update())


def lock_patient(uow: UnitOfWork, patient_id: PatientId) -> Patient:
    """Return the patient with the row locked until the transaction ends; first of all locks.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.scalar(LOCKED, {"patient_id": patient_id})
    if found is None:
        raise NotFoundError("patient")
    return found


LOCKED_OF_DOSE = kept(
    select(Patient.id)
    .where(
        Patient.id
        == select(PlannedDose.patient_id)
        .where(PlannedDose.id == bindparam("dose_id"))
        .scalar_subquery()
    )
    .with_for_update()
)


def lock_patient_of(uow: UnitOfWork, dose_id: DoseId) -> None:
    """Lock the row of the patient of a dose, in one statement; does nothing when there is no such dose."""
    uow.session.execute(LOCKED_OF_DOSE, {"dose_id": dose_id})


def name_hash(prefix: str) -> bytes:
    """Return the keyed hash of a folded word's prefix."""
    return keyring().blind("name", prefix)


def number_hash(mrn: str) -> bytes:
    """Return the keyed hash of a record number."""
    return keyring().blind("mrn", folded_number(mrn))


def birth_hash(day: date) -> bytes:
    """Return the keyed hash of a birth date."""
    return keyring().blind("birth", day.isoformat())


def address_index(email: str) -> bytes:
    """Return the blind index of an e-mail address, whatever its case."""
    return keyring().blind("address", email.strip().casefold())


def index_of(row: Patient) -> frozenset[bytes]:
    """Return every hash under which a patient is to be found."""
    words = words_of(f"{row.given_name} {row.family_name} {row.name_to_use}")
    hashes = {name_hash(prefix) for word in words for prefix in prefixes(word)}
    hashes.add(birth_hash(row.birth_date))
    if row.mrn:
        hashes.add(number_hash(row.mrn))
    return frozenset(hashes)


def replace_index(uow: UnitOfWork, row: Patient) -> None:
    """Store the hashes of a patient anew; the row itself must be flushed already."""
    mine = PatientSearch.patient_id == row.id
    uow.session.execute(delete(PatientSearch).where(mine))
    index_new(uow, row)


def index_new(uow: UnitOfWork, row: Patient) -> None:
    """Store the hashes of a patient that has none yet."""
    values = [
        {"organization_id": uow.organization_id, "hmac": each, "patient_id": row.id}
        for each in index_of(row)
    ]
    uow.session.execute(insert(PatientSearch), values)


def found_by(
    uow: UnitOfWork, terms: Sequence[Iterable[bytes]], *, limit: int = MOST_CANDIDATES
) -> list[Patient]:
    """Return patients who have, for each term, at least one of its hashes."""
    wanted = select(Patient).where(Patient.merged_into.is_(None)).limit(limit)
    for hashes in terms:
        having = select(PatientSearch.patient_id).where(PatientSearch.hmac.in_(list(hashes)))
        wanted = wanted.where(Patient.id.in_(having))
    return list(uow.session.scalars(wanted))


def contact(uow: UnitOfWork, contact_id: ContactId) -> Contact:
    """Return a contact of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Contact, contact_id)
    if found is None:
        raise NotFoundError("contact")
    return found


CONTACTS_OF = kept(
    select(Contact).where(Contact.patient_id == bindparam("patient_id")).order_by(Contact.id)
)


def contacts_of(uow: UnitOfWork, patient_id: PatientId) -> list[Contact]:
    """Return a patient's contacts, ended ones too, oldest first."""
    return list(uow.session.scalars(CONTACTS_OF, {"patient_id": patient_id}))


def contacts_at(uow: UnitOfWork, email: str) -> list[Contact]:
    """Return every contact with that address; two patients may share one."""
    wanted = select(Contact).where(Contact.address_index == address_index(email))
    return list(uow.session.scalars(wanted))


CONSENTS_OF = kept(
    select(ConsentEvent)
    .where(ConsentEvent.contact_id.in_(bindparam("contact_ids", expanding=True)))
    .order_by(ConsentEvent.at, ConsentEvent.id)
)


def consents_of(uow: UnitOfWork, contact_ids: Iterable[ContactId]) -> dict[ContactId, ConsentEvent]:
    """Return the last consent event of each contact that has one."""
    asked = list(contact_ids)
    events = uow.session.scalars(CONSENTS_OF, {"contact_ids": asked}) if asked else ()
    return {event.contact_id: event for event in events}


def measures_of(uow: UnitOfWork, patient_id: PatientId) -> list[Measure]:
    """Return a patient's weights and heights, newest first."""
    wanted = (
        select(Measure)
        .where(Measure.patient_id == patient_id)
        .order_by(Measure.measured_on.desc(), Measure.id.desc())
    )
    return list(uow.session.scalars(wanted))


CLINICAL_EVENTS = kept(
    select(ClinicalEvent)
    .where(
        ClinicalEvent.patient_id.in_(bindparam("patient_ids", expanding=True)),
        ClinicalEvent.withdrawn_at.is_(None),
    )
    .order_by(ClinicalEvent.on_day, ClinicalEvent.id)
)


def clinical_events_of(uow: UnitOfWork, patient_ids: Iterable[PatientId]) -> list[ClinicalEvent]:
    """Return what happened to patients, entries in error left out; oldest first."""
    return list(uow.session.scalars(CLINICAL_EVENTS, {"patient_ids": list(patient_ids)}))


def clinical_event(uow: UnitOfWork, event_id: PatientId) -> ClinicalEvent:
    """Return a clinical event of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(ClinicalEvent, event_id)
    if found is None:
        raise NotFoundError("clinical event")
    return found


def allergies_of(uow: UnitOfWork, patient_id: PatientId) -> list[Allergy]:
    """Return a patient's allergies and reactions, ended ones left out."""
    wanted = select(Allergy).where(Allergy.patient_id == patient_id, Allergy.ended_at.is_(None))
    return list(uow.session.scalars(wanted.order_by(Allergy.id)))


def allergy(uow: UnitOfWork, allergy_id: PatientId) -> Allergy:
    """Return an allergy or reaction of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Allergy, allergy_id)
    if found is None:
        raise NotFoundError("allergy")
    return found
