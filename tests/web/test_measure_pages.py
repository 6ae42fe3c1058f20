"""Weight, height, allergies: new amounts are seen before they are saved, and everything can be ended."""

import pytest

from scheduler.domain.roles import Role
from tests.web.desk_person import Desk, found


def by_weight(desk: Desk) -> str:
    """Return a patient with an order of a drug that is dosed by weight: tocilizumab, 4 mg/kg."""
    patient = desk.add_patient()
    form = {"weight": "70", "measured_on": "2026-03-01", "kind": "allergy"}
    desk.post(f"/patients/{patient}/measures", **form)
    version = found(
        r"/orders/new/([0-9a-f-]{36})", desk.get(f"/patients/{patient}/orders/new?find=tocilizumab")
    )
    page = desk.get(f"/patients/{patient}/orders/new/{version}")
    order = {
        "product": found(r'<option[^>]*value="(Actemra[^"]*)"', page),
        "indication": "",
        "kind": "new_start",
        "authorization": "",
        "first_day": "2026-04-06",
        "prescriber": "Dr. Lind",
        "signed_on": "2026-03-16",
        "valid_until": "2027-03-15",
        "do": "save",
    }
    desk.post(f"/patients/{patient}/orders/new/{version}", **order)
    return patient


@pytest.mark.slow
def test_amounts_that_change_are_shown_before_they_are_saved(desk: Desk) -> None:
    patient = by_weight(desk)
    at = f"/patients/{patient}/measures"
    form = {"weight": "75", "measured_on": "2026-03-16", "kind": "allergy"}

    text = desk.post(at, 200, **form).text
    assert "Nothing is saved yet" in text
    assert "280 mg" in text
    assert "300 mg" in text
    assert "75 kg" not in desk.get(at)

    seen = found(r'name="seen" value="([^"]+)"', text)
    assert "Nothing is saved yet" in desk.post(at, 200, **{**form, "weight": "76"}, seen=seen).text
    desk.post(at, **form, seen=seen)
    assert "300 mg" in desk.get(f"/patients/{patient}")
    desk.post(found(r'action="(/changes/[^"]+/undo)"', desk.get(f"/patients/{patient}")))
    assert "280 mg" in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_who_may_not_record_a_weight_is_told_before_any_new_amount_is_shown(desk: Desk) -> None:
    patient = by_weight(desk)
    form = {"weight": "75", "measured_on": "2026-03-16", "kind": "allergy"}

    refused = desk.colleague(Role.AUDITOR).post(f"/patients/{patient}/measures", data=form)

    assert refused.status_code == 403
    assert "would change" not in refused.text


def test_an_allergy_is_ended_with_a_reason(desk: Desk) -> None:
    patient = desk.add_patient()
    at = f"/patients/{patient}/measures"
    desk.post(at, allergy="Hives after cetirizine", kind="reaction")
    text = desk.get(at)
    assert "Reaction: Hives after cetirizine" in text
    end = found(r'action="(/patients/[^"]+/end)"', text)

    assert "Say why" in desk.post(end, 422).text
    desk.post(end, reason="Entered in error")

    assert "Reaction: Hives" not in desk.get(at)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"allergy": "Latex", "kind": "allergy"}, "Allergy recorded."),
        ({"allergy": "Hives", "kind": "reaction"}, "Earlier reaction recorded."),
        (
            {"height": "170", "kind": "allergy"},
            "Height recorded. Amounts that depend on it follow.",
        ),
        (
            {"weight": "70", "allergy": "Latex", "kind": "allergy"},
            "Weight and allergy recorded. Amounts that depend on it follow.",
        ),
    ],
)
def test_after_saving_the_page_says_what_was_saved(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    patient = desk.add_patient()

    desk.post(f"/patients/{patient}/measures", measured_on="2026-03-16", **typed)

    text = desk.get(f"/patients/{patient}")
    assert said in text
    assert ("Amounts" in said) or "Amounts that depend" not in text
