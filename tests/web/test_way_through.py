"""The way through, page by page, without a script: from a new patient to a discharged visit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.ids import OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.services.regimens import sync_formulary
from scheduler.services.setup import setup_center
from scheduler.web.gatekeepers import COOKIE
from tests.factories.people import make_organization, make_patient
from tests.factories.setup import make_setup_request
from tests.factories.staff import make_session, make_staff
from tests.web.conftest import TestClock

EVERYBODY = (Role.FRONT_DESK, Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER)
FIRST_DAY = "2026-04-06"


@dataclass
class Desk:
    """A person with every role at an open demonstration center."""

    browser: FlaskClient
    clock: TestClock
    sign_in: Callable[[], str]

    def go_to(self, moment: datetime) -> None:
        """Let time pass; the person signs in again."""
        self.clock.at = moment
        self.browser.set_cookie(COOKIE, self.sign_in())

    def get(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def post(self, path: str, status: int = 303, /, **form: Any) -> TestResponse:
        answer = self.browser.post(path, data=form)
        assert answer.status_code == status, unescape(answer.text)
        return answer

    def add_patient(self, **facts: Any) -> str:
        form = {
            "given_name": "Zoë",
            "family_name": "Ibáñez",
            "birth_date": "1980-02-03",
            "email": "zoe@mail.example",
            "channel": "email",
            "needs_kind": "",
            "consented": "y",
            "sex": "female",
            "spoken_language": "en",
            "written_language": "en",
        }
        answer = self.post("/patients/new", **(form | facts))
        return str(answer.headers["Location"]).rsplit("/", 1)[-1]

    def order(self, patient: str, do: str = "save", **facts: Any) -> TestResponse:
        text = self.get(f"/patients/{patient}/orders/new?find=Ocrevus")
        version = found(r"/orders/new/([0-9a-f-]{36})", text)
        form = {
            "product": "Ocrevus",
            "kind": "new_start",
            "authorization": "",
            "first_day": FIRST_DAY,
            "prescriber": "Dr. Lind",
            "signed_on": "2026-03-16",
            "valid_until": "2027-03-15",
            "do": do,
        }
        status = 303 if do == "save" else 200
        return self.post(f"/patients/{patient}/orders/new/{version}", status, **(form | facts))

    def plan(self) -> tuple[str, str]:
        """Add a patient with an order; return the patient and the plan."""
        patient = self.add_patient()
        plan = found(r"/plans/([0-9a-f-]{36})/book", self.order(patient).headers["Location"])
        return patient, plan

    def booked(self) -> tuple[str, str, str]:
        """Return patient, plan and the first visit of a booked series."""
        patient, plan = self.plan()
        self.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")
        return (
            patient,
            plan,
            found(r"/visits/([0-9a-f-]{36})/move", self.get(f"/patients/{patient}")),
        )


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in {text[:3000]}"
    return match[1]


@pytest.fixture
def desk(app: Flask, database: Database, clock: TestClock) -> Desk:
    sync_formulary(database.system(), now=clock.at)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=clock.at)
    uow = database.write(made.organization_id)
    person = make_staff(uow, made.center_id, *EVERYBODY, now=clock.at)
    desk = Desk(
        browser=app.test_client(),
        clock=clock,
        sign_in=lambda: make_session(uow, person, now=clock.at),
    )
    desk.go_to(clock.at)
    return desk


def test_a_patient_is_found_by_the_beginning_of_a_name_without_its_accents(desk: Desk) -> None:
    desk.add_patient()

    by_name = desk.post("/patients", 200, q="ibanez zo")
    by_day = desk.post("/patients", 200, q="2/3/1980")
    nobody = desk.post("/patients", 200, q="quartz")

    assert "Ibáñez" in unescape(by_name.text)
    assert "Ibáñez" in unescape(by_day.text)
    assert "Nobody here fits" in nobody.text


def test_a_likely_double_is_shown_before_anything_is_saved(desk: Desk) -> None:
    first = desk.add_patient()
    again = {
        "given_name": "Zoe",
        "family_name": "Ibanez",
        "birth_date": "1980-02-03",
        "sex": "female",
    }
    again |= {
        "spoken_language": "en",
        "written_language": "en",
        "channel": "email",
        "needs_kind": "",
    }

    asked = desk.post("/patients/new", 422, **again)
    desk.post("/patients/new", 303, **again, confirmed="y")

    assert f"/patients/{first}" in asked.text
    assert 'value="Ibanez"' in asked.text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("birth_date", "2030-01-01", "future"),
        ("birth_date", "2026-02-30", "not a day of the calendar"),
        ("email", "zoe.mail.example", "@"),
        ("family_name", "", "Enter the family name."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, field: str, value: str, says: str
) -> None:
    form = {
        "given_name": "Zoë",
        "family_name": "Ibáñez",
        "birth_date": "1980-02-03",
        "channel": "email",
        "needs_kind": "",
        "sex": "female",
        "spoken_language": "en",
        "written_language": "en",
    }

    answer = desk.post("/patients/new", 422, **(form | {field: value}))

    assert says in unescape(answer.text)
    assert 'value="Zoë"' in unescape(answer.text)
    assert "Nobody here fits" in desk.post("/patients", 200, q="Ibáñez").text


def test_the_series_is_shown_before_it_is_saved_and_follows_a_new_first_day(desk: Desk) -> None:
    patient = desk.add_patient()

    shown = unescape(desk.order(patient, do="show").text)
    later = unescape(desk.order(patient, do="show", first_day="2026-04-13").text)

    assert "Mon, Apr 6, 2026" in shown
    assert "Tue, Oct 6, 2026" in shown
    assert "Due 6 months after dose 1" in shown
    assert "Tue, Oct 13, 2026" in later
    assert "No treatment plan yet" in desk.get(f"/patients/{patient}")


def test_a_patient_on_treatment_gets_no_loading_doses_again(desk: Desk) -> None:
    patient = desk.add_patient()
    earlier = {"kind": "continuing", "earlier-0-day": "2025-11-03", "earlier-0-place": "elsewhere"}

    shown = unescape(desk.order(patient, do="show", first_day="2026-05-04", **earlier).text)

    assert "600 mg" in shown
    assert "300 mg" not in shown


def test_another_line_for_an_earlier_dose_needs_no_script(desk: Desk) -> None:
    patient = desk.add_patient()

    answer = desk.order(patient, do="row")

    assert answer.text.count("-place") > 3
    assert 'value="Dr. Lind"' in answer.text


def test_a_whole_series_is_booked_and_seen_on_the_board(desk: Desk) -> None:
    patient, plan = desk.plan()
    preview = desk.get(f"/plans/{plan}/book?until=2026-12-31")

    desk.post(f"/plans/{plan}/book", mode="all", until="2026-12-31")

    assert "Book all 3" in preview
    assert desk.get(f"/patients/{patient}").count("Booked") >= 3
    assert "Ibáñez" in desk.get(f"/day?day={FIRST_DAY}")


def test_a_time_is_found_booked_moved_undone_and_cancelled(desk: Desk) -> None:
    patient, _ = desk.plan()
    dose = found(r"/doses/([0-9a-f-]{36})/times", desk.get(f"/patients/{patient}"))
    page = desk.get(f"/doses/{dose}/times")
    day = found(r'name="day" value="([0-9-]+)"', page)
    start = found(r'name="start" value="([0-9:]+)"', page)

    desk.post(f"/doses/{dose}/times", day=day, start=start)
    visit = found(r"/visits/([0-9a-f-]{36})/move", desk.get(f"/patients/{patient}"))
    version = found(r'name="version" value="(\d+)"', desk.get(f"/visits/{visit}/move"))
    desk.post(f"/visits/{visit}/move", day=day, start="13:00", version=version, chair_id="")
    change = found(r"/changes/([0-9a-f-]{36})/undo", desk.get(f"/day?day={day}"))
    desk.post(f"/changes/{change}/undo")

    assert start in desk.get(f"/visits/{visit}/move")
    desk.post(f"/visits/{visit}/cancel", 422, version="", reason="")
    desk.post(f"/visits/{visit}/cancel", reason="patient", version="")
    assert "Find a time" in desk.get(f"/patients/{patient}")
    assert "Ibáñez" in desk.get("/worklist?queue=rebook")


def test_a_stale_form_says_what_is_so_now(desk: Desk) -> None:
    _, _, visit = desk.booked()
    version = int(found(r'name="version" value="(\d+)"', desk.get(f"/visits/{visit}/move")))
    to = {"day": FIRST_DAY, "start": "13:00", "chair_id": ""}

    desk.post(f"/visits/{visit}/move", **to, version=version)
    stale = desk.post(f"/visits/{visit}/move", 409, **(to | {"start": "14:00"}), version=version)

    assert "As it stands" in stale.text
    assert 'value="14:00"' in stale.text


def test_a_wish_that_is_refused_names_the_limit(desk: Desk) -> None:
    patient, _ = desk.plan()
    dose = found(r"/doses/([0-9a-f-]{36})/times", desk.get(f"/patients/{patient}"))

    sunday = desk.get(f"/doses/{dose}/times?wish_day=2026-04-05&wish_time=09:00")
    late = desk.get(f"/doses/{dose}/times?wish_day={FIRST_DAY}&wish_time=16:30")

    assert "closed" in sunday
    assert "Not at the wished time" in late


def test_a_double_press_books_once(desk: Desk) -> None:
    patient, _ = desk.plan()
    dose = found(r"/doses/([0-9a-f-]{36})/times", desk.get(f"/patients/{patient}"))
    form = {"day": FIRST_DAY, "start": "09:00", "idempotency_key": "a" * 32}

    first = desk.post(f"/doses/{dose}/times", **form)
    second = desk.post(f"/doses/{dose}/times", **form)

    assert first.headers["Location"] == second.headers["Location"]


def test_a_dose_given_three_weeks_late_asks_what_becomes_of_the_booked_ones(desk: Desk) -> None:
    patient, plan = desk.plan()
    desk.post(f"/plans/{plan}/book", mode="all", until="2027-04-30")
    visits = re.findall(r"/visits/([0-9a-f-]{36})/move", desk.get(f"/patients/{patient}"))
    third = list(dict.fromkeys(visits))[2]
    late = {"day": "2026-10-27", "start": "09:00", "chair_id": "", "version": ""}
    desk.post(f"/visits/{third}/move", **late, outside_window_reason="away")
    desk.go_to(datetime(2026, 10, 27, 19, tzinfo=UTC))
    page = desk.get(f"/visits/{third}/discharge")
    dose = found(r'name="outcome-([0-9a-f]{32})"', page)

    answer = desk.post(
        f"/visits/{third}/discharge", **{f"outcome-{dose}": "full", f"lot-{dose}": "K1"}
    )

    assert answer.headers["Location"].endswith(f"/plans/{plan}/recalculation")
    asked = desk.get(f"/plans/{plan}/recalculation")
    assert "no longer fits" in asked
    assert "Apr 6, 2027" in asked
    assert "Apr 27, 2027" in asked
    key = found(r'name="id" value="([0-9a-f-]{36})"', asked)
    desk.post(f"/plans/{plan}/recalculation", 422, id=key, do="keep", reason="")
    desk.post(f"/plans/{plan}/recalculation", id=key, do="apply")
    assert "Apr 27, 2027" in desk.get(f"/patients/{patient}")


def test_the_day_happens_step_by_step_and_ends_with_what_was_given(desk: Desk) -> None:
    patient, _, visit = desk.booked()
    desk.go_to(datetime(2026, 4, 6, 17, tzinfo=UTC))

    for step in ("arrived", "in_chair", "infusing", "observation"):
        desk.post(f"/visits/{visit}/step", step=step, version="")
    dose = found(r'name="outcome-([0-9a-f]{32})"', desk.get(f"/visits/{visit}/discharge"))
    part = {f"outcome-{dose}": "part", f"amount-{dose}": "", f"reason-{dose}": "reaction"}
    desk.post(f"/visits/{visit}/discharge", 422, **part)
    desk.post(f"/visits/{visit}/discharge", **(part | {f"amount-{dose}": "150"}))

    assert "Given in part" in desk.get(f"/patients/{patient}")
    assert "was given in part" in desk.get("/worklist?queue=review")


def test_a_hold_shows_what_it_cancels_first_and_can_be_taken_back(desk: Desk) -> None:
    patient, plan, _ = desk.booked()
    hold = {"kind": "hold", "reason": "infection", "review_on": "2026-04-10"}

    shown = unescape(desk.post(f"/plans/{plan}/change", 200, **hold).text)
    still = desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/change", **hold, sure="1")

    assert "This cancels 1 visit," in shown
    assert "Booked" in still
    assert "On hold" in desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/change/correct", reason="wrong patient")
    assert "Active" in desk.get(f"/patients/{patient}")


def test_a_death_cancels_everything_and_can_be_corrected(desk: Desk) -> None:
    patient, _, _ = desk.booked()

    shown = desk.get(f"/patients/{patient}/deceased")
    desk.post(f"/patients/{patient}/deceased", deceased_on="2026-03-16", told_by="family")

    assert "This cancels 2 visits" in shown
    assert "Deceased on March 16, 2026" in desk.get(f"/patients/{patient}")
    desk.post(f"/patients/{patient}/deceased", correct="1", reason="another patient")
    assert "Deceased on" not in desk.get(f"/patients/{patient}")


def test_what_a_plan_needs_is_recorded_on_its_page(desk: Desk) -> None:
    _, plan = desk.plan()
    before = desk.get(f"/plans/{plan}/requirements")
    url = f"/plans/{plan}/requirements"

    desk.post(f"{url}/result", code="hbv", version="", stands="met", result_on="2026-03-10")
    desk.post(
        f"{url}/authorization",
        stands="approved",
        number="PA-7",
        from_day="2026-03-01",
        until_day="2027-03-01",
        visits="4",
    )
    desk.post(f"{url}/result", 422, code="hbv", version="", stands="failed", result_on="2026-03-10")

    assert "hepatitis B" in before
    assert "PA-7" in desk.get(url)


def test_a_weight_of_7_kg_is_asked_about(desk: Desk) -> None:
    patient = desk.add_patient()
    url = f"/patients/{patient}/measures"

    asked = desk.post(url, 422, weight="7", measured_on="2026-03-16")
    desk.post(url, 303, weight="7", measured_on="2026-03-16", confirmed="y")

    assert "I have checked this" in asked.text
    assert "7 kg" in desk.get(f"/patients/{patient}")


def test_a_closed_day_lists_whom_it_affects_and_is_lifted(desk: Desk) -> None:
    desk.booked()

    done = desk.post("/closures", 200, first_day=FIRST_DAY, reason="Burst pipe")
    closure = found(r"/closures/([0-9a-f-]{36})/lift", done.text)

    assert "1 visits no longer fit" in done.text
    desk.post(f"/closures/{closure}/lift")
    assert "Burst pipe" not in desk.get("/closures")


def test_a_nurse_who_is_out_is_noted(desk: Desk) -> None:
    nurse = found(r'<option value="([0-9a-f]{32})"', desk.get("/closures"))

    desk.post("/absences", 200, staff_id=nurse, day=FIRST_DAY, reason="ill")

    assert "out: ill" in desk.get("/closures")


def test_a_contact_is_added_changed_and_ended(desk: Desk) -> None:
    patient = desk.add_patient()
    url = f"/patients/{patient}/contacts"
    form = {"relation": "caregiver", "name": "Rui", "phone": "312 555 0101", "channel": "phone"}
    form |= {"level": "minimal", "language": "es", "calendar": "file", "email": ""}

    desk.post(f"{url}/new", **form)
    contacts = re.findall(r"/contacts/([0-9a-f-]{36})", desk.get(f"/patients/{patient}"))
    desk.post(f"{url}/{contacts[-1]}/end")

    assert len(set(contacts)) == 2
    assert "Rui" not in desk.get(f"/patients/{patient}").split("Who looked")[0]


@pytest.mark.parametrize(
    "page", ["/day", "/patients", "/worklist", "/messages", "/formulary", "/closures"]
)
def test_each_page_of_the_bar_opens_empty(desk: Desk, page: str) -> None:
    assert "</html>" in desk.get(page)


def test_a_regimen_shows_its_numbers_their_basis_and_their_sources(desk: Desk) -> None:
    version = found(r"/formulary/([0-9a-f-]{36})", desk.get("/formulary?find=Ocrevus"))

    page = desk.get(f"/formulary/{version}")

    assert "every 6 months" in page
    assert "label" in page
    assert "ocrevus" in page.casefold()


PAGES = (
    "/patients/{}",
    "/patients/{}/edit",
    "/patients/{}/orders/new",
    "/patients/{}/deceased",
    "/patients/{}/measures",
    "/patients/{}/contacts/new",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_patient_of_another_organization_is_not_found_like_nobody(
    desk: Desk, database: Database, page: str
) -> None:
    other: OrganizationId = make_organization(database, name="Other")
    theirs = make_patient(database.write(other))
    nobody = "01a20a3e-9e4d-7755-acf9-33715c2e7df0"

    assert desk.get(page.format(theirs), 404) == desk.get(page.format(nobody), 404)


def test_a_call_is_logged_and_a_task_taken_and_closed(desk: Desk) -> None:
    _, _, visit = desk.booked()
    desk.post(f"/visits/{visit}/cancel", reason="patient", version="")
    task = found(r"/tasks/([0-9a-f-]{36})/call", desk.get("/worklist"))

    desk.post(f"/tasks/{task}/own", take="1")
    desk.post(f"/tasks/{task}/call", outcome="no_answer")
    desk.post(f"/tasks/{task}/close", 422, outcome="declined", note="")
    tried = desk.get("/worklist")
    desk.post(f"/tasks/{task}/close", outcome="declined", note="wants to wait")

    assert "no answer" in tried
    assert task not in desk.get("/worklist")
