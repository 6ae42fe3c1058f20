"""Whoever is shown something of one patient is in the record: every page and address there is, once a request."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from scheduler.domain.roles import ActorKind, Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    Audit,
    Contact,
    PlannedDose,
    RegimenVersion,
)
from tests.factories.staff import make_token
from tests.web.conftest import SignedIn
from tests.web.desk_person import EVERYBODY, Desk
from tests.web.patient.conftest import Phone
from tests.web.patient.conftest import phone as patients_phone
from tests.web.test_message_pages import mailed

phone = patients_phone
Looks = Callable[[], list[tuple[str, UUID | None, UUID | None]]]

FRAGMENT = {"Accept": "text/vnd.fragment+html"}
UNBOOKED = 3
OF_NO_PATIENT = {
    "desk.add_patient": "an empty form",
    "desk.formulary": "regimens",
    "desk.compare_regimens": "regimens",
    "desk.regimen_copy": "regimens",
    "desk.regimen_file": "regimens",
    "api.regimens": "regimens",
    "patient.birth_date": "nothing of the patient is shown before the birth date",
    "patient.stop": "asks whether mails shall stop, and tells nothing",
}
OF_MANY = {
    "api.day": "a day's visits, by ids",
    "desk.day": "a board, asked for each ten seconds; a visit that is picked out on it is a look",
    "desk.print_day": "a day on paper",
    "desk.why_not": "a day; asked for a dose it is a look",
    "desk.nurses_of_day": "who has which visits",
    "desk.messages": "the newest messages",
    "desk.worklist": "what waits",
    "desk.patients": "who was found",
    "desk.closures": "closed days, and who is booked on them",
    "desk.look_ahead": "the coming weeks",
    "desk.rearrange": "the moves of a day",
    "desk.replan": "days to put right",
    "desk.regimen": "a regimen; read for a patient it is a look",
    "desk.regimen_patients": "the plans under other versions: one note with how many",
}
SEARCHED = {"api.offers": "times; of the dose what its plan says, whose reading is a look"}
EXEMPT = {**OF_NO_PATIENT, **OF_MANY, **SEARCHED}
AUDIENCES = ("desk", "api", "patient")


@pytest.fixture
def looks(database: Database) -> Looks:
    """Call it for the looks since it was called last: what was seen, its id, and whose it is."""
    seen: set[UUID] = set()

    def since() -> list[tuple[str, UUID | None, UUID | None]]:
        with database.look() as uow:
            rows = uow.session.scalars(
                sa.select(Audit).where(Audit.action == "viewed").order_by(Audit.sequence)
            ).all()
            new = [row for row in rows if row.id not in seen]
            seen.update(row.id for row in new)
            return [(row.entity, row.entity_id, row.patient_id) for row in new]

    return since


def reading(app: Flask, *audiences: str) -> list[Rule]:
    """Return what audiences may read, what the lists above name left out."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in audiences
        and "GET" in (rule.methods or ())
        and rule.endpoint not in EXEMPT
    ]


def example(database: Database, patient: str, plan: str, visit: str) -> dict[str, UUID]:
    """Return what stands for each name in an address: all of it one patient's."""
    with database.look() as uow:
        wanted = {
            "contact_id": sa.select(Contact.id).where(Contact.patient_id == UUID(patient)),
            "dose_id": sa.select(PlannedDose.id).where(
                PlannedDose.plan_id == UUID(plan), PlannedDose.ordinal == UNBOOKED
            ),
            "version_id": sa.select(RegimenVersion.id).where(
                RegimenVersion.regimen == "ocrelizumab-iv"
            ),
        }
        ids = {name: uow.session.scalars(query).first() for name, query in wanted.items()}
    ids |= {"patient_id": UUID(patient), "plan_id": UUID(plan), "appointment_id": UUID(visit)}
    ids["message_id"] = UUID(mailed(database))
    return {name: UUID(str(each)) for name, each in ids.items()}


def address(rule: Rule, ids: dict[str, UUID]) -> str:
    built = rule.build({name: ids[name] for name in rule.arguments}, append_unknown=False)
    assert built is not None
    return built[1]


def not_noted_once(
    app: Flask, browser: FlaskClient, looks: Looks, ids: dict[str, UUID], audience: str
) -> dict[str, object]:
    """Return what one audience may read without exactly one note of a look at the patient."""
    wrong: dict[str, object] = {}
    for rule in reading(app, audience):
        looks()
        status, found = browser.get(address(rule, ids)).status_code, looks()
        if status != 200 or [whose for _, _, whose in found] != [ids["patient_id"]]:
            wrong[rule.rule] = (status, found)
    return wrong


def test_every_page_that_shows_one_patient_is_a_look_at_the_record(
    app: Flask, desk: Desk, database: Database, looks: Looks
) -> None:
    ids = example(database, *desk.booked())

    assert not_noted_once(app, desk.browser, looks, ids, "desk") == {}


def test_every_address_that_tells_a_program_of_one_patient_is_a_look_at_the_record(
    app: Flask, desk: Desk, database: Database, looks: Looks
) -> None:
    ids = example(database, *desk.booked())
    program = program_of(app, desk, database, ids)

    assert not_noted_once(app, program, looks, ids, "api") == {}


