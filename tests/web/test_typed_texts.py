"""What is typed freely is looked at wherever it is typed: no control character is stored."""

from datetime import UTC, datetime

from tests.web.desk_person import FIRST_DAY, Desk, found

BELL = "rang\a"


def test_reasons_of_a_discharge_are_looked_at(desk: Desk) -> None:
    patient, _, visit = desk.booked()
    desk.go_to(datetime(2026, 4, 6, 17, tzinfo=UTC))
    dose = found(r'name="outcome-([0-9a-f]{32})"', desk.get(f"/visits/{visit}/discharge"))
    none = {f"outcome-{dose}": "none", f"reason-{dose}": BELL}

    refused = desk.send(f"/visits/{visit}/discharge", 422, **none)
    desk.send(f"/visits/{visit}/discharge", 422, **(none | {f"reason-{dose}": "x" * 100_000}))
    desk.send(f"/visits/{visit}/discharge", 422, **(none | {f"lot-{dose}": BELL}))

    assert "Reason holds a character that is no writing; type it anew." in refused.text
    assert "Not given" not in desk.get(f"/patients/{patient}")


def test_the_reason_why_an_allergy_ends_is_looked_at(desk: Desk) -> None:
    patient = desk.add_patient()
    path = f"/patients/{patient}/measures"
    desk.post(path, measured_on="2026-03-16", allergy="latex", kind="allergy")
    allergy = found(r"/allergies/([0-9a-f-]{36})/end", desk.get(path))

    refused = desk.post(f"/patients/{patient}/allergies/{allergy}/end", 422, reason=BELL)

    assert "no writing" in refused.text
    assert "latex" in desk.get(f"/patients/{patient}")


def test_the_lines_of_a_list_are_looked_at(desk: Desk) -> None:
    patient = desk.add_patient()

    refused = desk.order(
        patient,
        422,
        kind="continuing",
        first_day=FIRST_DAY,
        **{"earlier-0-day": "2025-10-06", "earlier-0-place": BELL},
    )

    assert "no writing" in refused.text


def test_reasons_about_a_plan_are_looked_at(desk: Desk) -> None:
    patient, plan = desk.plan()

    desk.post(f"/plans/{plan}/phase", phase="next-cycle", reason=BELL)
    assert "no writing" in desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/weight", reason=BELL)
    assert "no writing" in desk.get(f"/patients/{patient}")
