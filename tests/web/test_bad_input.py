"""Whatever is typed or sent: a sentence that names the field, what was typed kept, nothing half saved, never a 500."""

from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from scheduler.domain.ids import CenterId
from scheduler.persistence.models import Patient
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.web.desk_person import Desk, found
from tests.web.test_api import PATIENT

NO_WRITING = "holds a character that is no writing"
TURNED = "\u202eevil"


@pytest.mark.family
@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"given_name": "Ida\x00"}, "given_name", NO_WRITING),
        ({"given_name": "\ud800"}, "given_name", NO_WRITING),
        ({"given_name": TURNED}, "given_name", NO_WRITING),
        ({"given_name": "x" * 81}, "given_name", "is too long; at most 80"),
        ({"name_to_use": "x" * 81}, "name_to_use", "is too long; at most 80"),
        ({"mrn": "9" * 81}, "mrn", "is too long; at most 80"),
        ({"note": "x" * 10_001}, "note", "is too long; at most 10000"),
        ({"sex": "zz"}, "sex", "choose one of"),
        ({"spoken_language": "x" * 500}, "spoken_language", "is a code such as en"),
        ({"written_language": "Spanish!"}, "written_language", "is a code such as en"),
        ({"wished_weekdays": [9]}, "wished_weekdays", "0 (Monday) to 6"),
        ({"wished_time": "14:30+02:00"}, "wished_time", "is not a time"),
        ({"contact": {"email": "zoë@mail.example"}}, "email", "plain letters"),
        (
            {"contact": {"email": "ida@mail.example\r\nBcc: x@y.example"}},
            "email",
            "is not an e-mail",
        ),
        ({"contact": {"email": "ida@mail..example"}}, "email", "is not an e-mail"),
        ({"birth_date": "2031-01-01"}, "birth_date", "check the year"),
    ],
)
def test_what_a_program_sends_is_named_field_by_field(
    program: FlaskClient,
    uow: UnitOfWork,
    wrong: dict[str, Any],
    field: str,
    words: str,
) -> None:
    answer = program.post("/api/v1/patients", json={**PATIENT, **wrong})

    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    assert answer.json["field"] == field
    assert words in answer.json["message"]
    assert nobody_was_added(uow)


@pytest.mark.parametrize("sent", ["", "[]", "{", "null", '{"a":' * 20_000, "\x00"])
def test_what_is_no_object_is_a_bad_request(
    program: FlaskClient, center: CenterId, sent: str
) -> None:
    answer = program.post("/api/v1/patients", data=sent, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"birth_date": "1980-02-30"}, "is not a day of the calendar"),
        ({"birth_date": "2031-01-01"}, "check the year"),
        ({"email": "zoe"}, "needs a name, an @ and a host"),
        ({"email": "zoë@mail.example"}, "plain letters"),
        ({"note": f"left arm {TURNED}"}, NO_WRITING),
        ({"iv_access": "x" * 300}, "is too long; at most 80"),
        ({"iv_access": "port\x00"}, NO_WRITING),
        ({"wished_time": "²:00"}, "Write it as 9:30"),
    ],
)
def test_what_a_person_types_is_kept_and_named(
    desk: Desk, uow: UnitOfWork, typed: dict[str, str], words: str
) -> None:
    form = {
        "given_name": "Zoë",
        "family_name": "Ibáñez",
        "birth_date": "1980-02-03",
        "channel": "email",
        "email": "zoe@mail.example",
        "sex": "female",
        "spoken_language": "en",
        "written_language": "en",
        "needs_kind": "",
    }

    page = unescape(desk.post("/patients/new", 422, **{**form, **typed}).text)

    assert words in page
    assert "invalid literal" not in page
    assert 'value="Ibáñez"' in page
    assert nobody_was_added(uow)


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2026-04-31"}, "is not a day of the calendar"),
        ({"day": "2027-03-14", "start": "02:30"}, "The clocks skip 2:30"),
        ({"start": "25:00"}, "is not a time"),
        ({"start": "²:00"}, "Write it as 9:30"),
        ({"chair_id": "chair 4"}, "Choose one of the list"),
    ],
)
def test_a_move_that_cannot_be_read_is_shown_again(
    desk: Desk, typed: dict[str, str], words: str
) -> None:
    _, _, visit = desk.booked()
    form = {"day": "2026-04-07", "start": "10:00", "chair_id": "", "reason": "asked for"}

    page = unescape(desk.send(f"/visits/{visit}/move", 422, **{**form, **typed}).text)

    assert words in page
    assert "asked for" in page


