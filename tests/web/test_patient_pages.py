"""Patients: found, added, changed; what a plan needs, and how it ends."""

import re
from html import unescape

import pytest

from scheduler.domain.ids import OrganizationId
from scheduler.persistence.database import Database
from tests.factories.people import make_organization, make_patient
from tests.web.desk_person import Desk, found


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


@pytest.mark.slow
def test_a_hold_shows_what_it_cancels_first_and_can_be_taken_back(desk: Desk) -> None:
    patient, plan, _ = desk.booked()
    hold = {"kind": "hold", "reason": "infection", "review_on": "2026-04-10"}

    shown = unescape(desk.send(f"/plans/{plan}/change", 200, **hold).text)
    still = desk.get(f"/patients/{patient}")
    desk.send(f"/plans/{plan}/change", **hold, sure="1")

    assert "This cancels 1 visit and voids no unsent message" in shown
    assert "Booked" in still
    assert "On hold" in desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/change/correct", reason="wrong patient")
    assert "Active" in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_a_death_cancels_everything_and_can_be_corrected(desk: Desk) -> None:
    patient, _, _ = desk.booked()

    shown = desk.get(f"/patients/{patient}/deceased")
    desk.send(f"/patients/{patient}/deceased", deceased_on="2026-03-16", told_by="family")

    assert "This cancels 2 visits" in shown
    assert "Deceased on March 16, 2026" in desk.get(f"/patients/{patient}")
    desk.post(f"/patients/{patient}/deceased", correct="1", reason="another patient")
    assert "Deceased on" not in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_what_a_plan_needs_is_recorded_on_its_page(desk: Desk) -> None:
    _, plan = desk.plan()
    before = desk.get(f"/plans/{plan}/requirements")
    url = f"/plans/{plan}/requirements"

    hbv = {"code": "hbv", "shown": url, "after": 'value="hbv"', "result_on": "2026-03-10"}
    desk.send(f"{url}/result", stands="met", **hbv)
    desk.post(
        f"{url}/authorization",
        stands="approved",
        number="PA-7",
        from_day="2026-03-01",
        until_day="2027-03-01",
        visits="4",
    )
    desk.send(f"{url}/result", 422, stands="failed", **hbv)

    assert "hepatitis B" in before
    assert "PA-7" in desk.get(url)


def test_a_weight_of_7_kg_is_asked_about(desk: Desk) -> None:
    patient = desk.add_patient()
    url = f"/patients/{patient}/measures"

    asked = desk.post(url, 422, weight="7", measured_on="2026-03-16")
    desk.post(url, 303, weight="7", measured_on="2026-03-16", confirmed="y")

    assert "I have checked this" in asked.text
    assert "7 kg" in desk.get(f"/patients/{patient}")


def test_a_contact_is_added_changed_and_ended(desk: Desk) -> None:
    patient = desk.add_patient()
    url = f"/patients/{patient}/contacts"
    form = {"relation": "caregiver", "name": "Rui", "phone": "312 555 0101", "channel": "phone"}
    form |= {"level": "minimal", "language": "es", "calendar": "file", "email": ""}

    desk.post(f"{url}/new", **form)
    contacts = re.findall(r"/contacts/([0-9a-f-]{36})", desk.get(f"/patients/{patient}"))
    desk.post(f"{url}/{contacts[-1]}/end")

    assert len(set(contacts)) == 2
    assert "Rui" not in desk.get(f"/patients/{patient}").split("Who looked and")[0]


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


@pytest.mark.slow
def test_a_resumed_plan_asks_to_book_what_the_hold_had_cancelled(desk: Desk) -> None:
    patient, plan, _ = desk.booked()
    hold = {"kind": "hold", "reason": "infection", "review_on": "2026-04-10", "sure": "1"}
    desk.send(f"/plans/{plan}/change", **hold)
    review = desk.get("/worklist?queue=review")

    desk.send(f"/plans/{plan}/change", kind="resume", reason="", review_on="", sure="1")

    assert f'href="/plans/{plan}/change"' in review
    asked = desk.get("/worklist?queue=rebook")
    assert "The plan goes on: book dose 1." in asked
    assert "Find a time" in asked
    assert "The plan goes on" in desk.get(f"/patients/{patient}")


def test_what_a_change_voids_is_listed_before_it_happens(desk: Desk) -> None:
    _, plan, _ = desk.booked()
    stop = {"kind": "stop", "reason": "moves away", "review_on": ""}

    shown = unescape(desk.send(f"/plans/{plan}/change", 200, **stop).text)

    assert "This cancels 2 visits" in shown
    assert "voids 1 unsent message." in shown
    assert "Series summary, Tue, Mar 17," in shown


def test_a_patient_without_mail_is_told_by_phone_and_the_desk_reads_so(desk: Desk) -> None:
    called = desk.add_patient(email="", phone="555-0100", channel="phone")
    plan = found(r"/plans/([0-9a-f-]{36})/book", desk.order(called).headers["Location"])

    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")

    assert "2 visits booked. A task asks to tell the patient by phone." in desk.get(
        f"/patients/{called}"
    )


def test_the_next_visit_comes_first(desk: Desk) -> None:
    patient, _, _ = desk.booked()

    page = desk.get(f"/patients/{patient}")

    assert re.findall(r"/day\?day=(2026-\d\d-\d\d)", page[page.index(">Visits<") :])[:2] == [
        "2026-04-06",
        "2026-04-20",
    ]


def test_no_order_is_asked_for_once_a_patient_has_died(desk: Desk) -> None:
    patient = desk.add_patient()
    version = found(
        r"/orders/new/([0-9a-f-]{36})", desk.get(f"/patients/{patient}/orders/new?find=Ocrevus")
    )
    desk.send(f"/patients/{patient}/deceased", deceased_on="2026-03-16", told_by="family")

    for path in ("", f"/{version}"):
        page = desk.get(f"/patients/{patient}/orders/new{path}")
        assert "No order can be entered: the patient is marked deceased." in page
        assert 'name="prescriber"' not in page
        assert "Choose<" not in page
    refused = desk.post(
        f"/patients/{patient}/orders/new/{version}",
        422,
        product="Ocrevus",
        kind="new_start",
        authorization="",
        first_day="2026-04-06",
        prescriber="Dr. Lind",
        signed_on="2026-03-16",
        valid_until="2027-03-15",
        do="save",
    )
    assert "marked deceased" in refused.text
