"""Who is told about a patient's visits: contacts, their addresses and what they agreed to."""

from dataclasses import dataclass, fields

from scheduler.domain.errors import InvalidError, StaleError
from scheduler.domain.ids import ContactId, PatientId
from scheduler.domain.names import require_address, require_phone
from scheduler.domain.people import (
    AddressStatus,
    CalendarMode,
    Channel,
    ConsentKind,
    PrivacyLevel,
    Relation,
)
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients as stored
from scheduler.persistence.models import ConsentEvent, Contact
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What a form knows of a contact.

    Args:
        relation: Who it is to the patient.
        name: Empty for the patient.
        email: Needed when the channel is e-mail.
        phone: Needed when the channel is phone.
        channel: How the contact wants to be told.
        level: The most that a mail may name.
        language: Of the mails: en or es.
        calendar: A file with each mail, an invitation, or nothing.
        kinds: ``all``, or message kinds separated by commas.
        consented: Agreed to e-mail; asked when an address is given.
    """

    relation: Relation = Relation.SELF
    name: str = ""
    email: str = ""
    phone: str = ""
    channel: Channel = Channel.EMAIL
    level: PrivacyLevel = PrivacyLevel.MINIMAL
    language: str = "en"
    calendar: CalendarMode = CalendarMode.FILE
    kinds: str = "all"
    consented: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContact:
    """A further contact of a patient; ``how`` says how consent was given ("on the phone")."""

    patient_id: PatientId
    contact: ContactFacts
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditContact:
    """A contact's facts anew; ``version`` is the one the form was opened with."""

    contact_id: ContactId
    version: int
    contact: ContactFacts
    how: str = ""


def add_contact(uow: UnitOfWork, request: AddContact, *, now: Instant, actor: Actor) -> ContactId:
    """Add a contact and note its consent.

    Raises:
        InvalidError: the address has no @, or what the channel needs is missing; names the field.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        stored.patient(uow, request.patient_id)
        row = new_contact(
            uow, request.patient_id, request.contact, how=request.how, now=now, actor=actor
        )
        uow.commit()
        return row.id


def new_contact(
    uow: UnitOfWork,
    patient_id: PatientId,
    facts: ContactFacts,
    *,
    how: str,
    now: Instant,
    actor: Actor,
) -> Contact:
    """Add a contact inside somebody else's transaction."""
    row = Contact(patient_id=patient_id)
    _write(row, checked(facts))
    uow.add(row)
    uow.session.flush()
    if facts.email and facts.consented:
        _consent(uow, row, ConsentKind.EMAIL_GIVEN, how=how, now=now, actor=actor)
    uow.audit(actor, "added", "contact", row.id, at=now, patient_id=patient_id, after=_words(row))
    return row


def checked(facts: ContactFacts) -> ContactFacts:
    """Return the facts with a clean address and number.

    Raises:
        InvalidError: names the field.
    """
    email = require_address(facts.email) if facts.email.strip() else ""
    phone = require_phone(facts.phone) if facts.phone.strip() else ""
    if facts.channel is Channel.EMAIL and not email:
        raise InvalidError("To be told by e-mail, the contact needs an address.", field="email")
    if facts.channel is Channel.PHONE and not phone:
        raise InvalidError("To be told by phone, the contact needs a number.", field="phone")
    values = {each.name: getattr(facts, each.name) for each in fields(facts)}
    return ContactFacts(
        **{**values, "email": email, "phone": phone, "name": " ".join(facts.name.split())}
    )


def _write(row: Contact, facts: ContactFacts) -> None:
    for name in ("relation", "channel", "level", "language", "calendar", "kinds"):
        setattr(row, name, getattr(facts, name))
    row.name, row.email, row.phone = facts.name, facts.email, facts.phone
    row.address_index = stored.address_index(facts.email) if facts.email else None


