"""The formulary's pages: read, question, confirm, choose and sign a regimen."""

import re

from flask.testing import FlaskClient

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import Desk, found


def regimen(desk: Desk, words: str) -> str:
    """Return the address of the first regimen that is found by some words."""
    return "/formulary/" + found(
        r"/formulary/([0-9a-f-]{36})", desk.get(f"/formulary?find={words}")
    )


def test_a_regimen_is_read_with_basis_source_and_an_example_of_any_day(desk: Desk) -> None:
    text = desk.get(regimen(desk, "briumvi") + "?start=2026-01-05")

    assert "every 24 weeks, counted from induction, dose 1" in text
    assert "from memory, verify" in text
    assert "Mon, Jan 19, 2026" in text
    assert "The first 6 doses" in text
    assert "Read as: 5 months after induction, dose 1" in text
    assert "+ 24 weeks = 2026-06-22" in text


def test_a_day_that_does_not_exist_is_named_and_nothing_breaks(desk: Desk) -> None:
    assert "“2026-02-30” is not a day" in desk.get(
        regimen(desk, "briumvi") + "?start=2026-02-30", 422
    )


def test_a_pharmacist_chooses_confirms_and_signs(desk: Desk) -> None:
    at = regimen(desk, "briumvi")
    assert "Choose first" in desk.post(f"{at}/sign", 409, document="Label", do="approve").text

    desk.post(f"{at}/choose", name="gap_from", value="prev_infusion")
    items = re.findall(r'name="item" value="([^"]+)"', desk.get(at))
    assert "Confirm these numbers first" in desk.post(f"{at}/sign", 409, document="Label").text
    assert "Name the document" in desk.post(f"{at}/confirm", 422, item=items[0], document="").text
    for item in items:
        desk.post(f"{at}/confirm", item=item, document="Policy 7")
    desk.post(f"{at}/sign", document="Label 8/2025", do="approve")

    text = desk.get(at)
    assert "0 to confirm" in text
    assert "Label 8/2025" in text
    desk.post(f"{at}/sign", do="retire")
    assert "Retired." in desk.get(at)


def test_only_a_pharmacist_signs(desk: Desk, signed_in: SignedIn) -> None:
    at = regimen(desk, "tysabri")
    nurse: FlaskClient = signed_in(Role.NURSE)

    assert "A pharmacist signs." in nurse.get(at).text
    for what in ("confirm", "choose", "sign"):
        assert nurse.post(f"{at}/{what}", data={"document": "Label"}).status_code == 403


def test_a_version_beside_itself_differs_in_nothing(desk: Desk) -> None:
    at = regimen(desk, "tysabri")

    assert "Both say the same." in desk.get(f"{at}/compare/{at.rsplit('/', 1)[-1]}")


def test_both_readings_are_shown_for_a_real_patient_and_the_look_is_kept(desk: Desk) -> None:
    patient = desk.add_patient()
    version = found(
        r"/orders/new/([0-9a-f-]{36})", desk.get(f"/patients/{patient}/orders/new?find=Briumvi")
    )
    order = {"product": "Briumvi", "kind": "new_start", "authorization": "", "do": "save"}
    order |= {"first_day": "2026-04-06", "prescriber": "Dr. Lind"}
    order |= {"signed_on": "2026-03-16", "valid_until": "2027-03-15"}
    desk.post(f"/patients/{patient}/orders/new/{version}", **order)
    text = desk.get(f"/formulary/{version}")
    plan = found(r'<option value="([0-9a-f]{32})"', text)

    text = desk.get(f"/formulary/{version}?patient={plan}")

    assert "for Zoë Ibáñez, doses to come" in text
    assert "Apr 20, 2026" in text or "Apr 20" in text
    assert "viewed patient" in desk.get(f"/patients/{patient}")
    desk.get(f"/formulary/{version}?patient={'0' * 32}", 404)
