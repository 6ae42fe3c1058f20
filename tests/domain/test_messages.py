"""What is owed when, what voids it, and what a patient has to be told again."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, ContactId
from scheduler.domain.last_check import (
    CurrentFacts,
    Owed,
    VoidReason,
    held_back,
    next_try,
    still_wanted,
)
from scheduler.domain.messages import (
    ContactFacts,
    Lead,
    MessageKind,
    MessagePolicy,
    VisitFacts,
    due,
    owed_before,
    send_time,
)
from scheduler.domain.people import (
    AddressStatus,
    Channel,
    MailMode,
    OrganizationMode,
    PrivacyLevel,
)
from scheduler.domain.told import Told, changed, next_revision, read, told, written

ZONE = ZoneInfo("America/New_York")
POLICY = MessagePolicy(zone=ZONE)
START = datetime(2026, 3, 24, 14, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 17, 14, 0, tzinfo=UTC)
TOLD = Told(day=date(2026, 3, 24), start=time(10, 30), minutes=240, place="here")


def make_visit(**values: Any) -> VisitFacts:
    facts: dict[str, Any] = {
        "id": AppointmentId(UUID(int=1)),
        "status": AppointmentStatus.BOOKED,
        "starts_at": START,
        "ends_at": START + timedelta(hours=4),
        "notice_revision": 1,
        "noticed_at": NOW,
    }
    return VisitFacts(**facts | values)


def make_contact(**values: Any) -> ContactFacts:
    facts: dict[str, Any] = {
        "id": ContactId(UUID(int=2)),
        "channel": Channel.EMAIL,
        "email": "ann@example.org",
        "status": AddressStatus.VERIFIED,
        "level": PrivacyLevel.MINIMAL,
        "language": "en",
        "consented": True,
    }
    return ContactFacts(**facts | values)


def make_current(**values: Any) -> CurrentFacts:
    facts: dict[str, Any] = {
        "visit": make_visit(),
        "contact": make_contact(),
        "deceased": False,
        "paused_until": None,
        "today": date(2026, 3, 23),
        "mail_mode": MailMode.LIVE,
        "organization_mode": OrganizationMode.LIVE,
        "leaves": True,
    }
    return CurrentFacts(**facts | values)


OWED = Owed(kind=MessageKind.REMINDER, notice_revision=1, useful_until=START)
BEFORE = START - timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "told_again"),
    [
        ({}, False),
        ({"day": date(2026, 3, 25)}, True),
        ({"start": time(10, 45)}, True),
        ({"place": "there"}, True),
        ({"instructions": "other"}, True),
        ({"minutes": 254}, False),
        ({"minutes": 255}, True),
        ({"minutes": 225}, True),
    ],
)
def test_only_what_the_patient_was_told_counts_as_a_change(
    change: dict[str, Any], told_again: bool
) -> None:
    assert changed(TOLD, replace(TOLD, **change)) is told_again


def test_the_notice_revision_rises_with_what_is_told_and_never_falls() -> None:
    later = replace(TOLD, start=time(11))

    assert next_revision(4, TOLD, TOLD) == 4
    assert next_revision(4, TOLD, later) == 5
    assert next_revision(5, later, TOLD) == 6
    assert next_revision(1, None, TOLD) == 2


@given(quarter_hours=st.integers(0, 4 * 24 * 365 * 4), minutes=st.integers(1, 700))
def test_told_facts_survive_being_stored(quarter_hours: int, minutes: int) -> None:
    starts_at = NOW + timedelta(minutes=15 * quarter_hours)
    ends_at = starts_at + timedelta(minutes=minutes)

    facts = told(starts_at, ends_at, ZONE, place="12 Shore Road", instructions="x")

    assert read(written(facts)) == facts


def test_leads_count_calendar_days_on_the_centers_clock() -> None:
    late_evening = make_visit(starts_at=datetime(2026, 3, 25, 1, 0, tzinfo=UTC))

    assert [due(late_evening, rule, POLICY)[0] for rule in POLICY.leads] == [
        datetime(2026, 3, 21, 13, 0, tzinfo=UTC),
        datetime(2026, 3, 23, 13, 0, tzinfo=UTC),
    ]


def test_daylight_saving_does_not_move_the_hour_of_sending() -> None:
    assert send_time(date(2026, 3, 7), POLICY) == datetime(2026, 3, 7, 14, 0, tzinfo=UTC)
    assert send_time(date(2026, 3, 8), POLICY) == datetime(2026, 3, 8, 13, 0, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_becomes_the_next_one() -> None:
    night = replace(POLICY, send_at=time(2, 30))

    assert send_time(date(2026, 3, 8), night) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_a_lead_is_owed_from_its_hour_on() -> None:
    hour = datetime(2026, 3, 21, 13, 0, tzinfo=UTC)
    contacts = [make_contact()]

    assert owed_before(make_visit(), contacts, POLICY, now=hour - timedelta(seconds=1)) == ()
    owed = owed_before(make_visit(), contacts, POLICY, now=hour)
    assert [(each.kind, each.lead) for each in owed] == [(MessageKind.PREPARATION, Lead.THREE_DAYS)]
    assert owed[0].useful_until == datetime(2026, 3, 23, 13, 0, tzinfo=UTC)


def test_a_lead_that_had_passed_at_booking_is_not_owed() -> None:
    booked_late = make_visit(noticed_at=START - timedelta(days=2))

    owed = owed_before(booked_late, [make_contact()], POLICY, now=START - timedelta(hours=2))

    assert [each.kind for each in owed] == [MessageKind.REMINDER]


@pytest.mark.parametrize("status", [s for s in AppointmentStatus if s != "booked"])
def test_only_a_booked_visit_owes_messages_before_it(status: AppointmentStatus) -> None:
    assert owed_before(make_visit(status=status), [make_contact()], POLICY, now=BEFORE) == ()


@pytest.mark.parametrize(
    ("contact", "kinds"),
    [
        ({}, 2),
        ({"channel": Channel.NONE}, 0),
        ({"active": False}, 0),
        ({"kinds": frozenset({MessageKind.REMINDER})}, 1),
        ({"channel": Channel.PHONE}, 2),
    ],
)
def test_each_contact_is_owed_what_it_wants(contact: dict[str, Any], kinds: int) -> None:
    owed = owed_before(make_visit(), [make_contact(**contact)], POLICY, now=BEFORE)

    assert len(owed) == kinds


@pytest.mark.parametrize(
    "contact",
    [
        {"email": ""},
        {"consented": False},
        {"status": AddressStatus.DEAD},
        {"status": AddressStatus.SUSPECT},
        {"status": AddressStatus.NOT_ME},
        {"channel": Channel.PHONE},
    ],
)
def test_where_no_mail_can_go_a_person_phones(contact: dict[str, Any]) -> None:
    owed = owed_before(make_visit(), [make_contact(**contact)], POLICY, now=BEFORE)

    assert {each.by_mail for each in owed} == {False}


def test_an_address_nobody_verified_gets_the_least() -> None:
    contact = make_contact(level=PrivacyLevel.FULL)

    assert contact.effective_level is PrivacyLevel.FULL
    assert replace(contact, status=AddressStatus.UNVERIFIED).effective_level == "minimal"


def test_a_message_whose_facts_hold_is_still_wanted() -> None:
    assert still_wanted(OWED, make_current(), now=BEFORE) is None


CANCELLED = make_visit(status=AppointmentStatus.CANCELLED)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"deceased": True}, VoidReason.DECEASED),
        ({"paused_until": date(2026, 3, 23)}, VoidReason.PAUSED),
        ({"visit": CANCELLED}, VoidReason.CANCELLED),
        ({"visit": make_visit(status=AppointmentStatus.ARRIVED)}, VoidReason.OVER),
        ({"visit": make_visit(notice_revision=2)}, VoidReason.CHANGED),
        ({"contact": make_contact(active=False)}, VoidReason.ENDED),
        ({"contact": make_contact(channel=Channel.PHONE)}, VoidReason.BY_PHONE),
        ({"contact": make_contact(channel=Channel.NONE)}, VoidReason.NOT_WANTED),
        ({"contact": make_contact(consented=False)}, VoidReason.NO_CONSENT),
        ({"contact": make_contact(status=AddressStatus.DEAD)}, VoidReason.NO_ADDRESS),
        ({"mail_mode": MailMode.OFF}, VoidReason.MAIL_OFF),
        ({"mail_mode": MailMode.OUTBOX}, VoidReason.NOT_LIVE),
        ({"organization_mode": OrganizationMode.DEMONSTRATION}, VoidReason.NOT_LIVE),
        ({"organization_mode": OrganizationMode.RESTORED}, VoidReason.NOT_LIVE),
    ],
)
def test_the_last_check_says_why_not(facts: dict[str, Any], reason: VoidReason) -> None:
    assert still_wanted(OWED, make_current(**facts), now=BEFORE) is reason


def test_a_pause_ends_after_its_last_day() -> None:
    facts = make_current(paused_until=date(2026, 3, 22))

    assert still_wanted(OWED, facts, now=BEFORE) is None


def test_a_message_of_no_use_any_more_is_not_sent() -> None:
    early = replace(OWED, useful_until=BEFORE)

    assert still_wanted(early, make_current(), now=BEFORE) is VoidReason.TOO_LATE
    assert still_wanted(OWED, make_current(), now=START) is VoidReason.OVER


def test_a_cancellation_is_wanted_while_the_visit_stays_cancelled() -> None:
    cancellation = replace(OWED, kind=MessageKind.CANCELLED)

    assert still_wanted(cancellation, make_current(visit=CANCELLED), now=BEFORE) is None
    assert still_wanted(cancellation, make_current(), now=BEFORE) is VoidReason.STILL_ON


def test_a_mail_written_for_another_address_or_level_does_not_leave() -> None:
    other = replace(OWED, address="old@example.org")
    more = replace(OWED, level=PrivacyLevel.FULL)

    assert still_wanted(other, make_current(), now=BEFORE) is VoidReason.OTHER_ADDRESS
    assert still_wanted(more, make_current(), now=BEFORE) is VoidReason.LEVEL_LOWERED


def test_only_a_reminder_waits_for_a_requirement() -> None:
    unready = make_current(visit=make_visit(ready=False))

    assert held_back(OWED, unready)
    assert not held_back(OWED, make_current())
    assert not held_back(replace(OWED, kind=MessageKind.PREPARATION), unready)


def test_tries_come_further_and_further_apart() -> None:
    waits = [next_try(attempt, now=NOW) - NOW for attempt in range(1, 9)]

    assert waits[0] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
