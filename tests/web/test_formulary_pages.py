"""The formulary's pages: read, question, confirm, choose and sign a regimen."""

import re
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Organization
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


def test_a_keyboard_goes_on_where_a_number_was_confirmed(desk: Desk) -> None:
    at = regimen(desk, "briumvi")

    after = desk.post(f"{at}/confirm", item="maintenance.window", document="Policy 7")

    place = after.headers["Location"].partition("#")[2]
    assert place == "number-maintenance.window"
    assert f'id="{place}"' in desk.get(at)


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
    assert "viewed plan" in desk.get(f"/patients/{patient}")
    desk.get(f"/formulary/{version}?patient={'0' * 32}", 404)


def gap_row(text: str) -> str:
    """Return what the rules table says of the minimum gap that has two readings, without its tags."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL) if "ambiguous," in row)
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(row)).split())


def test_the_rules_say_choose_only_until_a_reading_is_chosen_and_then_which_and_by_whom(
    desk: Desk,
) -> None:
    at = regimen(desk, "briumvi")
    one, other = "5 months after induction, dose 1", "5 months after the last given dose"
    asked = gap_row(desk.get(at))
    assert "ambiguous, choose" in asked
    assert one in asked
    assert other in asked

    for value, chosen, left in (("prev_infusion", other, one), ("induction.1", one, other)):
        desk.post(f"{at}/choose", name="gap_from", value=value)
        said = gap_row(desk.get(at))
        assert f"Not before {chosen} not: {left} chosen by Jo Rask" in said
        assert ", Mar 17, 2026 ambiguous, chosen" in said
        assert "ambiguous, choose " not in said


def two_sign(database: Database, *, wanted: bool) -> None:
    with database.system() as uow:
        for row in uow.session.scalars(select(Organization)):
            row.second_approval = wanted
        uow.commit()


def ready_for_two(desk: Desk, database: Database) -> str:
    """Return the page of a regimen in which all is confirmed, where two pharmacists sign."""
    two_sign(database, wanted=True)
    at = regimen(desk, "briumvi")
    desk.post(f"{at}/choose", name="gap_from", value="prev_infusion")
    for item in re.findall(r'name="item" value="([^"]+)"', desk.get(at)):
        desk.post(f"{at}/confirm", item=item, document="Policy 7")
    return at


def test_the_first_of_two_signers_reads_that_a_second_must_sign_and_has_no_button(
    desk: Desk, database: Database
) -> None:
    at = ready_for_two(desk, database)
    assert "Approve version" in desk.get(at)

    desk.post(f"{at}/sign", document="Label 8/2025", do="approve")

    text = desk.get(at)
    assert "Signed by you on Mar 17, 2026; a second pharmacist must sign" in text
    assert "Approve version" not in text
    assert "you signed first" in desk.post(f"{at}/sign", 403, document="Label", do="approve").text
    other = unescape(desk.colleague(Role.PHARMACIST).get(at).text)
    assert re.search(r"Signed by Jo Rask\d+ on Mar 17, 2026; waits for the second", other)
    assert "Approve version" in other


def test_who_signed_first_can_approve_when_the_center_wants_no_second_signature_any_more(
    desk: Desk, database: Database
) -> None:
    at = ready_for_two(desk, database)
    desk.post(f"{at}/sign", document="Label 8/2025", do="approve")

    two_sign(database, wanted=False)

    assert "Approve version" in desk.get(at)
    desk.post(f"{at}/sign", document="Label 8/2025", do="approve")
    assert "Approved here." in desk.get(at)


def test_two_signatures_approve_and_both_names_and_days_are_shown(
    desk: Desk, database: Database
) -> None:
    at = ready_for_two(desk, database)
    desk.post(f"{at}/sign", document="Label 8/2025", do="approve")
    desk.go_to(desk.clock.at + timedelta(days=1))
    second = {"document": "Label 8/2025", "do": "approve"}

    answer = desk.colleague(Role.PHARMACIST).post(f"{at}/sign", data=second)

    assert answer.status_code == 303, re.findall(r"role=\"alert\".*", answer.text)
    text = desk.get(at)
    assert "Approved here." in text
    who = re.search(r"Signed by (.+) on Mar 17, 2026 and by (.+) on Mar 18, 2026\.", text)
    assert who
    assert who[1] != who[2]
    assert "Approve version" not in text


def test_a_signature_on_a_page_that_shows_another_reading_is_not_taken(desk: Desk) -> None:
    at = regimen(desk, "briumvi")
    desk.post(f"{at}/choose", name="gap_from", value="prev_infusion")
    for item in re.findall(r'name="item" value="([^"]+)"', desk.get(at)):
        desk.post(f"{at}/confirm", item=item, document="Policy 7")
    seen = found(r'name="read_as" value="([^"]+)"', desk.get(at))
    desk.post(f"{at}/choose", name="gap_from", value="induction.1")

    refused = desk.post(f"{at}/sign", 409, document="Label", do="approve", read_as=seen)

    assert "Another reading was chosen since" in refused.text
