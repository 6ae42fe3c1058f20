"""A visit changes while its mail is at the server, or was there when the worker was killed: nobody is left with it."""

import pytest

from scheduler.persistence.database import Database
from scheduler.services.messages import release_claims, send_due
from tests.factories.mail import ListMailer, Meanwhile
from tests.factories.told import LATER, VISIT, booked, cancelled, make_world, moved, subject
from tests.services.test_sending import Deadly, Killed

ANOTHER_DAY = VISIT.replace(day=26)
MUCH_LATER = LATER.replace(hour=LATER.hour + 1)


def test_who_gets_a_confirmation_while_the_visit_is_cancelled_is_told_of_that_too(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit = booked(world)
    busy = Meanwhile(happens=lambda: cancelled(world, visit, now=LATER))

    send_due(world.sending(busy), now=LATER)
    send_due(world.sending(mailer), now=MUCH_LATER)

    assert [subject(mail) for mail in busy.mails] == ["Your visit on Tuesday, March 24"]
    assert [subject(mail) for mail in mailer.mails] == [
        "Cancelled: your visit on Tuesday, March 24"
    ]
    assert world.log() == [("confirmation", "sent", "sent"), ("cancelled", "sent", "sent")]


def test_who_gets_a_confirmation_while_the_visit_is_moved_is_told_from_where(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit = booked(world)
    busy = Meanwhile(happens=lambda: moved(world, visit, ANOTHER_DAY, now=LATER))

    send_due(world.sending(busy), now=LATER)
    send_due(world.sending(mailer), now=MUCH_LATER)

    (mail,) = mailer.mails
    assert subject(mail) == "New time: your visit is now on Thursday, March 26"
    assert b"it was on Tuesday, March 24" in mail


def test_after_a_kill_a_cancelled_visit_is_taken_back_from_who_may_have_got_its_mail(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit = booked(world)
    with pytest.raises(Killed):
        send_due(world.sending(Deadly()), now=LATER)

    release_claims(world.uow, keep="nobody")
    cancelled(world, visit, now=LATER)
    send_due(world.sending(mailer), now=MUCH_LATER)

    assert [subject(mail) for mail in mailer.mails] == [
        "Cancelled: your visit on Tuesday, March 24"
    ]


def test_who_was_never_written_to_is_not_told_of_a_cancellation(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit = booked(world)

    cancelled(world, visit, now=LATER)
    send_due(world.sending(mailer), now=MUCH_LATER)

    assert mailer.mails == []
