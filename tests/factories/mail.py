"""Fake ways for mails, and facts of mails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.ids import AppointmentId, MessageId
from scheduler.domain.messages import MessageKind
from scheduler.domain.people import PrivacyLevel
from scheduler.messaging.facts import MailFacts, Sender, VisitTime
from scheduler.messaging.mailer import Envelope, Outcome, Sent

SENDER = Sender(
    name="Cedar Hollow Clinic",
    place="220 Orchard Street, 2nd floor",
    mail_from="visits@cedarhollow.example",
    host="visits.cedarhollow.example",
    phone_open="(555) 010-0100",
    phone_closed="(555) 010-0199",
    phone_emergency="911",
    zone=ZoneInfo("America/New_York"),
)


def make_visit_time(**values: Any) -> VisitTime:
    """Return Tuesday, March 24, 2026, 10:30 to 14:30 in New York."""
    facts: dict[str, Any] = {
        "id": AppointmentId(UUID(int=5)),
        "starts_at": datetime(2026, 3, 24, 14, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 24, 18, 30, tzinfo=UTC),
    }
    return VisitTime(**facts | values)


def make_mail(**values: Any) -> MailFacts:
    """Return the facts of a confirmation at the least privacy level."""
    facts: dict[str, Any] = {
        "message_id": MessageId(UUID(int=77)),
        "kind": MessageKind.CONFIRMATION,
        "language": "en",
        "level": PrivacyLevel.MINIMAL,
        "to": "theo@example.org",
        "name": "Theo",
        "sender": SENDER,
        "written_at": datetime(2026, 3, 17, 13, 0, tzinfo=UTC),
        "visits": (make_visit_time(),),
        "link": "https://visits.cedarhollow.example/v/abc",
        "stop_link": "https://visits.cedarhollow.example/s/abc",
    }
    return MailFacts(**facts | values)


@dataclass
class ListMailer:
    """Keeps what it is given, and answers as told: ``answers`` first, then Sent."""

    answers: list[Outcome] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    leaves: bool = True

    @contextmanager
    def batch(self) -> Iterator["ListMailer"]:
        """Return itself."""
        yield self

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:
        """Keep the mail and answer."""
        self.mails.append(mail)
        self.envelopes.append(envelope)
        return self.answers.pop(0) if self.answers else Sent()


@dataclass
class Meanwhile(ListMailer):
    """Something happens while the mail server has a mail and has not answered yet."""

    happens: Callable[[], object] = lambda: None

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:
        """Keep the mail, let it happen, then answer."""
        self.happens()
        return super().send(mail, envelope)