def program_of(app: Flask, desk: Desk, database: Database, ids: dict[str, UUID]) -> FlaskClient:
    """Return a program of the organization that the ids are of."""
    with database.look() as uow:
        visit = uow.session.get(Appointment, ids["appointment_id"])
        assert visit is not None
        organization, center = visit.organization_id, visit.center_id
    secret = make_token(database.write(organization), center, now=desk.clock.at)
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return program


def test_whoever_opens_a_link_in_a_mail_is_in_the_record(
    app: Flask, phone: Phone, looks: Looks, database: Database
) -> None:
    phone.enter()

    for rule in reading(app, "patient"):
        looks()
        answer = phone.browser.get(rule.rule.replace("<secret>", phone.secret))
        found = looks()
        assert (answer.status_code, len(found)) == (200, 1), rule

    with database.look() as uow:
        last = uow.session.scalars(sa.select(Audit).order_by(Audit.sequence.desc())).first()
        assert last is not None
        assert last.actor_kind is ActorKind.PATIENT
        assert found[0][2] == last.patient_id


def test_what_is_no_look_at_one_patient_is_listed_with_its_reason(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}

    assert set(EXEMPT) <= set(rules), "gone: take it off the list"
    for name in OF_MANY:
        assert "GET" in (rules[name].methods or ())
    nameless = [
        rule.rule
        for rule in reading(app, *AUDIENCES)
        if not rule.arguments - {"version_id", "other_id"}
    ]
    assert nameless == [], "a look at one patient, or of which list?"


def test_what_was_seen_is_named_by_its_own_id(desk: Desk, database: Database, looks: Looks) -> None:
    patient, plan, visit = desk.booked()
    ids = example(database, patient, plan, visit)
    looks()

    desk.get(f"/patients/{patient}/edit")
    desk.get(f"/plans/{plan}/change")
    desk.get(f"/doses/{ids['dose_id']}/times")
    desk.get(f"/visits/{visit}/move")
    desk.get(f"/messages/{ids['message_id']}")

    assert [(entity, each) for entity, each, _ in looks()] == [
        ("patient", ids["patient_id"]),
        ("plan", ids["plan_id"]),
        ("dose", ids["dose_id"]),
        ("appointment", ids["appointment_id"]),
        ("message", ids["message_id"]),
    ]


def test_what_an_address_asks_about_one_patient_is_a_look(
    desk: Desk, database: Database, looks: Looks
) -> None:
    patient, plan, visit = desk.booked()
    ids = example(database, patient, plan, visit)
    looks()

    desk.get("/day?day=2026-04-06")
    desk.get("/day/why?day=2026-04-27&at=10:15")
    assert looks() == []

    desk.get(f"/day?day=2026-04-06&visit={visit}")
    desk.get(f"/day/why?day=2026-10-05&at=10:15&dose={ids['dose_id']}")
    found = looks()
    assert [entity for entity, _, _ in found] == ["appointment", "dose"]
    assert {whose for _, _, whose in found} == {ids["patient_id"]}


def test_a_form_that_is_shown_again_is_a_look_and_what_leads_on_is_none(
    desk: Desk, looks: Looks
) -> None:
    patient, plan, visit = desk.booked()
    looks()

    desk.post(f"/visits/{visit}/cancel", 422)
    assert [entity for entity, _, _ in looks()] == ["appointment"]

    desk.post(f"/plans/{plan}/weight")
    desk.browser.head(f"/patients/{patient}")
    assert looks() == []


def test_whoever_is_refused_has_seen_nothing(
    app: Flask,
    desk: Desk,
    signed_in: SignedIn,
    database: Database,
    looks: Looks,
) -> None:
    ids = example(database, *desk.booked())
    stranger, nobody = signed_in(*EVERYBODY, Role.ADMIN), app.test_client()
    looks()

    for rule in reading(app, "desk"):
        assert stranger.get(address(rule, ids)).status_code == 404, rule
        assert nobody.get(address(rule, ids)).status_code == 303, rule
    for rule in reading(app, "api"):
        assert nobody.get(address(rule, ids)).status_code == 401, rule

    assert looks() == []


def test_a_board_that_is_asked_for_again_notes_nothing(desk: Desk, looks: Looks) -> None:
    _, _, visit = desk.booked()
    at = f"/day?day=2026-04-06&visit={visit}"
    etag = desk.browser.get(at, headers=FRAGMENT).headers["ETag"]
    looks()

    same = desk.browser.get(at, headers=FRAGMENT | {"If-None-Match": etag})
    other = desk.browser.get(at, headers=FRAGMENT | {"If-None-Match": '"older"'})

    assert (same.status_code, other.status_code) == (304, 200)
    assert looks() == []


def test_looks_of_one_person_in_a_row_are_one_line_on_the_patients_page(desk: Desk) -> None:
    patient, plan, visit = desk.booked()
    for at in (f"/plans/{plan}/change", f"/visits/{visit}/move", f"/visits/{visit}/cancel"):
        desk.get(at)

    text = desk.get(f"/patients/{patient}")

    record = text[text.index("Who looked and what changed") :]
    assert record.count("viewed visit, plan") == 1
    assert record.index("times") < record.index("booked")


def test_what_cannot_be_noted_is_not_shown(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = desk.add_patient()
    assert "Ibáñez" in desk.get(f"/patients/{patient}")

    def away(*_args: object, **_more: object) -> None:
        raise OSError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("scheduler.web.looks.note_look", away)

    assert "Ibáñez" not in desk.get(f"/patients/{patient}", 500)
