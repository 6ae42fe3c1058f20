"""Headers, errors, tokens of forms, health: what holds for every page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from scheduler.app import LARGEST_UPLOAD, create_app
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Organization, WorkerLease
from tests.conftest import RING
from tests.web.conftest import SignedIn, make_settings
from tests.web.desk_person import TestClock

PATIENT = "Ida Brandt, born 1979-03-24"


def tick(database: Database, clock: TestClock) -> None:
    with database.system() as uow:
        row = WorkerLease(
            name="worker", holder="one", expires_at=clock.at, last_tick_at=clock.at, ticks=1
        )
        uow.session.add(row)
        uow.commit()


def test_ping_does_nothing(client: FlaskClient) -> None:
    assert client.get("/ping").text == "ok\n"


def test_health_is_well_while_the_worker_ticks(
    client: FlaskClient, database: Database, clock: TestClock
) -> None:
    tick(database, clock)

    assert client.get("/healthz").status_code == 200

    clock.at += timedelta(minutes=3)
    silent = client.get("/healthz")
    assert silent.status_code == 503
    assert silent.json == {"status": "failing", "failing": {"worker": "last tick 180 s ago"}}


def test_health_names_a_worker_that_never_ran(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert "worker" in answer.text


def test_health_names_migrations_that_are_missing(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}", RING)
    answer = create_app(make_settings(tmp_path), empty).test_client().get("/healthz")
    empty.close()

    assert answer.status_code == 503
    assert "scheduler db upgrade" in answer.text


def test_health_names_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'no' / 'folder.db'}", RING)
    app = create_app(make_settings(tmp_path), nowhere)

    answer = app.test_client().get("/healthz")
    page = app.test_client()
    page.set_cookie("scheduler_session", "x")

    assert answer.status_code == 503
    assert answer.json == {"status": "failing", "failing": {"database": "cannot be reached"}}
    assert page.get("/account").status_code == 503


def test_pages_are_kept_nowhere_and_load_nothing_from_outside(signed_in: SignedIn) -> None:
    headers = signed_in().get("/account").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_static_files_are_kept_for_a_year_by_version(client: FlaskClient) -> None:
    shown = client.get("/sign-in").text
    address = re.search(r'"(/static/css/tokens\.css\?v=\w{10})"', shown)
    assert address is not None

    versioned = client.get(address[1], buffered=True)
    plain = client.get("/static/js/swap.js", buffered=True)

    assert "immutable" in versioned.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"


def test_pages_name_no_other_host(client: FlaskClient) -> None:
    assert "://" not in client.get("/sign-in").text.replace("http://www.w3.org/2000/svg", "")


def test_only_https_is_promised_over_https(database: Database, tmp_path: Path) -> None:
    secure = create_app(make_settings(tmp_path, public_url="https://x.example"), database)

    answer = secure.test_client().get("/sign-in")

    assert "Strict-Transport-Security" in answer.headers
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_form_without_its_token_is_refused(app: Flask, signed_in: SignedIn) -> None:
    browser = signed_in()
    app.config["WTF_CSRF_ENABLED"] = True
    typed = {"theme": "dark"}

    refused = browser.post("/account/settings", data=typed)
    shown = browser.get("/account").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    taken = browser.post("/account/settings", data={**typed, "csrf_token": token[1]})

    assert refused.status_code == 400
    assert taken.status_code == 303


def test_the_api_needs_no_form_token(app: Flask, program: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = program.post("/api/v1/patients", json={"given_name": "Ida"})

    assert answer.status_code == 422


def test_an_unknown_page_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_an_upload_that_is_too_large_is_refused(signed_in: SignedIn) -> None:
    answer = signed_in().post("/account/settings", data={"theme": "x" * (LARGEST_UPLOAD + 1)})

    assert answer.status_code == 413


def test_a_mistake_of_ours_shows_a_number_and_logs_no_values(
    app: Flask,
    signed_in: SignedIn,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> str:
        raise RuntimeError(PATIENT)

    monkeypatch.setitem(app.view_functions, "account.settings", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = signed_in().get("/account")

    assert answer.status_code == 500
    number = re.search(r"noted under (\w{8})", answer.text)
    assert number is not None
    assert number[1] in caplog.text
    assert "Ida" not in answer.text + caplog.text


def test_a_demonstration_says_so_and_has_its_own_clock(
    signed_in: SignedIn, database: Database, organization: OrganizationId, app: Flask
) -> None:
    browser = signed_in(Role.CHARGE_NURSE)
    with database.system() as uow:
        uow.session.execute(sa.update(Organization).values(clock_offset_seconds=3600))
        uow.commit()

    answer = browser.get("/account")

    assert "Demonstration: invented people, no live mail" in answer.text
    assert "charge nurse" in answer.text


def test_the_theme_of_the_page_is_the_persons(signed_in: SignedIn, center: CenterId) -> None:
    browser = signed_in()
    browser.post("/account/settings", data={"theme": "dark"})

    shown = browser.get("/account").text

    assert '<html lang="en-US" data-bs-theme="dark" data-theme="dark">' in shown
    assert 'name="language"' not in shown
