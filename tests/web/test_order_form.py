"""What the order form asks for by regimen, and what it says when nothing is left to give."""

from tests.web.desk_person import Desk

LEMTRADA = {"product": "Lemtrada", "kind": "continuing", "second_plan": "y"}
DAYS = ("2025-03-24", "2025-03-25", "2025-03-26")


def test_what_an_order_may_name_is_asked_for_only_where_the_regimen_has_it(desk: Desk) -> None:
    patient = desk.add_patient()
    lemtrada = desk.order(patient, do="row", **LEMTRADA).text
    steroid = desk.order(patient, do="row", product="Solu-Medrol").text
    ocrevus = desk.order(patient, do="row").text

    assert ('name="phase"' in lemtrada, 'name="run_days"' in lemtrada) == (True, False)
    assert ('name="phase"' in steroid, 'name="run_days"' in steroid) == (False, True)
    assert ('name="phase"' in ocrevus, 'name="run_days"' in ocrevus) == (False, False)


def test_a_patient_after_both_courses_is_told_where_another_is_asked_for(desk: Desk) -> None:
    patient = desk.add_patient()
    earlier = {f"earlier-{n}-day": day for n, day in enumerate(("2024-03-18", *DAYS))}

    shown = desk.order(patient, do="show", **LEMTRADA, **earlier).text
    asked = desk.order(patient, do="show", phase="additional", **LEMTRADA, **earlier).text

    assert "No dose is left by itself" in shown
    assert "choose it under “Prescriber asks for”" in shown
    assert "Save as treatment plan" not in shown
    assert "3 doses" in asked
    assert "Save as treatment plan" in asked


def test_days_in_a_row_that_the_regimen_does_not_allow_are_named_and_kept(desk: Desk) -> None:
    patient = desk.add_patient()

    page = desk.order(patient, 422, do="show", product="Solu-Medrol", run_days="8").text

    assert "A course has 3 to 5 days." in page
    assert 'value="8"' in page
