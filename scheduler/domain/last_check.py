"""The last look before a message leaves: whether it is still wanted, and what a failure leads to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.messages import (
    ContactFacts,
    MessageKind,
    VisitFacts,
)
from scheduler.domain.people import Channel, MailMode, OrganizationMode, PrivacyLevel
from scheduler.domain.timing import Instant

BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360)
HOLD_BACK_FOR = timedelta(hours=1)
LIVE_VISITS = (AppointmentStatus.BOOKED,)
LEVELS = (PrivacyLevel.MINIMAL, PrivacyLevel.STANDARD, PrivacyLevel.FULL)


class VoidReason(StrEnum):
    """Why an owed message is not sent, as the log says it."""

    DECEASED = "patient died"
    CANCELLED = "visit cancelled"
    STILL_ON = "visit is on again"
    OVER = "visit is over or has begun"
    CHANGED = "visit changed since"
    TOO_LATE = "too late to be of use"
    PAUSED = "messages are paused"
    ENDED = "contact ended"
    NOT_WANTED = "contact does not want this kind"
    NO_CONSENT = "no consent to e-mail"
    BY_PHONE = "to be told by phone"
    NO_ADDRESS = "no usable address"
    OTHER_ADDRESS = "contact changed since"
    LEVEL_LOWERED = "less may be named than when it was written"
    MAIL_OFF = "the center's mail is off"
    NOT_LIVE = "only a live center sends live mail"
    NOT_READY = "requirements not met"

    @property
    def needs_call(self) -> bool:
        """Whether a person has to phone instead."""
        return self in NEEDS_CALL


NEEDS_CALL = frozenset({VoidReason.NO_CONSENT, VoidReason.BY_PHONE, VoidReason.NO_ADDRESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message as it was owed.

    Args:
        address: Where a first try wanted to go; None before it was written.
        level: At which it was written; None before.
    """

    kind: MessageKind
    notice_revision: int
    useful_until: Instant
    address: str | None = None
    level: PrivacyLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentFacts:
    """Everything a message depends on, read again just before it leaves.

    Args:
        visit: None for messages about a plan.
        today: The center's calendar day.
        leaves: Whether the mailer reaches real people (SMTP), not a folder.
    """

    visit: VisitFacts | None
    contact: ContactFacts
    deceased: bool
    paused_until: date | None
    today: date
    mail_mode: MailMode
    organization_mode: OrganizationMode
    leaves: bool


def still_wanted(message: Owed, facts: CurrentFacts, *, now: Instant) -> VoidReason | None:
    """Return why a message must not leave any more, or None.

    Asked in the order in which a desk would explain it: the patient, the visit, the contact, the center.
    """
    return (
        _patient(facts)
        or _visit(message, facts, now)
        or (VoidReason.TOO_LATE if now >= message.useful_until else None)
        or _contact(message, facts.contact)
        or _written(message, facts.contact)
        or _center(facts)
    )


def held_back(message: Owed, facts: CurrentFacts) -> bool:
    """Say whether a reminder waits, because a requirement of the visit is not met; the desk gets a task."""
    visit = facts.visit
    return message.kind is MessageKind.REMINDER and visit is not None and not visit.ready


def _patient(facts: CurrentFacts) -> VoidReason | None:
    if facts.deceased:
        return VoidReason.DECEASED
    paused = facts.paused_until is not None and facts.today <= facts.paused_until
    return VoidReason.PAUSED if paused else None


def _visit(message: Owed, facts: CurrentFacts, now: Instant) -> VoidReason | None:
    visit = facts.visit
    if visit is None:
        return None
    if visit.notice_revision != message.notice_revision:
        return VoidReason.CHANGED
    if message.kind is MessageKind.CANCELLED:
        return VoidReason.STILL_ON if visit.status in LIVE_VISITS else None
    if visit.status not in LIVE_VISITS:
        gone = visit.status in (AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR)
        return VoidReason.CANCELLED if gone else VoidReason.OVER
    return VoidReason.OVER if now >= visit.starts_at else None


def _contact(message: Owed, contact: ContactFacts) -> VoidReason | None:
    if not contact.active:
        return VoidReason.ENDED
    if not contact.wants(message.kind):
        return VoidReason.NOT_WANTED
    if contact.channel is Channel.PHONE:
        return VoidReason.BY_PHONE
    if contact.email and not contact.consented:
        return VoidReason.NO_CONSENT
    return None if contact.usable else VoidReason.NO_ADDRESS


def _written(message: Owed, contact: ContactFacts) -> VoidReason | None:
    if message.address is not None and message.address != contact.email:
        return VoidReason.OTHER_ADDRESS
    if message.level is not None and LEVELS.index(message.level) > LEVELS.index(
        contact.effective_level
    ):
        return VoidReason.LEVEL_LOWERED
    return None


def _center(facts: CurrentFacts) -> VoidReason | None:
    if facts.mail_mode is MailMode.OFF:
        return VoidReason.MAIL_OFF
    if not facts.leaves:
        return None
    live = facts.mail_mode is MailMode.LIVE and facts.organization_mode is OrganizationMode.LIVE
    return None if live else VoidReason.NOT_LIVE


def next_try(attempts: int, *, now: Instant) -> Instant:
    """Return when to try again after so many attempts: 1, 5, 15 minutes, then 1, 3 and every 6 hours."""
    minutes = BACK_OFF_MINUTES[min(max(attempts, 1), len(BACK_OFF_MINUTES)) - 1]
    return now + timedelta(minutes=minutes)
