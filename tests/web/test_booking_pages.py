"""Orders and bookings: the series before it is saved, times found, moved and cancelled."""

from html import unescape

import pytest

from tests.web.desk_person import FIRST_DAY, Desk, found


def test_the_series_is_shown_before_it_is_saved_and_follows_a_new_first_day(desk: Desk) -> None:
    patient = desk.add_patient()

    shown = unescape(desk.order(patient, do="show").text)
    later = unescape(desk.order(patient, do="show", first_day="2026-04-13").text)

    assert "Mon, Apr 6" in shown
    assert "Tue, Oct 6" in shown
    assert "Due 6 months after dose 1" in shown
    assert "Tue, Oct 13" in later
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


def test_the_doses_that_fit_are_booked_and_the_rest_says_why(desk: Desk) -> None:
    patient, plan = desk.plan()
    desk.post("/closures", first_day="2026-04-13", last_day="2026-05-08", reason="Move")

    preview = unescape(desk.get(f"/plans/{plan}/book?until=2026-12-31"))
    desk.post(f"/plans/{plan}/book", mode="fitting", until="2026-12-31")

    assert "1 of 3 have no place" in preview
    assert "Book the 2 that fit" in preview
    assert "1 dose has no place and became a task" in desk.get(f"/patients/{patient}")


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
    desk.send(f"/visits/{visit}/cancel", 422, reason="")
    desk.send(f"/visits/{visit}/cancel", reason="patient")
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


def test_a_closed_day_is_noted_and_lifted(desk: Desk) -> None:
    desk.booked()

    done = desk.post("/closures", first_day=FIRST_DAY, reason="Burst pipe")
    closure = found(r"/closures/([0-9a-f-]{36})/lift", desk.get("/closures"))

    assert done.headers["Location"] == f"/replan?first={FIRST_DAY}&last={FIRST_DAY}"
    desk.post(f"/closures/{closure}/lift")
    assert f"/closures/{closure}/lift" not in desk.get("/closures")


def test_a_nurse_who_is_out_is_noted(desk: Desk) -> None:
    nurse = found(r'<option value="([0-9a-f]{32})"', desk.get("/closures"))

    desk.post("/absences", staff_id=nurse, day=FIRST_DAY, reason="ill")

    assert "out: ill" in desk.get("/closures")


def test_saving_an_order_twice_makes_one_plan(desk: Desk) -> None:
    patient = desk.add_patient()

    first = desk.order(patient, idempotency_key="b" * 32)
    second = desk.order(patient, idempotency_key="b" * 32)

    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.family
@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "NaN"), ("amount", "-5"), ("interval", "-5"), ("prior_amount", "Infinity")],
)
def test_amounts_and_intervals_that_are_none_are_refused(
    desk: Desk, field: str, value: str
) -> None:
    patient = desk.add_patient()
    text = desk.get(f"/patients/{patient}/orders/new?find=Ocrevus")
    version = found(r"/orders/new/([0-9a-f-]{36})", text)
    form = {"product": "Ocrevus", "kind": "new_start", "first_day": FIRST_DAY, "do": "show"}
    form |= {"prescriber": "Dr. Lind", "signed_on": "2026-03-16", "valid_until": "2027-03-15"}
    form |= {"authorization": "", field: value}

    answer = desk.post(f"/patients/{patient}/orders/new/{version}", 422, **form)

    assert "Nothing was saved" in answer.text


def test_what_is_wrong_with_an_earlier_dose_names_its_line_and_links_to_it(desk: Desk) -> None:
    patient = desk.add_patient()
    wrong = {
        "earlier-0-day": "2026-02-30",
        "earlier-1-amount": "much",
        "earlier-2-place": "Elsewhere",
    }

    answer = desk.order(patient, 422, do="show", kind="continuing", **wrong)
    shown = unescape(answer.text)

    assert 'href="#earlier-0-day">Earlier, line 1, day</a>: “2026-02-30” is not a day' in shown
    assert (
        'href="#earlier-1-amount">Earlier, line 2, amount</a>: Write a number such as 150.' in shown
    )
    assert 'href="#earlier-2-day">Earlier, line 3, day</a>: Enter the day of this dose' in shown
    assert 'value="much"' in shown


@pytest.mark.slow
def test_each_warning_of_an_order_is_confirmed_by_itself(desk: Desk) -> None:
    patient, _ = desk.plan()
    on_treatment = {"kind": "continuing"}

    desk.order(patient, 422, **on_treatment)
    desk.order(patient, 422, **on_treatment, second_plan="y")
    again = unescape(desk.order(patient, 422, **on_treatment, confirmed="y").text)
    desk.order(patient, 303, **on_treatment, confirmed="y", second_plan="y")

    assert "A second plan with this drug is meant" in again


def test_a_series_that_somebody_else_booked_says_so(desk: Desk) -> None:
    patient, plan, _ = desk.booked()

    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")

    assert "No visit was booked: each dose has one." in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_undo_leads_back_to_where_it_was_pressed(desk: Desk) -> None:
    _, _, visit = desk.booked()
    desk.send(f"/visits/{visit}/move", day="2026-04-07", start="13:00", chair_id="")
    page = desk.get(f"/day?day=2026-04-07&visit={visit}")
    change = found(r"/changes/([0-9a-f-]{36})/undo", page)
    back = found(r'name="back" value="([^"]*)"', page)

    answer = desk.post(f"/changes/{change}/undo", back=back)

    assert answer.headers["Location"] == f"/day?day=2026-04-07&visit={visit}"


@pytest.mark.slow
def test_a_plan_that_was_stopped_by_mistake_is_undone_by_one_press(desk: Desk) -> None:
    patient, plan, visit = desk.booked()
    stop = {"kind": "stop", "reason": "moves away", "review_on": "", "sure": "1"}
    desk.send(f"/plans/{plan}/change", **stop)
    page = desk.get(f"/patients/{patient}")

    desk.post(f"/changes/{found(r'/changes/([0-9a-f-]{36})/undo', page)}/undo")

    assert "Plan stopped." in page
    assert f"/visits/{visit}/move" in desk.get(f"/patients/{patient}")


def test_an_own_interval_is_typed_in_weeks_and_comes_back_as_typed(desk: Desk) -> None:
    patient = desk.add_patient()
    text = desk.get(f"/patients/{patient}/orders/new?find=Remicade")
    version = found(r"/orders/new/([0-9a-f-]{36})", text)
    form = {"product": "Remicade", "kind": "new_start", "first_day": FIRST_DAY, "do": "show"}
    form |= {"prescriber": "Dr. Lind", "signed_on": "2026-03-16", "valid_until": "2027-03-15"}
    form |= {"authorization": "", "interval": "6 weeks"}
    at = f"/patients/{patient}/orders/new/{version}"

    shown = desk.post(at, 200, **form).text
    assert 'value="6 weeks"' in shown
    assert "Due 6 weeks after dose 3" in shown
    refused = desk.post(at, 422, **(form | {"interval": "6 moons"})).text
    assert "Write it as 4 weeks, 6 months or 28 days" in refused
    assert 'value="6 moons"' in refused
