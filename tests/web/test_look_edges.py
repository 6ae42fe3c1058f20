"""Where a look is easily missed or made up: what is asked besides a page, refreshed or sent again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from tests.web.desk_person import FIRST_DAY, Desk
from tests.web.test_looks import Looks, address, example, program_of, reading
from tests.web.test_looks import looks as looks_since

looks = looks_since
FRAGMENT = {"Accept": "text/vnd.fragment+html", "If-None-Match": '"older"'}


def answered(answer: TestResponse) -> dict[str, Any]:
    told = answer.json
    assert isinstance(told, dict)
    return told


def test_asking_what_an_address_allows_is_no_look(
    app: Flask, desk: Desk, database: Database, looks: Looks
) -> None:
    ids = example(database, *desk.booked())
    looks()

    for rule in reading(app, "desk"):
        assert desk.browser.options(address(rule, ids)).status_code == 200, rule

    assert looks() == []


def test_nobody_reads_a_visit_on_the_board_as_a_refresh_of_what_was_never_opened(
    desk: Desk, looks: Looks
) -> None:
    _, _, visit = desk.booked()
    nurse = desk.colleague(Role.NURSE)
    at = f"/day?day={FIRST_DAY}&visit={visit}"
    desk.get(at)
    looks()

    first, again = nurse.get(at, headers=FRAGMENT), nurse.get(at, headers=FRAGMENT)

    assert (first.status_code, again.status_code) == (200, 200)
    assert [(entity, each) for entity, each, _ in looks()] == [("appointment", UUID(visit))]


def test_a_board_left_open_over_night_is_a_look_again(desk: Desk, looks: Looks) -> None:
    _, _, visit = desk.booked()
    at = f"/day?day={FIRST_DAY}&visit={visit}"
    desk.get(at)
    looks()

    desk.go_to(desk.clock.at + timedelta(hours=13))
    desk.browser.get(at, headers=FRAGMENT)

    assert [entity for entity, _, _ in looks()] == ["appointment"]


def test_a_program_that_sends_a_call_again_looks_at_what_the_first_one_made(
    app: Flask, desk: Desk, database: Database, looks: Looks
) -> None:
    patient, plan, visit = desk.booked()
    ids = example(database, patient, plan, visit)
    program = program_of(app, desk, database, ids)
    at = answered(program.get(f"/api/v1/doses/{ids['dose_id']}/offers?limit=1"))["offers"][0]
    call = {"dose_id": str(ids["dose_id"]), "starts_at": at["starts_at"], "idempotency_key": "k"}
    looks()

    first = program.post("/api/v1/appointments", json=call)
    assert (first.status_code, looks()) == (201, [])

    again = program.post("/api/v1/appointments", json=call)
    assert again.json == first.json
    assert looks() == [("appointment", UUID(answered(first)["id"]), ids["patient_id"])]


def test_an_order_sent_again_by_a_program_is_a_look_at_its_plan(
    app: Flask, desk: Desk, database: Database, looks: Looks
) -> None:
    ids = example(database, *desk.booked())
    program = program_of(app, desk, database, ids)
    order = {
        "patient_id": str(ids["patient_id"]),
        "regimen": "ocrelizumab-iv",
        "first_day": FIRST_DAY,
        "prescriber": "Dr. Lind",
        "signed_on": "2026-03-16",
        "valid_until": "2027-03-15",
        "second_plan": True,
        "idempotency_key": "order-1",
    }
    looks()

    first = program.post("/api/v1/orders", json=order)
    assert (first.status_code, looks()) == (201, [])

    again = program.post("/api/v1/orders", json=order)
    assert answered(again)["id"] == answered(first)["id"]
    assert looks() == [("plan", UUID(answered(first)["id"]), ids["patient_id"])]
