"""The API from a plan to booked visits."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.services.setup import setup_center
from tests.factories.people import make_patient, make_regimens
from tests.factories.setup import make_setup_request
from tests.factories.staff import make_token


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A program with a token at an open center, and a plan whose first dose is due on April 6."""

    program: FlaskClient
    plan: str
    doses: tuple[str, ...]

    def offers(self, number: int = 0, **query: object) -> list[dict[str, object]]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.program.get(f"/api/v1/doses/{self.doses[number]}/offers?{asked}")
        assert answer.status_code == 200, answer.json
        assert answer.json is not None
        found: list[dict[str, object]] = answer.json["offers"]
        return found


@pytest.fixture
def desk(app: Flask, database: Database, now: Instant) -> Desk:
    make_regimens(database, now)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=now)
    uow = database.write(made.organization_id)
    program = app.test_client()
    token = make_token(uow, made.center_id, Role.CHARGE_NURSE)
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    order = {
        "patient_id": str(make_patient(uow)),
        "regimen": "ocrelizumab-iv",
        "first_day": "2026-04-06",
        "prescriber": "Dr. Lind",
        "signed_on": "2026-03-16",
        "valid_until": "2027-03-15",
    }
    plan = program.post("/api/v1/orders", json=order)
    assert plan.status_code == 201, plan.json
    assert plan.json is not None
    doses = tuple(dose["id"] for dose in plan.json["doses"])
    return Desk(program=program, plan=plan.json["id"], doses=doses)


def test_an_offer_is_booked_as_it_was_made(desk: Desk) -> None:
    first = desk.offers(limit=3)[0]

    answer = desk.program.post(
        "/api/v1/appointments", json={"dose_id": desk.doses[0], "starts_at": first["starts_at"]}
    )

    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    assert answer.json["starts_at"] == first["starts_at"]
    assert answer.json["dose_ids"] == [desk.doses[0]]
    plan = desk.program.get(f"/api/v1/plans/{desk.plan}").json
    assert plan is not None
    assert plan["doses"][0]["appointment_id"] == answer.json["id"]
    day = desk.program.get(f"/api/v1/days/{first['day']}").json
    assert day is not None
    assert [visit["id"] for visit in day["visits"]] == [answer.json["id"]]


def test_the_same_key_books_once(desk: Desk) -> None:
    wanted = {
        "dose_id": desk.doses[0],
        "starts_at": desk.offers()[0]["starts_at"],
        "idempotency_key": "a key",
    }

    first = desk.program.post("/api/v1/appointments", json=wanted)
    again = desk.program.post("/api/v1/appointments", json=wanted)

    assert first.status_code == again.status_code == 201
    assert first.json == again.json


def test_a_dose_that_is_booked_is_refused(desk: Desk) -> None:
    one, other = desk.offers(limit=2)
    desk.program.post(
        "/api/v1/appointments", json={"dose_id": desk.doses[0], "starts_at": one["starts_at"]}
    )

    answer = desk.program.post(
        "/api/v1/appointments", json={"dose_id": desk.doses[0], "starts_at": other["starts_at"]}
    )

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"] == "already_booked"


def test_a_time_that_does_not_fit_comes_with_others(desk: Desk) -> None:
    answer = desk.program.post(
        "/api/v1/appointments",
        json={"dose_id": desk.doses[0], "starts_at": "2026-04-06T17:00:00-05:00"},
    )

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"] == "no_capacity"
    assert len(answer.json["offers"]) == 3


@pytest.mark.parametrize("at", ["tomorrow", "2026-04-06T09:00", ""])
def test_an_instant_needs_its_offset(desk: Desk, at: str) -> None:
    answer = desk.program.post(
        "/api/v1/appointments", json={"dose_id": desk.doses[0], "starts_at": at}
    )

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["field"] == "starts_at"


def test_a_series_is_booked_whole_and_a_second_time_there_is_nothing_left(desk: Desk) -> None:
    wanted = {"mode": "all", "until": "2027-04-30"}

    first = desk.program.post(f"/api/v1/plans/{desk.plan}/book", json=wanted)
    second = desk.program.post(f"/api/v1/plans/{desk.plan}/book", json=wanted)

    assert (first.status_code, second.status_code) == (201, 200), first.json
    assert first.json is not None
    assert second.json is not None
    assert [len(first.json["booked"]), len(second.json["booked"])] == [4, 0]


def test_a_visit_is_moved_and_cancelled_by_its_version(desk: Desk) -> None:
    offers = desk.offers(limit=4)
    booked = desk.program.post(
        "/api/v1/appointments",
        json={"dose_id": desk.doses[0], "starts_at": offers[0]["starts_at"]},
    ).json
    assert booked is not None
    url = f"/api/v1/appointments/{booked['id']}"
    to = {"version": booked["version"], "starts_at": offers[-1]["starts_at"]}

    moved = desk.program.post(f"{url}/move", json=to)
    stale = desk.program.post(f"{url}/cancel", json={"version": 1, "reason": "patient"})
    assert moved.json is not None
    cancelled = desk.program.post(
        f"{url}/cancel", json={"version": moved.json["version"], "reason": "patient"}
    )

    assert (moved.status_code, stale.status_code, cancelled.status_code) == (200, 409, 200)
    assert moved.json["starts_at"] == offers[-1]["starts_at"]
    assert cancelled.json is not None
    assert cancelled.json["status"] == "cancelled"


def test_offers_keep_to_filters_and_a_misspelled_one_is_refused(desk: Desk) -> None:
    offered = desk.offers(limit=6, weekdays="1,3", not_earlier="10:00", not_later="13:00")

    assert len(offered) >= 3
    for offer in offered:
        day, start = date.fromisoformat(str(offer["day"])), str(offer["starts"])
        assert day.weekday() in (1, 3)
        assert "10:00" <= start <= "13:00"
    for query, field in (
        ("weekdays=7", "weekdays"),
        ("weekday=1", "weekday"),
        ("needs=throne", "needs"),
        ("no_labs=maybe", "no_labs"),
        ("together=me", "together"),
        ("limit=many", "limit"),
        ("interpreter=true", "interpreter"),
    ):
        answer = desk.program.get(f"/api/v1/doses/{desk.doses[0]}/offers?{query}")
        assert answer.status_code == 422, query
        assert answer.json is not None
        assert answer.json["field"] == field


def test_a_place_is_kept_for_some_minutes_and_given_back(desk: Desk) -> None:
    first = desk.offers()[0]
    path = f"/api/v1/doses/{desk.doses[0]}/reservations"
    kept = desk.program.post(path, json={"day": first["day"], "start": first["starts"]})
    assert kept.status_code == 201, kept.json
    assert kept.json is not None

    gone = desk.program.delete(f"/api/v1/reservations/{kept.json['id']}")
    assert gone.status_code == 204
    assert desk.program.post(path, json={"day": first["day"]}).status_code == 422
