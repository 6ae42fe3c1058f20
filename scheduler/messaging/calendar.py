"""The calendar file of a mail: a published entry, or an invitation for those who chose it."""

from dataclasses import dataclass
from datetime import UTC

from icalendar import Calendar, Event, vCalAddress, vText

from scheduler.domain.messages import MessageKind
from scheduler.domain.people import CalendarMode, PrivacyLevel
from scheduler.domain.privacy import private_words
from scheduler.domain.timing import Instant
from scheduler.messaging.facts import MailFacts, Sender, VisitTime
from scheduler.messaging.words import words_of

FILE_NAME = "visit.ics"
PRODUCT = "-//Visit calendar//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """A calendar file and its METHOD, which has to stand in the part's header too."""

    content: bytes
    method: str


def calendar_file(mail: MailFacts) -> CalendarFile | None:
    """Return the mail's calendar file, or None where none belongs.

    A series has none: each visit's entry goes with its own mails. A published entry cannot be taken back,
    so a cancellation carries a file only for invitations.
    """
    method = _method(mail)
    if method is None:
        return None
    calendar = _calendar(method)
    for visit in mail.visits:
        event = _event(visit, mail.sender, mail.language, mail.level, mail.written_at)
        event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
        if method != "PUBLISH":
            event.add("attendee", _attendee(mail))
        calendar.add_component(event)
    return CalendarFile(content=calendar.to_ical(), method=method)


def published_entry(
    visit: VisitTime, sender: Sender, language: str, *, written_at: Instant
) -> bytes:
    """Return a visit's entry as a file to save, in the most neutral words."""
    calendar = _calendar("PUBLISH")
    event = _event(visit, sender, language, PrivacyLevel.MINIMAL, written_at)
    event.add("status", "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _method(mail: MailFacts) -> str | None:
    if mail.calendar is CalendarMode.NONE or mail.kind is MessageKind.SERIES_SUMMARY:
        return None
    if mail.calendar is CalendarMode.FILE:
        return None if mail.kind is MessageKind.CANCELLED else "PUBLISH"
    return "CANCEL" if mail.kind is MessageKind.CANCELLED else "REQUEST"


def uid(visit: VisitTime, host: str) -> str:
    """Return the entry's UID, the same for as long as the visit lives."""
    return f"{visit.id.hex}@{host}"


def _event(
    visit: VisitTime, sender: Sender, language: str, level: PrivacyLevel, written_at: Instant
) -> Event:
    event = Event()
    event.add("uid", uid(visit, sender.host))
    event.add("sequence", visit.revision)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", visit.starts_at.astimezone(UTC))
    event.add("dtend", visit.ends_at.astimezone(UTC))
    event.add("summary", words_of(language).calendar_title.format(center=sender.name))
    if sender.place and not private_words(sender.place, level):
        event.add("location", sender.place)
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer(sender))
    return event


def _organizer(sender: Sender) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.mail_from}")
    organizer.params["CN"] = vText(sender.name)
    return organizer


def _attendee(mail: MailFacts) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{mail.to}")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
