"""The visit behind the link: what it says, and what a button changes, on both databases."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.people import TaskKind
from scheduler.domain.privacy import private_words
from scheduler.persistence.database import Database
from tests.factories.people import NOW
from tests.factories.told import VISIT, booked, cancelled, moved, visit_again
from tests.web.desk_person import TestClock
from tests.web.patient.conftest import Phone, make_phone

SAID = {
    "coming": "We know that you will come",
    "cannot_come": "call you to find another day",
    "call_me": "Thank you. We will call you.",
}


@pytest.fixture
def opened(phone: Phone) -> Phone:
    phone.enter()
    return phone


def text_of(phone: Phone) -> str:
    return unescape(phone.get().text)


def test_the_page_says_when_where_how_long_how_to_prepare_and_why_this_date(opened: Phone) -> None:
    text = text_of(opened)

    for words in (
        "Your visit on Tuesday, March 24",
        "10:30 am",
        "About 4 hours, until 2:30 pm",
        "12 Shore Road",
        "How to get ready",
        "Eating and drinking",
        "IV start",
        "Monitoring",
        "Why this date",
        "Call us before you come:",
        'href="tel:5550100100"',
    ):
        assert words in text


@pytest.mark.parametrize(
    ("answer", "tasks"),
    [
        ("coming", []),
        ("call_me", [TaskKind.CALL_BACK]),
        ("cannot_come", [TaskKind.REBOOK]),
    ],
)
def test_an_answer_is_kept_shown_and_a_task_where_a_person_is_needed(
    opened: Phone, answer: str, tasks: list[TaskKind]
) -> None:
    pressed = opened.post("/answer", answer=answer)
    opened.post("/answer", answer=answer)

    assert pressed.status_code == 303
    assert SAID[answer] in text_of(opened)
    assert [task.kind for task in opened.world.calls()] == tasks


def test_who_thinks_better_of_it_is_heard(opened: Phone) -> None:
    opened.post("/answer", answer="cannot_come")
    opened.post("/answer", answer="coming")

    assert SAID["coming"] in text_of(opened)
    assert opened.world.calls() == []


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_another_answer_is_refused(opened: Phone, answer: str) -> None:
    refused = opened.post("/answer", answer=answer)

    assert refused.status_code == 422
    assert "Please choose one of the answers" in refused.text


def test_looking_changes_nothing(phone: Phone) -> None:
    paths = ("", "/birth-date", "/visit.ics", "/answer")
    before = state_of(phone)

    for path in paths:
        phone.get(path)
        phone.browser.head(f"/v/{phone.secret}{path}")
    for method in (phone.browser.get, phone.browser.head):
        method(f"/s/{phone.secret}")
        method(f"/s/{phone.secret}/not-mine")
    assert state_of(phone) == before

    phone.enter()
    before = state_of(phone)
    for path in paths:
        phone.get(f"{path}?answer=coming")
        phone.browser.head(f"/v/{phone.secret}{path}")
    assert state_of(phone) == before


def state_of(phone: Phone) -> tuple[object, ...]:
    with phone.world.uow as uow:
        visit = visit_again(uow, phone.visit_id)
        answers = (visit.confirmed_at, visit.call_wanted_at, visit.cannot_come_at, visit.version)
    contact = phone.world.contact()
    return (*answers, contact.status, contact.revision, len(phone.world.calls()))


def test_a_moved_visit_shows_its_new_time(opened: Phone) -> None:
    later = VISIT + timedelta(hours=1)
    moved(opened.world, opened.visit_id, later, now=NOW + timedelta(hours=1))

    assert "11:30 am" in text_of(opened)


def test_a_cancelled_visit_says_so_and_asks_nothing(opened: Phone) -> None:
    booked(opened.world, starts_at=VISIT + timedelta(days=7))
    cancelled(opened.world, opened.visit_id, now=NOW + timedelta(hours=1))

    text = text_of(opened)
    refused = opened.post("/answer", answer="coming")

    assert "Your visit on Tuesday, March 24 is cancelled" in text
    assert "Your next visits" in text
    assert "Tuesday, March 31" in text
    assert 'name="answer"' not in text
    assert refused.status_code == 409
    assert opened.get("/visit.ics").status_code == 303


def test_a_past_visit_says_so_and_asks_nothing(phone: Phone, clock: TestClock) -> None:
    clock.at = VISIT + timedelta(days=1)
    phone.enter()

    text = text_of(phone)

    assert "Your visit on Tuesday, March 24 is over" in text
    assert 'name="answer"' not in text
    assert "What to watch for afterwards" in text


def test_a_patient_who_has_arrived_is_asked_nothing(phone: Phone, clock: TestClock) -> None:
    with phone.world.uow as uow:
        visit_again(uow, phone.visit_id).status = AppointmentStatus.ARRIVED
        uow.commit()
    clock.at = VISIT + timedelta(minutes=5)
    phone.enter()

    assert 'name="answer"' not in text_of(phone)


def test_the_calendar_file_names_nothing_private_and_holds_no_secret(opened: Phone) -> None:
    answer = opened.get("/visit.ics")

    assert answer.mimetype == "text/calendar"
    assert opened.secret[:4] not in answer.headers["Content-Disposition"]
    assert private_words(f"{answer.headers}{answer.text}") == ()
    assert opened.secret not in answer.text


def test_the_contact_s_language_is_spoken_and_another_is_a_link_away(spanish: Phone) -> None:
    asked = spanish.get(follow_redirects=True)
    assert '<html lang="es"' in asked.text
    assert "Escriba su fecha de nacimiento" in asked.text

    spanish.enter()
    assert "Su visita del martes 24 de marzo" in text_of(spanish)
    english = spanish.get("?lang=en").text
    assert "Your visit on Tuesday, March 24" in english
    assert 'action="/v/' + spanish.secret + '/answer?lang=en"' in english


def test_a_chosen_language_is_kept_after_a_press(app: Flask, database: Database) -> None:
    phone = make_phone(app, database)

    entered = phone.browser.post(
        f"/v/{phone.secret}/birth-date?lang=es", data={"month": "6", "day": "1", "year": "1984"}
    )
    pressed = phone.browser.post(f"/v/{phone.secret}/answer?lang=es", data={"answer": "coming"})

    for answer in (entered, pressed):
        assert answer.headers["Location"] == f"/v/{phone.secret}?lang=es"
