"""A page that nobody uses locks itself and keeps what was typed."""

from datetime import timedelta

from scheduler.domain.roles import Role
from scheduler.web.fragments import FRAGMENT
from tests.factories.staff import PASSWORD
from tests.web.conftest import SignedIn
from tests.web.desk_person import TestClock

IDLE = timedelta(minutes=17)


def test_after_the_idle_minutes_a_page_asks_for_the_password(
    signed_in: SignedIn, clock: TestClock
) -> None:
    browser = signed_in(Role.FRONT_DESK)
    clock.at += IDLE

    answer = browser.get("/account?tab=keys")

    assert answer.status_code == 423
    assert "type your password to go on" in answer.text
    assert "/session/unlock?next=/account?tab%3Dkeys" in answer.text


def test_using_the_pages_keeps_them_open(signed_in: SignedIn, clock: TestClock) -> None:
    browser = signed_in()
    for _ in range(3):
        clock.at += timedelta(minutes=14)
        assert browser.get("/account").status_code == 200


def test_a_script_that_refreshes_is_nobody(signed_in: SignedIn, clock: TestClock) -> None:
    browser = signed_in()
    for _ in range(3):
        clock.at += timedelta(minutes=7)
        answer = browser.get("/account", headers={"Accept": FRAGMENT})

    assert answer.status_code == 423
    assert answer.text == "Locked"


def test_unlocking_goes_on_where_it_stopped(signed_in: SignedIn, clock: TestClock) -> None:
    browser = signed_in()
    clock.at += IDLE

    answer = browser.post("/session/unlock?next=/account", data={"password": PASSWORD})

    assert answer.status_code == 303
    assert answer.location == "/account"
    assert browser.get("/account").status_code == 200


def test_a_form_sent_while_locked_is_kept_and_sent_again(
    signed_in: SignedIn, clock: TestClock
) -> None:
    browser = signed_in()
    clock.at += IDLE
    typed = {"theme": "dark", "language": "es", "shortcuts": "y"}

    locked = browser.post("/account/settings", data=typed)
    assert locked.status_code == 423
    assert '<input type="hidden" name="theme" value="dark">' in locked.text
    again = browser.post(
        "/session/unlock?next=/account/settings&repeat=1",
        data={**typed, "password": PASSWORD},
    )

    # a browser repeats the same form there by itself; the test client does not
    assert again.status_code == 307
    assert again.location == "/account/settings"
    assert browser.post(again.location, data=typed).status_code == 303
    assert 'data-theme="dark"' in browser.get("/account").text


def test_a_wrong_password_keeps_the_page_locked_and_what_was_typed(
    signed_in: SignedIn, clock: TestClock
) -> None:
    browser = signed_in()
    clock.at += IDLE

    answer = browser.post(
        "/session/unlock?next=/account/settings&repeat=1",
        data={"theme": "dark", "password": "no such password"},
    )

    assert answer.status_code == 423
    assert "That password is not right." in answer.text
    assert '<input type="hidden" name="theme" value="dark">' in answer.text
    assert "repeat=1" in answer.text
    assert browser.get("/account").status_code == 423


def test_the_script_locks_and_unlocks_in_place(signed_in: SignedIn) -> None:
    browser = signed_in()

    browser.post("/session/lock")
    assert browser.get("/account").status_code == 423
    wrong = browser.post("/session/unlock", data={"password": "no such password"})
    assert wrong.status_code == 422
    right = browser.post("/session/unlock", data={"password": PASSWORD})

    assert right.status_code == 204
    assert browser.get("/account").status_code == 200


def test_guessing_at_a_locked_page_is_slowed_down(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.post("/session/lock")
    for _ in range(5):
        browser.post("/session/unlock", data={"password": "no such password"})

    answer = browser.post("/session/unlock", data={"password": PASSWORD})

    assert answer.status_code == 429


def test_somebody_else_can_sign_out_a_locked_page(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.post("/session/lock")

    assert browser.post("/sign-out").location == "/sign-in"
