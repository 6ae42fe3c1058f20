"""What patients are told: kinds of message, when each is due, what makes it owed and what voids it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, ContactId
from scheduler.domain.people import AddressStatus, Channel, PrivacyLevel
from scheduler.domain.timing import Instant, SkippedTimeError, instant_at, local_day


class MessageKind(StrEnum):
    """What a message says."""

    CONFIRMATION = "confirmation"
    PREPARATION = "preparation"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SERIES_SUMMARY = "series_summary"
    COURSE = "course"

    @property
    def words(self) -> str:
        """The kind as the desk reads it."""
        return KIND_WORDS[self]


KIND_WORDS = {
    MessageKind.CONFIRMATION: "Visit scheduled",
    MessageKind.PREPARATION: "How to get ready",
    MessageKind.REMINDER: "Reminder",
    MessageKind.MOVED: "Visit moved",
    MessageKind.CANCELLED: "Visit cancelled",
    MessageKind.SERIES_SUMMARY: "All visits",
    MessageKind.COURSE: "Course scheduled",
}


class Lead(StrEnum):
    """When a guidance section or message is for: at booking, days before, or on the patient's page."""

    BOOKING = "booking"
    THREE_DAYS = "P3D"
    ONE_DAY = "P1D"
    PAGE = "page"


class MessageStatus(StrEnum):
    """Where a message stands: nothing is claimed that cannot be known ("sent", never "delivered")."""

    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"


