"""The calls of the README, as they are written there, from a new patient to a cancelled visit."""

import json
import re
import shlex
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.people import OrganizationMode
from scheduler.persistence.database import Database
from scheduler.services.setup import setup_center
from tests.architecture.sources import TOP
from tests.factories.people import make_regimens
from tests.factories.setup import make_setup_request
from tests.factories.staff import make_token
from tests.web.desk_person import TestClock

WRITTEN_ON = datetime(2026, 11, 24, 15, 45, tzinfo=UTC)
NAMED = {"patients": "PATIENT", "orders": "PLAN", "appointments": "VISIT"}
DELETE = "DELETE"


@pytest.fixture
def program(app: Flask, database: Database, clock: TestClock) -> FlaskClient:
    clock.at = WRITTEN_ON
    make_regimens(database, clock.at)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=clock.at)
    token = make_token(database.write(made.organization_id), made.center_id, now=clock.at)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def calls() -> list[tuple[str, str | None]]:
    """Return address and body of each call of the README, in order."""
    block = re.search(r"```sh\n(TOKEN=.*?)```", (TOP / "README.md").read_text(), re.DOTALL)
    assert block is not None
    lines = re.findall(r"^call (.*?)(?=^call |\Z)", block[1], re.DOTALL | re.MULTILINE)
    words = [shlex.split(line, comments=True) for line in lines]
    return [(call[0].removeprefix("$API"), call[2] if len(call) > 2 else None) for call in words]


def filled(text: str, known: dict[str, str]) -> str:
    """Return a call with what earlier answers gave in place of the words in capitals."""
    for name, value in known.items():
        text = text.replace(name, value)
    return text


def learned(path: str, answer: dict[str, Any]) -> dict[str, str]:
    """Return what later calls take from an answer."""
    found = {
        name: str(answer["id"])
        for part, name in NAMED.items()
        if path == f"/{part}" and "id" in answer
    }
    if "version" in answer:
        found["VERSION"] = str(answer["version"])
    if "PLAN" in found:
        found["DOSE"] = answer["doses"][0]["id"]
    if path.endswith("/reservations"):
        found["KEPT"] = answer["id"]
    return found


@pytest.mark.slow
def test_every_call_of_the_readme_does_what_it_says(program: FlaskClient) -> None:
    known: dict[str, str] = {}
    order = day = ""
    for path, body in calls():
        sent = filled(order if body and "..." in body else body or "", known)
        if '"preview": true' in sent:
            order = (
                (body or "").replace(', "preview": true', "").replace(',\n  "preview": true', "")
            )
        url = "/api/v1" + filled(path, known)

        if sent == DELETE:
            assert program.delete(url).status_code == 204
            continue
        answer = program.post(url, json=json.loads(sent)) if sent else program.get(url)

        assert answer.status_code in (200, 201), (path, sent, answer.text)
        assert answer.json is not None
        day = answer.json.get("day")
        known |= learned(path, answer.json)

    assert set(known) == {"PATIENT", "PLAN", "DOSE", "KEPT", "VISIT", "VERSION"}
    assert day == "2026-12-07"
