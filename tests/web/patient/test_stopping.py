"""Stopping the mails, by a person and by a mail program's button, on both databases."""

from datetime import timedelta

from flask import Flask

from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.services.messages import send_due
from tests.factories.mail import ListMailer
from tests.factories.told import LATER, VISIT, booked
from tests.web.patient.conftest import Phone


def kinds(phone: Phone) -> list[TaskKind]:
    return [task.kind for task in phone.world.calls()]


def test_a_link_alone_only_asks(phone: Phone) -> None:
    answer = phone.browser.get(f"/s/{phone.secret}")

    assert "Stop these mails?" in answer.text
    assert phone.world.contact().revision == 1


def test_a_mail_program_stops_the_mails_by_one_post_without_a_form(
    phone: Phone, app: Flask
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = phone.browser.post(
        f"/s/{phone.secret}", data={"List-Unsubscribe": "One-Click"}, headers={"Referer": ""}
    )
    booked(phone.world, starts_at=VISIT + timedelta(days=7))

    assert answer.status_code == 200
    assert "We will call you about your visits instead" in answer.text
    assert TaskKind.PHONE in kinds(phone)


def test_whoever_gets_mails_of_somebody_else_says_so(phone: Phone) -> None:
    answer = phone.browser.post(f"/s/{phone.secret}/not-mine")

    assert "We will not write to this address any more" in answer.text
    assert phone.world.contact().status is AddressStatus.NOT_ME
    assert kinds(phone) == [TaskKind.UNDELIVERABLE]
    assert phone.get().status_code == 404


def test_saying_that_it_is_not_mine_needs_the_form(phone: Phone, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    phone.browser.post(f"/s/{phone.secret}/not-mine")

    assert phone.world.contact().status is AddressStatus.UNVERIFIED


def test_the_mail_names_the_button_whole_and_in_one_line(phone: Phone) -> None:
    mailer = ListMailer()
    booked(phone.world, starts_at=VISIT + timedelta(days=7))
    send_due(phone.world.sending(mailer), now=LATER)
    lines = mailer.mails[-1].decode().splitlines()

    named = [line for line in lines if line.startswith("List-Unsubscribe: <https://")]
    assert len(named) == 1
    assert named[0].endswith(">")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
