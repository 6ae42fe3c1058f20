"""Signing in and out, as a browser sees it."""

from datetime import timedelta
from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Role
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import hashed, matches
from scheduler.web.fragments import FRAGMENT
from scheduler.web.gatekeepers import local_path
from tests.factories.staff import PASSWORD, make_staff
from tests.web.conftest import SignedIn
from tests.web.desk_person import TestClock

ADDRESS = "jo@lakeside.example"
FORM = {"email": ADDRESS, "password": PASSWORD}


@pytest.fixture
def jo(uow: UnitOfWork, center: CenterId) -> None:
    make_staff(uow, center, Role.FRONT_DESK, name="Jo Rask", email=ADDRESS)


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient, jo: None) -> None:
    sent = client.get("/account?x=1")
    assert sent.status_code == 303
    assert sent.location == "/sign-in?next=/account?x%3D1"

    answer = client.post(sent.location, data=FORM)

    assert answer.status_code == 303
    assert answer.location == "/account?x=1"
    assert client.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_address_read_alike(client: FlaskClient, jo: None) -> None:
    wrong = client.post("/sign-in", data={**FORM, "password": "no such password"})
    unknown = client.post("/sign-in", data={**FORM, "email": "nobody@lakeside.example"})

    assert wrong.status_code == unknown.status_code == 422
    assert "E-mail or password is not right." in wrong.text
    assert "E-mail or password is not right." in unknown.text


def test_what_was_typed_stays_in_the_form_but_for_the_password(
    client: FlaskClient, jo: None
) -> None:
    answer = client.post("/sign-in", data={**FORM, "password": "no such password"})

    assert ADDRESS in answer.text
    assert "no such password" not in answer.text


def test_after_five_wrong_tries_even_the_right_password_waits(
    client: FlaskClient, clock: TestClock, jo: None
) -> None:
    for _ in range(5):
        client.post("/sign-in", data={**FORM, "password": "no such password"})

    assert client.post("/sign-in", data=FORM).status_code == 429
    clock.at += timedelta(minutes=16)
    assert client.post("/sign-in", data=FORM).status_code == 303


def test_nobody_is_sent_to_another_site_after_signing_in(client: FlaskClient, jo: None) -> None:
    answer = client.post("/sign-in?next=https://elsewhere.example/", data=FORM)

    assert answer.location == "/"


@pytest.mark.parametrize("wanted", ["//elsewhere.example", "/\\elsewhere.example", "x", ""])
def test_only_paths_of_ours_are_followed(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, client: FlaskClient, jo: None
) -> None:
    client.post("/sign-in", data=FORM)
    cookie = client.get_cookie("scheduler_session")
    assert cookie is not None

    client.post("/sign-out")

    thief = app.test_client()
    thief.set_cookie("scheduler_session", cookie.value)
    assert thief.get("/account").status_code == 303


@pytest.mark.slow
def test_a_session_is_over_after_twelve_hours(signed_in: SignedIn, clock: TestClock) -> None:
    browser = signed_in()
    for _ in range(55):
        clock.at += timedelta(minutes=13)
        browser.get("/account")

    clock.at += timedelta(minutes=13)

    assert browser.get("/account").location == "/sign-in?next=/account"


def test_scripts_cannot_read_the_cookie(client: FlaskClient, jo: None) -> None:
    answer = client.post("/sign-in", data=FORM)

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_fragment_is_not_redirected(client: FlaskClient) -> None:
    answer = client.get("/account", headers={"Accept": FRAGMENT})

    assert answer.status_code == 401


def test_a_cookie_that_was_planted_before_never_becomes_the_session(
    app: Flask, client: FlaskClient, jo: None
) -> None:
    planted = "planted-by-somebody-else"
    client.set_cookie("scheduler_session", planted)

    client.post("/sign-in", data=FORM)

    cookie = client.get_cookie("scheduler_session")
    assert cookie is not None
    assert cookie.value != planted
    thief = app.test_client()
    thief.set_cookie("scheduler_session", planted)
    assert thief.get("/account").status_code == 303


def test_each_sign_in_has_a_session_of_its_own(client: FlaskClient, jo: None) -> None:
    secrets = set()
    for _ in range(2):
        client.post("/sign-in", data=FORM)
        cookie = client.get_cookie("scheduler_session")
        assert cookie is not None
        secrets.add(cookie.value)
        client.delete_cookie("scheduler_session")

    assert len(secrets) == 2


@pytest.mark.slow
def test_an_unknown_address_takes_as_long_as_a_wrong_password() -> None:
    stored = hashed(PASSWORD)

    known, unknown = _least_work(stored), _least_work("")

    assert 0.5 < unknown / known < 2


def _least_work(password_hash: str) -> float:
    """Return the least processor time of some comparisons: other programs do not count in it."""
    return min(_work(password_hash) for _ in range(3))


def _work(password_hash: str) -> float:
    start = process_time()
    assert not matches(password_hash, "no such password")
    return process_time() - start
