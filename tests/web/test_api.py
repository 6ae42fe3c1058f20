"""The API as another program calls it: from a new patient to a treatment plan."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.people import make_organization, make_patient, make_regimens
from tests.factories.staff import make_token
from tests.web.conftest import SignedIn
from tests.web.desk_person import TestClock

PATIENT = {
    "given_name": "Ida",
    "family_name": "Brandt",
    "birth_date": "1979-03-24",
    "contact": {"email": "ida@example.org", "consented": True},
}


@pytest.fixture
def formulary(database: Database, now: Instant) -> None:
    make_regimens(database, now)


def make_order(patient_id: str, **values: object) -> dict[str, object]:
    return {
        "patient_id": patient_id,
        "regimen": "ocrelizumab-iv",
        "first_day": "2026-04-06",
        "prescriber": "Dr. Lind",
        "signed_on": "2026-03-16",
        "valid_until": "2027-03-15",
        **values,
    }


def test_without_a_token_nothing_is_answered(client: FlaskClient) -> None:
    answer = client.get("/api/v1/regimens")

    assert answer.status_code == 401
    assert answer.json == {
        "error": "unauthorized",
        "message": "Send a token: Authorization: Bearer ...",
        "field": None,
        "offers": [],
    }


def test_a_cookie_opens_no_api(signed_in: SignedIn) -> None:
    assert signed_in(Role.ADMIN).get("/api/v1/regimens").status_code == 401


def test_a_token_that_is_over_opens_nothing(program: FlaskClient, clock: TestClock) -> None:
    clock.at += timedelta(days=2)

    assert program.get("/api/v1/regimens").status_code == 401


def test_from_a_new_patient_to_a_plan(
    program: FlaskClient, center: CenterId, formulary: None
) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT)
    assert patient.status_code == 201
    assert patient.json is not None

    plan = program.post("/api/v1/orders", json=make_order(patient.json["id"]))

    assert plan.status_code == 201, plan.json
    assert plan.json is not None
    again = program.get(f"/api/v1/plans/{plan.json['id']}")
    assert again.json == plan.json
    first, second = plan.json["doses"][:2]
    assert first["due_on"] == "2026-04-06"
    assert second["due_on"] == "2026-04-20"
    assert first["state"] == "planned"


def test_a_preview_saves_nothing(program: FlaskClient, center: CenterId, formulary: None) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT)
    assert patient.json is not None

    answer = program.post("/api/v1/orders", json=make_order(patient.json["id"], preview=True))

    assert answer.status_code == 200, answer.json
    assert answer.json is not None
    assert answer.json["doses"][0]["due_on"] == "2026-04-06"
    assert "id" not in answer.json


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"birth_date": "1979-02-30"}, "birth_date"),
        ({"birth_date": "2031-01-01"}, "birth_date"),
        ({"given_name": None}, "given_name"),
        ({"given_name": 7}, "given_name"),
        ({"interpreter": "yes"}, "interpreter"),
        ({"wished_weekdays": "Monday"}, "wished_weekdays"),
        ({"birthdate": "1979-03-24"}, "birthdate"),
        ({"contact": {"email": "ida", "consented": True}}, "email"),
    ],
)
def test_a_wrong_field_is_named(
    program: FlaskClient, center: CenterId, wrong: dict[str, object], field: str
) -> None:
    answer = program.post("/api/v1/patients", json={**PATIENT, **wrong})

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["field"] == field
    assert answer.json["message"]


def test_an_order_sent_twice_with_one_key_is_one_plan(
    program: FlaskClient, center: CenterId, formulary: None
) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT).json
    assert patient is not None
    order = make_order(patient["id"], wished_weekdays=[1, 2, 4], idempotency_key="order-1")

    answers = [program.post("/api/v1/orders", json=order) for _ in range(2)]
    other = program.post("/api/v1/orders", json={**order, "prescriber": "Dr. Hale"})

    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json["id"] for answer in answers if answer.json}) == 1
    assert (other.status_code, (other.json or {})["field"]) == (422, "idempotency_key")


def test_a_likely_double_is_confirmed_by_saying_so(program: FlaskClient, center: CenterId) -> None:
    program.post("/api/v1/patients", json=PATIENT)

    twice = program.post("/api/v1/patients", json=PATIENT)
    sure = program.post("/api/v1/patients", json={**PATIENT, "confirmed": True})

    assert twice.status_code == 422
    assert twice.json is not None
    assert twice.json["error"] == "likely_double"
    assert sure.status_code == 201


def test_what_is_not_json_is_refused(program: FlaskClient, center: CenterId) -> None:
    form = program.post("/api/v1/patients", data={"given_name": "Ida"})
    broken = program.post(
        "/api/v1/patients", data="{", headers={"Content-Type": "application/json"}
    )
    listed = program.post("/api/v1/patients", json=[PATIENT])

    assert form.status_code == 415
    assert broken.status_code == listed.status_code == 400


def test_ids_of_another_organization_do_not_exist(
    program: FlaskClient, database: Database, center: CenterId, formulary: None
) -> None:
    other = database.write(make_organization(database, name="Hillside"))
    stranger = str(make_patient(other))

    theirs = program.post("/api/v1/orders", json=make_order(stranger))
    nobody = program.get("/api/v1/plans/00000000-0000-7000-8000-000000000000")

    assert theirs.status_code == nobody.status_code == 404
    assert theirs.json is not None
    assert theirs.json["error"] == "not_found"


def test_a_token_may_do_what_its_role_may(app: Flask, uow: UnitOfWork, center: CenterId) -> None:
    auditor = app.test_client()
    auditor.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(uow, center, Role.AUDITOR)}"

    answer = auditor.post("/api/v1/patients", json=PATIENT)

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["error"] == "not_allowed"


def test_a_day_is_read_by_its_date(program: FlaskClient, center: CenterId) -> None:
    answer = program.get("/api/v1/days/2026-04-06")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["visits"] == []
    assert program.get("/api/v1/days/someday").status_code == 404


def test_an_unknown_address_answers_json_too(program: FlaskClient) -> None:
    answer = program.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"] == "not_found"


@pytest.mark.parametrize("interval", ["20 days", "P1W", "6 moons", "20 years"])
def test_an_own_interval_that_cannot_be_is_refused_at_its_field(
    program: FlaskClient, center: CenterId, formulary: None, interval: str
) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT)
    assert patient.json
    order = make_order(patient.json["id"], regimen="infliximab-iv", product="Remicade")

    answer = program.post("/api/v1/orders", json=order | {"interval": interval})

    assert answer.status_code == 422
    assert answer.json
    assert answer.json["field"] == "interval"
    assert program.post("/api/v1/orders", json=order | {"interval": "6 weeks"}).status_code == 201


def test_an_order_names_the_days_of_its_course_and_the_phase_that_it_begins_with(
    program: FlaskClient, center: CenterId, formulary: None
) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT)
    assert patient.json
    steroid = make_order(
        patient.json["id"], regimen="methylprednisolone-ms-relapse", product="Solu-Medrol"
    )

    five = program.post("/api/v1/orders", json=steroid | {"run_days": 5, "preview": True})
    nine = program.post("/api/v1/orders", json=steroid | {"run_days": 9, "preview": True})
    wrong = program.post("/api/v1/orders", json=steroid | {"phase": "relapse", "preview": True})

    assert five.json
    assert len(five.json["doses"]) == 5
    assert (nine.status_code, nine.json and nine.json["field"]) == (422, "run_days")
    assert (wrong.status_code, wrong.json and wrong.json["field"]) == (422, "phase")


def test_a_preview_says_where_loading_may_not_be_over(
    program: FlaskClient, center: CenterId, formulary: None
) -> None:
    patient = program.post("/api/v1/patients", json=PATIENT)
    assert patient.json
    order = make_order(patient.json["id"], regimen="ravulizumab-iv", product="Ultomiris")
    came = {"kind": "continuing", "earlier": [{"day": "2026-03-09"}], "preview": True}

    known = program.post("/api/v1/orders", json=order | came)

    assert known.json
    assert known.json["hint"].startswith(
        "Earlier doses known: 1; the regimen begins with 1 loading dose."
    )