def _words(row: Contact) -> str:
    return f"{row.relation.value} {row.name} {row.email} {row.phone} {row.channel.value} {row.level.value}"


def edit_contact(uow: UnitOfWork, request: EditContact, *, now: Instant, actor: Actor) -> None:
    """Change a contact; another address has to be verified anew.

    Raises:
        StaleError: somebody else changed it since the form was opened.
        InvalidError: names the field.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        row = stored.contact(uow, request.contact_id)
        if row.version != request.version:
            raise StaleError(CHANGED_BY_SOMEBODY)
        before, address = _words(row), row.address_index
        _write(row, checked(request.contact))
        if row.address_index != address:
            row.status, row.verified_at, row.verified_how = AddressStatus.UNVERIFIED, None, ""
        row.revision += 1
        _consent_as_asked(uow, row, request, now=now, actor=actor)
        _note(uow, row, "changed", before=before, now=now, actor=actor)
        uow.commit()


def _consent_as_asked(
    uow: UnitOfWork, row: Contact, request: EditContact, *, now: Instant, actor: Actor
) -> None:
    event = stored.consents_of(uow, [row.id]).get(row.id)
    given = event is not None and event.kind is ConsentKind.EMAIL_GIVEN
    wanted = request.contact.consented and bool(request.contact.email)
    if wanted != given:
        kind = ConsentKind.EMAIL_GIVEN if wanted else ConsentKind.EMAIL_WITHDRAWN
        _consent(uow, row, kind, how=request.how, now=now, actor=actor)


def _consent(
    uow: UnitOfWork, row: Contact, kind: ConsentKind, *, how: str, now: Instant, actor: Actor
) -> None:
    uow.add(ConsentEvent(contact_id=row.id, kind=kind, at=now, how=how, actor_name=actor.name[:80]))


def _note(
    uow: UnitOfWork, row: Contact, action: str, *, before: str, now: Instant, actor: Actor
) -> None:
    uow.audit(
        actor,
        action,
        "contact",
        row.id,
        at=now,
        patient_id=row.patient_id,
        before=before,
        after=_words(row),
    )


def withdraw(
    uow: UnitOfWork, contact_id: ContactId, *, how: str, now: Instant, actor: Actor
) -> None:
    """Note that a contact wants no more e-mail; the last event holds."""
    with uow:
        row = stored.contact(uow, contact_id)
        _consent(uow, row, ConsentKind.EMAIL_WITHDRAWN, how=how, now=now, actor=actor)
        row.revision += 1
        _note(uow, row, "consent withdrawn", before=_words(row), now=now, actor=actor)
        uow.commit()


def end_contact(uow: UnitOfWork, contact_id: ContactId, *, now: Instant, actor: Actor) -> None:
    """Tell this contact nothing more; it stays in the record."""
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        row = stored.contact(uow, contact_id)
        row.active, row.revision = False, row.revision + 1
        _note(uow, row, "ended", before=_words(row), now=now, actor=actor)
        uow.commit()


def verify_address(
    uow: UnitOfWork, contact_id: ContactId, *, how: str, now: Instant, actor: Actor
) -> None:
    """Note that the address reaches the contact, and how that is known."""
    with uow:
        row = stored.contact(uow, contact_id)
        row.status, row.verified_at = AddressStatus.VERIFIED, now
        row.verified_how, row.verified_by = how[:80], actor.name[:80]
        _note(uow, row, "address verified", before="", now=now, actor=actor)
        uow.commit()


def mark_address(
    uow: UnitOfWork, contact_id: ContactId, status: AddressStatus, *, now: Instant, actor: Actor
) -> None:
    """Note what came of an address: dead after a bounce, suspect, or said not to be the contact's."""
    with uow:
        row = stored.contact(uow, contact_id)
        if row.status is not status:
            row.status, row.revision = status, row.revision + 1
            _note(uow, row, f"address {status.value}", before="", now=now, actor=actor)
        uow.commit()
