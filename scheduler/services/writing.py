"""Writing a message: the last check on facts read again, the finished bytes, the link in them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from scheduler.domain.ids import AppointmentId, MessageId, PlanId
from scheduler.domain.last_check import CurrentFacts, Owed, VoidReason, held_back, still_wanted
from scheduler.domain.messages import LEAD_OF, ContactFacts, MessageKind
from scheduler.domain.timing import Instant, instant_at, local_day
from scheduler.domain.told import read
from scheduler.messaging.compose import compose
from scheduler.messaging.facts import MailFacts, VisitTime
from scheduler.messaging.links import new_secret, secret_hash, stop_link, visit_link
from scheduler.messaging.mailer import Envelope
from scheduler.persistence import message_visits, messages, organizations, patients
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Appointment, Center, Message, Patient, PatientLink
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.message_facts import (
    contacts_of,
    policy_of,
    sections_for,
    sender_of,
    visit_of,
)
from scheduler.services.readiness import readiness_of

LINK_LIVES_ON = timedelta(days=3)
PREPARING = (
    MessageKind.CONFIRMATION,
    MessageKind.MOVED,
    MessageKind.PREPARATION,
    MessageKind.REMINDER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A mail that may leave now."""

    mail: bytes
    envelope: Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything a message depends on, read in the transaction of its last check."""

    row: Message
    patient: Patient
    contact: ContactFacts
    center: Center
    visits: tuple[Appointment, ...]
    dose: VisitDose | None
    current: CurrentFacts


def gather(uow: UnitOfWork, row: Message, *, leaves: bool, now: Instant) -> Gathered:
    """Read again everything that a message depends on."""
    center = organizations.center(uow, row.center_id)
    patient = patients.patient(uow, row.patient_id)
    contact = contacts_of(uow, [patients.contact(uow, row.contact_id)])[0]
    visits = _visits(uow, row, now)
    dose = message_visits.doses_of(uow, [visit.id for visit in visits[:1]])
    found = next(iter(dose.values()), None)
    ready = MessageKind(row.kind) is not MessageKind.REMINDER or is_ready(uow, found)
    about_plan = row.subject_kind == "plan"
    current = CurrentFacts(
        visit=None if about_plan else visit_of(visits[0], ready=ready),
        contact=contact,
        deceased=patient.deceased_on is not None,
        paused_until=patient.messages_paused_until,
        today=local_day(now, policy_of(center).zone),
        mail_mode=center.mail_mode,
        organization_mode=organizations.organization(uow).mode,
        leaves=leaves,
    )
    return Gathered(
        row=row,
        patient=patient,
        contact=contact,
        center=center,
        visits=visits,
        dose=found,
        current=current,
    )


def is_ready(uow: UnitOfWork, dose: VisitDose | None) -> bool:
    """Say whether nothing that must be there before the day is missing."""
    if dose is None:
        return True
    found = readiness_of(uow, [each.dose_id for each in dose.together])
    return all(found[each.dose_id].ready for each in dose.together)


def _visits(uow: UnitOfWork, row: Message, now: Instant) -> tuple[Appointment, ...]:
    if row.subject_kind == "plan":
        return tuple(message_visits.of_plan(uow, cast("PlanId", row.subject_id), after=now))
    if row.subject_kind == "course":
        return tuple(message_visits.of_course(uow, row.subject_id))
    return (message_visits.appointment(uow, row.subject_id),)


def refusal(found: Gathered, *, now: Instant) -> VoidReason | None:
    """Return why the message must not leave any more, or None."""
    if not found.visits:
        return VoidReason.CANCELLED
    return still_wanted(owed_of(found.row), found.current, now=now)


def waits(found: Gathered) -> bool:
    """Say whether a reminder has to wait for a requirement."""
    return held_back(owed_of(found.row), found.current)


def owed_of(row: Message) -> Owed:
    """Return a stored message as the last check sees it."""
    return Owed(
        kind=MessageKind(row.kind),
        notice_revision=row.notice_revision,
        useful_until=row.useful_until,
    )


def write(uow: UnitOfWork, found: Gathered, *, base_url: str, now: Instant) -> Prepared:
    """Return the mail's bytes: those of the first try again, unless the contact has changed since.

    Then it is written anew, with a new Message-ID.

    Raises:
        PrivateWordError: it would say what its level forbids.
    """
    row, contact = found.row, found.contact
    if not row.rendered or row.contact_revision != contact.revision:
        mail = _facts(uow, found, base_url=base_url, now=now)
        row.contact_revision, row.level, row.language = contact.revision, mail.level, mail.language
        row.sections = " ".join(section.reference for section in mail.sections)
        row.rendered = compose(mail).as_bytes().decode("ascii")
    sender = sender_of(found.center, base_url)
    envelope = Envelope(sender=sender.mail_from, recipient=contact.email)
    return Prepared(mail=row.rendered.encode("ascii"), envelope=envelope)


def _facts(uow: UnitOfWork, found: Gathered, *, base_url: str, now: Instant) -> MailFacts:
    row, contact, kind = found.row, found.contact, MessageKind(found.row.kind)
    secret = _link(uow, found, now=now)
    lead = LEAD_OF.get(kind)
    texts = sections_for(found.dose, lead, contact.language) if lead and kind in PREPARING else ()
    return MailFacts(
        message_id=row.id,
        kind=kind,
        language=contact.language,
        level=contact.effective_level,
        to=contact.email,
        name=found.patient.name_to_use or found.patient.given_name,
        sender=sender_of(found.center, base_url),
        written_at=now,
        visits=tuple(_time(visit) for visit in found.visits),
        link=visit_link(base_url, secret),
        stop_link=stop_link(base_url, secret),
        was=_was(uow, found),
        sections=texts,
        calendar=patients.contact(uow, row.contact_id).calendar,
        edition=contact.revision if row.rendered else 0,
    )


def _time(visit: Appointment) -> VisitTime:
    return VisitTime(
        id=AppointmentId(visit.id),
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        revision=visit.notice_revision,
    )


def _was(uow: UnitOfWork, found: Gathered) -> Instant | None:
    if found.row.kind != MessageKind.MOVED.value:
        return None
    rows = messages.told_of(uow, [found.visits[0].id])
    row = rows.get((found.visits[0].id, found.row.contact_id))
    facts = read(row.facts) if row else None
    return instant_at(facts.day, facts.start, policy_of(found.center).zone) if facts else None


def _link(uow: UnitOfWork, found: Gathered, *, now: Instant) -> str:
    """Store a new link's hash and return its secret; it opens until some days after the last visit."""
    secret = new_secret()
    about_visit = found.row.subject_kind != "plan"
    uow.add(
        PatientLink(
            secret_hash=secret_hash(secret),
            patient_id=found.patient.id,
            contact_id=found.contact.id,
            appointment_id=found.visits[0].id if about_visit else None,
            message_id=MessageId(found.row.id),
            scope="visit" if about_visit else "plan",
            created_at=now,
            expires_at=found.visits[-1].ends_at + LINK_LIVES_ON,
        )
    )
    return secret
