"""What changes and passes owe, and what each contact gets, on both databases."""

from datetime import date, timedelta

import pytest

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId
from scheduler.domain.told import read
from scheduler.persistence import message_visits
from scheduler.persistence import messages as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    PlannedDose,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.check import differences, messages
from scheduler.services.messages import send_due
from scheduler.services.notices import (
    owe_moved,
    owe_restored,
    owe_series,
    void_unsent,
)
from scheduler.services.telling import settle_due
from scheduler.services.upcoming import owe_upcoming
from tests.factories.mail import ListMailer
from tests.factories.people import NOW
from tests.factories.told import (
    LATER,
    VISIT,
    World,
    at,
    booked,
    cancelled,
    make_visit,
    make_world,
    moved,
    subject,
    visit_again,
)


def test_a_confirmation_waits_until_the_booking_cannot_be_taken_back(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    early = send_due(world.sending(mailer), now=NOW + timedelta(seconds=29))
    send_due(world.sending(mailer), now=NOW + timedelta(seconds=30))

    assert early.counts == {}
    assert [subject(mail) for mail in mailer.mails] == ["Your visit on Tuesday, March 24"]
    assert world.log() == [("confirmation", "sent", "sent")]


@pytest.mark.slow
def test_each_message_goes_once_however_often_the_passes_run(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    for hour in range(24 * 8):
        now = NOW + timedelta(hours=hour)
        owe_upcoming(world.uow, now=now)
        owe_upcoming(world.uow, now=now)
        send_due(world.sending(mailer), now=now + timedelta(minutes=1))

    assert [kind for kind, _, _ in world.log()] == ["confirmation", "preparation", "reminder"]
    assert len(mailer.mails) == 3


def test_a_visit_booked_the_day_before_gets_no_second_mail_at_once(database: Database) -> None:
    world = make_world(database)
    booked(world, starts_at=at(18, 10))

    assert owe_upcoming(world.uow, now=NOW + timedelta(hours=1)) == 0


def test_after_a_pause_what_is_still_of_use_goes_and_the_log_says_why_the_rest_did_not(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)

    back_in_time = at(22, 8)
    owe_upcoming(world.uow, now=back_in_time)
    send_due(world.sending(mailer), now=back_in_time)
    assert world.log()[1:] == [("preparation", "sent", "sent")]

    other, late = make_world(database), ListMailer()
    booked(other)
    owe_upcoming(other.uow, now=at(23, 10))
    send_due(other.sending(late), now=at(23, 10))
    assert ("preparation", "void", "too late to be of use") in other.log()
    assert [subject(mail)[:8] for mail in late.mails] == ["Your vis", "Reminder"]


def test_a_move_that_is_taken_back_in_time_owes_nothing(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    moved(world, visit_id, VISIT + timedelta(hours=1), now=LATER)
    moved(world, visit_id, VISIT, now=LATER + timedelta(seconds=10))
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    assert len(mailer.mails) == 1
    with world.uow as uow:
        assert visit_again(uow, visit_id).notice_revision == 3


def test_a_visit_moved_before_anybody_was_told_is_confirmed_at_its_new_time(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)

    moved(world, visit_id, VISIT + timedelta(hours=1), now=NOW + timedelta(seconds=5))
    send_due(world.sending(mailer), now=LATER)

    assert world.log() == [
        ("confirmation", "void", "visit changed since"),
        ("confirmation", "sent", "sent"),
    ]
    assert b"11:30 am" in mailer.mails[0]


def test_a_moved_visit_says_the_old_and_the_new_time(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    moved(world, visit_id, VISIT + timedelta(days=1), now=LATER)
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    text = mailer.mails[1].replace(b"=\r\n", b"").decode()
    assert "Before, it was on Tuesday, March 24, 10:30 am" in text
    assert text.index("Wednesday, March 25, 10:30 am") > 0


def test_another_chair_or_an_end_ten_minutes_later_is_not_told(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.chair_key = world.chairs[1]
        visit.ends_at += timedelta(minutes=10)
        owe_moved(uow, visit, now=LATER)
        uow.commit()

    with world.uow as uow:
        assert visit_again(uow, visit_id).notice_revision == 1
    assert len(world.log()) == 1


def test_a_cancelled_visit_gets_nothing_stale_and_one_cancellation(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    owe_upcoming(world.uow, now=at(21, 10))

    cancelled(world, visit_id, now=at(21, 10))
    send_due(world.sending(mailer), now=at(21, 11))
    owe_upcoming(world.uow, now=at(23, 10))
    send_due(world.sending(mailer), now=at(23, 11))

    assert world.log() == [
        ("confirmation", "sent", "sent"),
        ("preparation", "void", "visit cancelled"),
        ("cancelled", "sent", "sent"),
    ]


def test_a_cancellation_taken_back_in_time_owes_nothing(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    cancelled(world, visit_id, now=LATER)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.live, visit.cancellation = AppointmentStatus.BOOKED, True, None
        owe_restored(uow, visit, now=LATER + timedelta(seconds=5))
        uow.commit()
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    assert world.log() == [
        ("confirmation", "sent", "sent"),
        ("cancelled", "void", "visit is on again"),
    ]


def test_a_visit_nobody_was_told_of_is_not_cancelled_by_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)

    cancelled(world, visit_id, now=NOW + timedelta(seconds=5))
    send_due(world.sending(mailer), now=LATER)

    assert world.log() == [("confirmation", "void", "visit cancelled")]


def booked_series(world: World) -> tuple[AppointmentId, AppointmentId]:
    """Book two visits of a plan, two weeks apart, as one series."""
    with world.uow as uow:
        first = make_visit(uow, world, starts_at=VISIT)
        plan_id = message_visits.doses_of(uow, [first.id])[first.id].plan_id
        second = make_visit(uow, world, starts_at=VISIT + timedelta(days=14))
        dose = message_visits.doses_of(uow, [second.id])[second.id]
        uow.session.get_one(PlannedDose, dose.dose_id).plan_id = plan_id
        uow.session.get_one(PlannedDose, dose.dose_id).ordinal = 6
        owe_series(uow, plan_id, [second, first], now=NOW)
        uow.commit()
        return first.id, second.id


def test_a_series_is_one_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    _, second = booked_series(world)

    send_due(world.sending(mailer), now=LATER)

    text = mailer.mails[0].replace(b"=\r\n", b"").decode()
    assert subject(mailer.mails[0]) == "Your next 2 visits"
    assert "- Tuesday, March 24, 10:30 am" in text
    assert "- Tuesday, April 7, 10:30 am" in text
    cancelled(world, second, now=LATER)
    assert world.log()[-1][:2] == ("cancelled", "owed")


def test_what_is_left_of_a_series_is_told_by_its_own_facts(database: Database) -> None:
    world = make_world(database)
    _, second = booked_series(world)

    settle_due(world.uow, now=VISIT + timedelta(hours=8))

    with world.uow as uow:
        told = stored.told_of(uow, [second])
        (entry,) = told.values()
        facts = read(entry.facts)
        assert facts is not None
        assert facts.day == date(2026, 4, 7)
        assert list(differences(uow, messages)) == []


def test_a_change_voids_what_is_unsent(database: Database) -> None:
    world = make_world(database)
    booked(world)

    with world.uow as uow:
        count = void_unsent(uow, patient_id=world.patient_id, why="the patient died", now=LATER)
        uow.commit()

    assert count == 1
    assert world.log() == [("confirmation", "void", "the patient died")]


def test_a_simulated_past_is_settled_without_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    count = settle_due(world.uow, now=LATER)
    send_due(world.sending(mailer), now=LATER)

    assert count == 1
    assert mailer.mails == []
    with world.uow as uow:
        assert len(stored.told_of(uow, [visit.id for visit in [first_visit(uow)]])) == 1


def first_visit(uow: UnitOfWork) -> Appointment:
    return uow.session.query(Appointment).one()


@pytest.mark.slow
def test_a_visit_moved_after_its_reminder_is_reminded_of_anew(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    for now in (LATER, at(21, 10), at(23, 10)):
        owe_upcoming(world.uow, now=now)
        send_due(world.sending(mailer), now=now)

    moved(world, visit_id, VISIT + timedelta(days=7), now=at(23, 11))
    for now in (at(23, 12), at(28, 10), at(30, 10)):
        owe_upcoming(world.uow, now=now)
        send_due(world.sending(mailer), now=now)

    sent = [kind for kind, status, _ in world.log() if status == "sent"]
    assert sent == [
        "confirmation",
        "preparation",
        "reminder",
        "moved",
        "preparation",
        "reminder",
    ]
