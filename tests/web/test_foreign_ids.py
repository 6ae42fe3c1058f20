"""Ids of another organization answer as ids that nobody has: on every page, every button and in the API."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from scheduler.domain.ids import OrganizationId
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Allergy,
    Appointment,
    Center,
    Chair,
    ChairOutage,
    Change,
    Closure,
    Contact,
    Message,
    NurseAbsence,
    Patient,
    PlannedDose,
    RegimenVersion,
    Reservation,
    Staff,
    Task,
    TreatmentPlan,
)
from tests.web.conftest import SignedIn
from tests.web.desk_person import EVERYBODY, FIRST_DAY, Desk, found

NOBODY = UUID("01a20a3e-9e4d-7755-acf9-33715c2e7df0")
NAMED = {
    "allergy_id": Allergy,
    "absence_id": NurseAbsence,
    "appointment_id": Appointment,
    "center_id": Center,
    "chair_id": Chair,
    "change_id": Change,
    "closure_id": Closure,
    "contact_id": Contact,
    "dose_id": PlannedDose,
    "message_id": Message,
    "outage_id": ChairOutage,
    "patient_id": Patient,
    "plan_id": TreatmentPlan,
    "reservation_id": Reservation,
    "staff_id": Staff,
    "task_id": Task,
}
BODIES = {
    "api.book_plan": {"mode": "all"},
    "api.cancel": {"reason": "patient", "version": 1},
    "api.reserve": {"day": "2026-04-06", "start": "09:00"},
    "api.move": {"starts_at": "2026-04-06T09:00:00-05:00", "version": 1},
}
SHARED = {"version_id", "other_id"}
"""Versions of regimens are the formulary's: every organization reads the same."""


def fill(desk: Desk) -> None:
    """Give the desk's organization one of everything that has an address."""
    patient, _, visit = desk.booked()
    desk.post(f"/patients/{patient}/measures", allergy="Latex", kind="allergy")
    dose = found(r"/doses/([0-9a-f-]{36})/times", desk.get(f"/patients/{patient}"))
    desk.post(f"/doses/{dose}/keep", day="2026-10-05", start="09:00")
    desk.send(f"/visits/{visit}/cancel", reason="patient")
    nurse = found(r'<option value="([0-9a-f]{32})"', desk.get("/closures"))
    desk.post("/absences", staff_id=nurse, day=FIRST_DAY, reason="ill")
    chair = found(r'<option value="([0-9a-f]{32})">Chair 1', desk.get("/closures"))
    times = {"out_on": FIRST_DAY, "out_at": "08:00", "back": FIRST_DAY, "back_at": "12:00"}
    desk.post("/outages", chair_id=chair, **times)
    desk.post("/closures", first_day=FIRST_DAY, reason="Burst pipe")


def theirs_of(database: Database, organization: UUID) -> dict[str, UUID]:
    """Return an id for each name in an address, none of them of ``organization``."""
    with database.system() as uow:
        ids = {
            name: uow.session.scalars(
                select(model.id).where(model.organization_id != organization)  # type: ignore[attr-defined]
            ).first()
            for name, model in NAMED.items()
        }
        ids["version_id"] = ids["other_id"] = uow.session.scalars(select(RegimenVersion.id)).first()
    missing = [name for name, found_id in ids.items() if found_id is None]
    assert missing == []
    return {name: UUID(str(each)) for name, each in ids.items()}


def addresses(app: Flask, *endpoints: str) -> Iterator[tuple[Rule, str]]:
    """Yield what is addressed by an id, with each method."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in endpoints and rule.arguments & set(NAMED):
            yield from ((rule, method) for method in (rule.methods or set()) & {"GET", "POST"})


def answers(browser: FlaskClient, rule: Rule, method: str, ids: dict[str, UUID]) -> tuple[int, str]:
    built = rule.build({name: ids[name] for name in rule.arguments}, append_unknown=False)
    assert built is not None
    answer = browser.open(built[1], method=method, json=BODIES.get(rule.endpoint))
    return answer.status_code, answer.text


def differing(
    app: Flask, browser: FlaskClient, theirs: dict[str, UUID], *endpoints: str
) -> dict[str, tuple[int, int]]:
    """Return where another organization's id does not answer 404 exactly as nobody's."""
    nobodys = {name: theirs[name] if name in SHARED else NOBODY for name in theirs}
    found_ones = {}
    for rule, method in addresses(app, *endpoints):
        status, text = answers(browser, rule, method, theirs)
        other, other_text = answers(browser, rule, method, nobodys)
        if (status, text) != (other, other_text) or status != 404:
            found_ones[f"{method} {rule.rule}"] = (status, other)
    return found_ones


@pytest.mark.slow
def test_on_every_page(
    app: Flask,
    desk: Desk,
    signed_in: SignedIn,
    database: Database,
    organization: OrganizationId,
) -> None:
    fill(desk)
    theirs = theirs_of(database, organization)
    stranger = signed_in(*EVERYBODY, Role.ADMIN)

    assert differing(app, stranger, theirs, "desk", "admin", "account") == {}


def test_in_the_api(
    app: Flask,
    desk: Desk,
    program: FlaskClient,
    database: Database,
    organization: OrganizationId,
) -> None:
    fill(desk)
    theirs = theirs_of(database, organization)

    assert differing(app, program, theirs, "api") == {}
    order = {"regimen": "ocrelizumab-iv", "first_day": FIRST_DAY, "prescriber": "Dr. Lind"}
    order |= {"signed_on": "2026-03-16", "valid_until": "2027-03-15"}
    at = {"starts_at": "2026-04-06T09:00:00-05:00"}
    for path, body, name in (("orders", order, "patient_id"), ("appointments", at, "dose_id")):
        answer = program.post(f"/api/v1/{path}", json=body | {name: str(theirs[name])})
        nobodys = program.post(f"/api/v1/{path}", json=body | {name: str(NOBODY)})
        assert (answer.status_code, answer.json) == (404, nobodys.json)
