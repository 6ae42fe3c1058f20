"""The calendar files of mails, read again by a calendar."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar, Event

from scheduler.domain.messages import MessageKind
from scheduler.domain.people import CalendarMode, PrivacyLevel
from scheduler.messaging.calendar import calendar_file
from scheduler.messaging.compose import compose
from scheduler.messaging.facts import MailFacts
from tests.factories.mail import make_mail, make_visit_time


def entry(mail: MailFacts) -> Event:
    made = calendar_file(mail)
    assert made is not None
    found = Calendar.from_ical(made.content.decode()).walk("VEVENT")[0]
    assert isinstance(found, Event)
    return found


def test_a_visit_is_published_privately_without_guests_or_alarm() -> None:
    made = calendar_file(make_mail())
    assert made is not None
    text = made.content.decode()
    event = entry(make_mail())

    assert made.method == "PUBLISH"
    assert "METHOD:PUBLISH" in text
    assert event["summary"] == "Visit, Cedar Hollow Clinic"
    assert event["class"] == "PRIVATE"
    assert event.decoded("dtstart") == datetime(2026, 3, 24, 14, 30, tzinfo=UTC)
    assert "ORGANIZER" in text
    for word in ("ATTENDEE", "VALARM", "https:", "Theo"):
        assert word not in text


def test_a_moved_visit_keeps_its_uid_and_raises_its_sequence() -> None:
    before = entry(make_mail())
    after = entry(make_mail(kind=MessageKind.MOVED, visits=(make_visit_time(revision=2),)))

    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 2)


def test_a_published_entry_is_not_cancelled_by_file_but_an_invitation_is() -> None:
    cancelled = make_mail(kind=MessageKind.CANCELLED)
    invited = make_mail(kind=MessageKind.CANCELLED, calendar=CalendarMode.INVITATION)

    assert calendar_file(cancelled) is None
    made = calendar_file(invited)
    assert made is not None
    assert made.method == "CANCEL"
    assert entry(invited)["status"] == "CANCELLED"


def test_an_invitation_asks_one_guest_and_no_answer() -> None:
    event = entry(make_mail(calendar=CalendarMode.INVITATION))

    assert event["attendee"] == "mailto:theo@example.org"
    assert event["attendee"].params["RSVP"] == "FALSE"


def test_who_wants_no_file_gets_none() -> None:
    assert calendar_file(make_mail(calendar=CalendarMode.NONE)) is None


@pytest.mark.parametrize("level", list(PrivacyLevel))
def test_the_method_stands_in_the_parts_header_too(level: PrivacyLevel) -> None:
    mail = message_from_bytes(compose(make_mail(level=level)).as_bytes(), policy=default)

    attached = next(iter(mail.iter_attachments()))
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == "PUBLISH"
    assert attached.get_filename() == "visit.ics"
