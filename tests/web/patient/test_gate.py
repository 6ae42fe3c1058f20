"""The birth date before anything else, on both databases."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.privacy import private_words
from scheduler.persistence.database import Database
from tests.factories.told import VISIT
from tests.web.desk_person import TestClock
from tests.web.patient.conftest import Phone, make_phone


def bytes_of(answer: TestResponse) -> str:
    """Return everything that leaves: headers and body."""
    return f"{answer.headers}\n{answer.text}"


def test_before_the_birth_date_every_page_behind_the_link_asks_for_it(phone: Phone) -> None:
    for path in ("", "/visit.ics"):
        answer = phone.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/v/{phone.secret}/birth-date"


def test_before_the_birth_date_no_byte_says_what_it_is_about(phone: Phone) -> None:
    asked = phone.get(follow_redirects=True)
    wrong = phone.enter(year="1990")
    stop = phone.browser.get(f"/s/{phone.secret}")
    unknown = phone.browser.get("/v/unknown")

    for answer in (phone.get(), asked, wrong, stop, unknown):
        assert private_words(bytes_of(answer)) == ()
        assert "Ann" not in answer.text
        assert "March 24" not in answer.text
    assert "<title>Lakeside</title>" in asked.text


def test_the_right_birth_date_shows_the_visit_and_that_the_address_is_real(phone: Phone) -> None:
    answer = phone.enter()

    assert answer.status_code == 303
    assert "Your visit on Tuesday, March 24" in phone.get().text
    assert phone.world.contact().status is AddressStatus.VERIFIED


@pytest.mark.parametrize("typed", [{"month": "13"}, {"day": "x"}, {"year": ""}])
def test_a_day_that_does_not_exist_is_kept_and_costs_no_try(
    phone: Phone, typed: dict[str, str]
) -> None:
    for _ in range(6):
        answer = phone.enter(**typed)

    assert answer.status_code == 422
    assert "This day does not exist" in answer.text
    assert phone.enter().status_code == 303


def test_the_fifth_wrong_birth_date_closes_the_link_and_a_person_calls(phone: Phone) -> None:
    answers = [phone.enter(year="1990").status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 403]
    assert phone.enter().status_code == 404
    assert phone.get().status_code == 404
    assert [task.kind for task in phone.world.calls()] == [TaskKind.CALL_BACK]


def test_a_wrong_birth_date_says_how_many_tries_are_left(phone: Phone) -> None:
    said = [phone.enter(year="1990").text for _ in range(4)]

    for left, page in zip((4, 3, 2), said, strict=False):
        assert f"This is not the birth date we have. {left} tries are left." in page
    assert "This is not the birth date we have. 1 try is left." in said[-1]
    assert "tries are left" not in phone.get("/birth-date").text
    assert "tries are left" not in phone.browser.post("/v/unknown/birth-date").text


def test_a_right_birth_date_forgets_the_wrong_ones(phone: Phone) -> None:
    for _ in range(2):
        for _ in range(4):
            phone.enter(year="1990")
        assert phone.enter().status_code == 303


def test_after_half_an_hour_the_birth_date_is_asked_again(phone: Phone, clock: TestClock) -> None:
    phone.enter()
    clock.at += timedelta(minutes=31)

    answer = phone.browser.post(
        f"/v/{phone.secret}/answer", data={"answer": "coming"}, follow_redirects=True
    )

    assert "30 minutes have passed" in answer.text
    assert "March 24" not in answer.text


def test_a_link_that_is_over_is_a_kind_page_with_the_phone_number(
    phone: Phone, clock: TestClock
) -> None:
    phone.enter()
    clock.at = VISIT + timedelta(days=60)

    over, unknown = phone.get(), phone.browser.get("/v/unknown")

    for answer in (over, unknown):
        assert answer.status_code == 404
        assert "This link does not open any more" in answer.text
        assert "(555) 010-0100" in answer.text
        assert 'href="/"' not in answer.text


def test_two_centers_of_strangers_are_not_named_to_each_other(
    phone: Phone, app: Flask, database: Database
) -> None:
    make_phone(app, database)

    answer = phone.browser.get("/v/unknown")

    assert answer.status_code == 404
    assert "(555) 010-0100" not in answer.text


def test_one_link_never_opens_the_visit_of_another(
    phone: Phone, app: Flask, database: Database
) -> None:
    other = make_phone(app, database)
    phone.enter()

    answer = phone.browser.get(f"/v/{other.secret}")

    assert answer.status_code == 303
    assert phone.browser.get(f"/v/{other.secret}/visit.ics").status_code == 303
    assert phone.browser.post(f"/v/{other.secret}/answer", data={"answer": "coming"})
    assert other.world.calls() == []


def test_an_old_form_asks_again_instead_of_failing(phone: Phone, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = phone.enter()

    assert answer.status_code == 400
    assert "The page was open too long" in unescape(answer.text)


def test_pages_are_kept_by_nobody_and_found_by_no_search(phone: Phone) -> None:
    phone.enter()

    for answer in (phone.get(), phone.get("/birth-date"), phone.browser.get("/v/unknown")):
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
