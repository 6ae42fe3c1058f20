"""The calendar file of a mail: a published entry, or an invitation for those who chose it."""

from dataclasses import dataclass
from datetime import UTC

from icalendar import Calendar, Event, vCalAddress, vText

from scheduler.domain.messages import MessageKind
from scheduler.domain.people import CalendarMode
from scheduler.domain.privacy import private_words
from scheduler.messaging.facts import MailFacts, VisitTime
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
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for visit in mail.visits:
        calendar.add_component(_event(mail, visit, method))
    return CalendarFile(content=calendar.to_ical(), method=method)


def _method(mail: MailFacts) -> str | None:
    if mail.calendar is CalendarMode.NONE or mail.kind is MessageKind.SERIES_SUMMARY:
        return None
    if mail.calendar is CalendarMode.FILE:
        return None if mail.kind is MessageKind.CANCELLED else "PUBLISH"
    return "CANCEL" if mail.kind is MessageKind.CANCELLED else "REQUEST"


def uid(visit: VisitTime, host: str) -> str:
    """Return the entry's UID, the same for as long as the visit lives."""
    return f"{visit.id.hex}@{host}"


def _event(mail: MailFacts, visit: VisitTime, method: str) -> Event:
    sender = mail.sender
    event = Event()
    event.add("uid", uid(visit, sender.host))
    event.add("sequence", visit.revision)
    event.add("dtstamp", mail.written_at.astimezone(UTC))
    event.add("dtstart", visit.starts_at.astimezone(UTC))
    event.add("dtend", visit.ends_at.astimezone(UTC))
    event.add("summary", words_of(mail.language).calendar_title.format(center=sender.name))
    if sender.place and not private_words(sender.place, mail.level):
        event.add("location", sender.place)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _organizer(mail))
    if method != "PUBLISH":
        event.add("attendee", _attendee(mail))
    return event


def _organizer(mail: MailFacts) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{mail.sender.mail_from}")
    organizer.params["CN"] = vText(mail.sender.name)
    return organizer


def _attendee(mail: MailFacts) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{mail.to}")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
