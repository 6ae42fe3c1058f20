"""What a mail is made of: everything that composing needs, and nothing it has to look up."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.domain.guidance import GuidanceSection
from scheduler.domain.ids import AppointmentId, MessageId
from scheduler.domain.messages import MessageKind
from scheduler.domain.people import CalendarMode, PrivacyLevel
from scheduler.domain.timing import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The center as its mails show it.

    Args:
        name: The neutral name.
        place: The address that the patient is told.
        mail_from: The sender's address.
        host: Domain of message ids and calendar entries.
    """

    name: str
    place: str
    mail_from: str
    host: str
    phone_open: str
    phone_closed: str
    phone_emergency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTime:
    """A visit of a mail; ``revision`` is its notice revision, the SEQUENCE of its calendar entry."""

    id: AppointmentId
    starts_at: Instant
    ends_at: Instant
    revision: int = 1

    @property
    def minutes(self) -> int:
        """How long to plan."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """One mail.

    Args:
        to: The recipient's address.
        name: The patient's name to use; said from the level standard on.
        written_at: Its Date, so that the same facts give the same bytes.
        visits: The visit it is about; all of them for a series or a course, the first one first.
        was: When a moved visit was before.
        sections: Guidance that goes into this mail.
        link: The patient's page.
        stop_link: The page that stops the mails.
        calendar: Whether a calendar file goes with it.
        edition: Rises when it has to be written anew before anybody took it; the Message-ID differs then.
    """

    message_id: MessageId
    kind: MessageKind
    language: str
    level: PrivacyLevel
    to: str
    name: str
    sender: Sender
    written_at: Instant
    visits: tuple[VisitTime, ...]
    link: str
    stop_link: str
    was: Instant | None = None
    sections: tuple[GuidanceSection, ...] = ()
    calendar: CalendarMode = CalendarMode.FILE
    edition: int = 0

    @property
    def visit(self) -> VisitTime:
        """The first or only visit."""
        return self.visits[0]
