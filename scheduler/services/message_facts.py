"""What messages depend on, read from the records: policy, visit, contacts, guidance, sender."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scheduler.domain.guidance import GuidanceSection, GuidanceWanted, choose_for_all
from scheduler.domain.messages import ContactFacts, Lead, MessageKind, MessagePolicy, VisitFacts
from scheduler.domain.people import ConsentKind
from scheduler.domain.told import Told, digest, told
from scheduler.messaging.facts import Sender
from scheduler.persistence import message_visits, patients
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Appointment, Center, Contact, Message
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.guidance import starter_sections

NOTICES = (MessageKind.CONFIRMATION, MessageKind.MOVED, MessageKind.COURSE)


def policy_of(center: Center) -> MessagePolicy:
    """Return a center's choices for its messages."""
    return MessagePolicy(
        zone=ZoneInfo(center.zone),
        send_at=center.send_at,
        undo=timedelta(seconds=center.undo_seconds),
    )


def sender_of(center: Center, base_url: str) -> Sender:
    """Return the center as its mails show it; without an address of its own, under the link's host."""
    host = center.mail_host or urlsplit(base_url).hostname or "localhost"
    return Sender(
        name=center.neutral_name,
        place=center.address,
        mail_from=center.mail_from or f"visits@{host}",
        host=host,
        phone_open=center.phone_open,
        phone_closed=center.phone_closed,
        phone_emergency=center.phone_emergency,
        zone=ZoneInfo(center.zone),
    )


def contacts_of(uow: UnitOfWork, rows: Iterable[Contact]) -> list[ContactFacts]:
    """Return contacts with the last word on their consent."""
    found = list(rows)
    consents = patients.consents_of(uow, [row.id for row in found])
    return [_contact(row, _given(consents.get(row.id))) for row in found]


def _given(event: object) -> bool:
    return getattr(event, "kind", None) is ConsentKind.EMAIL_GIVEN


def _contact(row: Contact, consented: bool) -> ContactFacts:  # noqa: FBT001 - private, read beside its only call
    return ContactFacts(
        id=row.id,
        channel=row.channel,
        email=row.email,
        status=row.status,
        level=row.level,
        language=row.language,
        consented=consented,
        active=row.active,
        kinds=_kinds(row.kinds),
        revision=row.revision,
    )


def _kinds(text: str) -> frozenset[MessageKind] | None:
    if text in ("", "all"):
        return None
    known = {kind.value: kind for kind in MessageKind}
    return frozenset(known[part.strip()] for part in text.split(",") if part.strip() in known)


def visit_of(row: Appointment, *, log: Iterable[Message] = (), ready: bool = True) -> VisitFacts:
    """Return a visit as messages see it; ``log`` holds its messages."""
    notices = [each.created_at for each in log if each.kind in NOTICES]
    return VisitFacts(
        id=row.id,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        notice_revision=row.notice_revision,
        noticed_at=max([row.booked_at, *notices]),
        ready=ready,
    )


def told_facts(row: Appointment, center: Center, dose: VisitDose | None) -> Told:
    """Return what a patient is told of a visit as it stands."""
    instructions = [
        text
        for each in (dose.together if dose else ())
        for text in (each.ingredient, each.phase, str(each.ordinal == 1))
    ]
    return told(
        row.starts_at,
        row.ends_at,
        ZoneInfo(center.zone),
        place=center.address,
        instructions=digest(instructions),
    )


def sections_for(dose: VisitDose | None, lead: Lead, language: str) -> tuple[GuidanceSection, ...]:
    """Return the guidance for a visit's message or page; for each of its doses."""
    wanted = [
        GuidanceWanted(
            drug=each.ingredient if each else "",
            phase=each.phase if each else "",
            first=each is not None and each.ordinal == 1,
            lead=lead,
            language=language,
        )
        for each in (dose.together if dose else (None,))
    ]
    return choose_for_all(starter_sections(), wanted)


def nobody(contacts: Iterable[ContactFacts]) -> bool:
    """Say whether there is no contact at all, so that a person has to find a way."""
    return not any(contact.active for contact in contacts)


def dose_of(uow: UnitOfWork, row: Appointment) -> VisitDose | None:
    """Return the dose that a visit is for."""
    return message_visits.doses_of(uow, [row.id]).get(row.id)