BEGUN = (
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.FULFILLED,
    AppointmentStatus.NO_SHOW,
)
UNSENT = (MessageStatus.OWED, MessageStatus.CLAIMED)
LEAD_OF = {
    MessageKind.CONFIRMATION: Lead.BOOKING,
    MessageKind.MOVED: Lead.BOOKING,
    MessageKind.COURSE: Lead.BOOKING,
    MessageKind.PREPARATION: Lead.THREE_DAYS,
    MessageKind.REMINDER: Lead.ONE_DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRule:
    """A message that goes some days before the visit.

    Args:
        kind: Which one.
        lead: Its name in the log.
        days: Calendar days before the visit's day, on the center's clock.
        useful_days: It is of use until this many days before the visit; at 0 until the visit starts.
    """

    kind: MessageKind
    lead: Lead
    days: int
    useful_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePolicy:
    """A center's choices for its messages; the leads are policy, not label.

    Args:
        zone: The center's.
        send_at: Wall time at which messages of a day are due.
        undo: How long a change waits, so that its author can take it back.
        leads: Messages before a visit, the earliest first.
    """

    zone: ZoneInfo
    send_at: time = time(9)
    undo: timedelta = timedelta(seconds=30)
    leads: tuple[LeadRule, ...] = (
        LeadRule(kind=MessageKind.PREPARATION, lead=Lead.THREE_DAYS, days=3, useful_days=1),
        LeadRule(kind=MessageKind.REMINDER, lead=Lead.ONE_DAY, days=1, useful_days=0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit as messages see it, in UTC instants.

    Args:
        noticed_at: When it was booked at, or last moved to, its present time.
        ready: Whether every requirement that must be met before the day is met.
    """

    id: AppointmentId
    status: AppointmentStatus
    starts_at: Instant
    ends_at: Instant
    notice_revision: int
    noticed_at: Instant
    ready: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """Who is told, as the records say now.

    Args:
        email: Empty when there is none.
        kinds: Kinds wanted; None means all.
        level: The most that a mail to this contact may name.
        consented: Consent to e-mail given and not withdrawn.
        revision: Rises with each change of the contact.
    """

    id: ContactId
    channel: Channel
    email: str
    status: AddressStatus
    level: PrivacyLevel
    language: str
    consented: bool
    active: bool = True
    kinds: frozenset[MessageKind] | None = None
    revision: int = 1

    @property
    def usable(self) -> bool:
        """Whether a mail may go there: an address that nobody doubts, with consent."""
        doubted = (AddressStatus.SUSPECT, AddressStatus.DEAD, AddressStatus.NOT_ME)
        return bool(self.email) and self.consented and self.status not in doubted

    @property
    def by_mail(self) -> bool:
        """Whether this contact is told by mail; otherwise a person phones."""
        return self.channel is Channel.EMAIL and self.usable

    def wants(self, kind: MessageKind) -> bool:
        """Say whether this contact is told things of that kind at all."""
        listed = self.kinds is None or kind in self.kinds
        return self.active and listed and self.channel is not Channel.NONE

    @property
    def effective_level(self) -> PrivacyLevel:
        """What a mail may name: an address that nobody verified gets the least."""
        verified = self.status is AddressStatus.VERIFIED
        return self.level if verified else PrivacyLevel.MINIMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A message that is owed to a contact; ``by_mail`` says whether as a mail or as a phone task."""

    kind: MessageKind
    lead: Lead
    contact: ContactFacts
    notice_revision: int
    send_after: Instant
    useful_until: Instant

    @property
    def by_mail(self) -> bool:
        """Whether it goes out as a mail."""
        return self.contact.by_mail


def send_time(day: date, policy: MessagePolicy) -> Instant:
    """Return when messages of a local day are due; where the clocks skip the hour, an hour later."""
    try:
        return instant_at(day, policy.send_at, policy.zone)
    except SkippedTimeError:
        later = datetime.combine(day, policy.send_at) + timedelta(hours=1)
        return instant_at(later.date(), later.time(), policy.zone)


def due(visit: VisitFacts, rule: LeadRule, policy: MessagePolicy) -> tuple[Instant, Instant]:
    """Return from when to when a message before the visit makes sense."""
    day = local_day(visit.starts_at, policy.zone)
    until = (
        send_time(day - timedelta(days=rule.useful_days), policy)
        if rule.useful_days
        else visit.starts_at
    )
    return send_time(day - timedelta(days=rule.days), policy), until


def leads_due(
    visit: VisitFacts, policy: MessagePolicy, *, now: Instant
) -> tuple[tuple[LeadRule, tuple[Instant, Instant]], ...]:
    """Return the leads of a visit that have fallen due, each with the span in which it is of use.

    A lead that had passed when the visit was booked or moved is left out: that notice carried the texts.
    Once the visit has begun they are those that nobody was there to send, whatever came of the visit.
    """
    wanted = BEGUN if now >= visit.starts_at else (AppointmentStatus.BOOKED,)
    if visit.status not in wanted:
        return ()
    spans = ((rule, due(visit, rule, policy)) for rule in policy.leads)
    return tuple((rule, span) for rule, span in spans if visit.noticed_at < span[0] <= now)


def owed_before(
    visit: VisitFacts, contacts: Iterable[ContactFacts], policy: MessagePolicy, *, now: Instant
) -> tuple[OwedMessage, ...]:
    """Return the messages before a visit that have fallen due.

    One that passed while nothing was running is owed too, so that the log says what became of it.
    """
    known, revision = tuple(contacts), visit.notice_revision
    return tuple(
        owed
        for rule, span in leads_due(visit, policy, now=now)
        for owed in _to_each(known, rule.kind, rule.lead, revision, span)
    )


def owed_at_once(
    kind: MessageKind,
    revision: int,
    contacts: Iterable[ContactFacts],
    span: tuple[Instant, Instant],
) -> tuple[OwedMessage, ...]:
    """Return what a change owes to each contact; ``span`` is from when (undo is over) to when it is of use."""
    return tuple(_to_each(contacts, kind, Lead.BOOKING, revision, span))


def _to_each(
    contacts: Iterable[ContactFacts],
    kind: MessageKind,
    lead: Lead,
    revision: int,
    span: tuple[Instant, Instant],
) -> list[OwedMessage]:
    return [
        OwedMessage(
            kind=kind,
            lead=lead,
            contact=contact,
            notice_revision=revision,
            send_after=span[0],
            useful_until=span[1],
        )
        for contact in contacts
        if contact.wants(kind)
    ]