@pytest.mark.family
@pytest.mark.parametrize("weight", ["NaN", "Infinity", "1e40", "heavy", "7", "700"])
def test_a_weight_that_cannot_be_is_asked_about(desk: Desk, weight: str) -> None:
    patient = desk.add_patient()

    answer = desk.post(
        f"/patients/{patient}/measures", 422, weight=weight, measured_on="2026-03-17"
    )

    assert f'value="{weight}"' in answer.text
    assert desk.get(f"/patients/{patient}")


def test_an_amount_of_drug_that_is_no_number_is_not_dropped_in_silence(desk: Desk) -> None:
    _, plan = desk.plan()
    form = {"route": "stock", "stands": "received", "received_on": "2026-03-17"}

    page = desk.post(f"/plans/{plan}/requirements/supply", 422, **form, received_amount="1²")

    assert "Write a number such as 150" in unescape(page.text)


def test_a_word_too_long_for_its_column_is_refused_not_broken(desk: Desk, uow: UnitOfWork) -> None:
    """SQLite stores it; PostgreSQL refuses, and the page says so."""
    _, plan = desk.plan()
    form = {"route": "stock", "stands": "received", "lot": "x" * 500, "version": "0"}

    answer = desk.browser.post(f"/plans/{plan}/requirements/supply", data=form)

    with uow:
        engine = "PostgreSQL" if uow.is_postgresql else "SQLite"
    assert answer.status_code == {"PostgreSQL": 422, "SQLite": 303}[engine]


@pytest.mark.family
@pytest.mark.parametrize(
    "back",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\r\nX: y"],
)
def test_undo_sends_nobody_elsewhere(desk: Desk, back: str) -> None:
    _, _, visit = desk.booked()
    desk.send(f"/visits/{visit}/move", day="2026-04-07", start="10:00", chair_id="")
    change = undoable(desk)

    answer = desk.post(f"/changes/{change}/undo", back=back)

    assert answer.headers["Location"] == "/"


def undoable(desk: Desk) -> str:
    page = desk.get("/day?day=2026-04-07")
    return page.split("/changes/")[1].split("/undo")[0]


def nobody_was_added(uow: UnitOfWork) -> bool:
    with uow:
        return uow.session.scalar(sa.select(sa.func.count()).select_from(Patient)) == 0


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_centuries_away_is_refused_in_words(
    program: FlaskClient, center: CenterId, instant: str
) -> None:
    sent = {"dose_id": str(uuid4()), "starts_at": instant}

    answer = program.post("/api/v1/appointments", json=sent)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["field"] == "starts_at"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-W14-1", "20260406"])
def test_a_day_centuries_away_is_no_day(program: FlaskClient, center: CenterId, day: str) -> None:
    assert program.get(f"/api/v1/days/{day}").status_code == 404
    wish = program.get(f"/api/v1/doses/{uuid4()}/offers?day={day}")
    assert wish.status_code == 422
    assert wish.json is not None
    assert wish.json["field"] == "day"


def test_a_chair_is_not_out_until_the_end_of_time(desk: Desk) -> None:
    chair = found(r'<option value="([0-9a-f]{32})">Chair 1', desk.get("/closures"))
    times = {"out_on": "2026-04-06", "out_at": "08:00", "back": "9999-12-31", "back_at": "23:59"}

    page = desk.post("/outages", 422, chair_id=chair, **times)

    assert "is not a day of the calendar" in unescape(page.text)


def test_a_version_of_thousands_of_digits_is_no_version(desk: Desk) -> None:
    _, _, visit = desk.booked()
    form = {"day": "2026-04-07", "start": "10:00", "chair_id": "", "version": "9" * 5000}

    page = desk.post(f"/visits/{visit}/move", 422, **form)

    assert "did not say which version it shows" in unescape(page.text)


@pytest.mark.family
@pytest.mark.parametrize("document", ["\x00label", TURNED, "x" * 10_001])
def test_a_document_that_is_no_writing_signs_nothing(desk: Desk, document: str) -> None:
    version = found(r"/formulary/([0-9a-f-]{36})", desk.get("/formulary?find=tysabri"))
    item = found(r'name="item" value="([^"]+)"', desk.get(f"/formulary/{version}"))

    for path, form in (("confirm", {"item": item}), ("sign", {"do": "retire"})):
        page = desk.post(f"/formulary/{version}/{path}", 422, document=document, **form)
        assert "Document " in page.text


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize("note", ["\x00nobody", TURNED, "x" * 10_001])
def test_a_call_is_noted_in_writing(desk: Desk, note: str) -> None:
    _, _, visit = desk.booked()
    desk.send(f"/visits/{visit}/cancel", reason="patient")
    task = found(r"/tasks/([0-9a-f-]{36})/call", desk.get("/worklist"))

    for path, outcome in (("call", "no_answer"), ("close", "declined")):
        page = desk.post(f"/tasks/{task}/{path}", 422, outcome=outcome, note=note)
        assert "Note " in page.text
