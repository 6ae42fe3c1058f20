"""Keeping a time while on the phone, what refuses a start, and doses that share a visit, without a script."""

import re
from datetime import timedelta

import pytest

from tests.factories.people import NOW
from tests.web.desk_person import FIRST_DAY, Desk, found

TO_DOSE = r"/doses/([0-9a-f-]{36})/times"
PART = {"Accept": "text/vnd.fragment+html"}


def dose_of(desk: Desk, patient: str) -> str:
    return found(TO_DOSE, desk.get(f"/patients/{patient}"))


def test_a_time_is_kept_shown_and_let_go(desk: Desk) -> None:
    dose = dose_of(desk, desk.plan()[0])

    desk.post(f"/doses/{dose}/keep", day=FIRST_DAY, start="09:00")
    page = desk.get(f"/doses/{dose}/times")
    kept = found(r"/reservations/([0-9a-f-]{36})/release", page)
    desk.post(f"/reservations/{kept}/release")

    assert "Kept until" in page
    assert "Monday, April 6" in page
    assert "Kept until" not in desk.get(f"/doses/{dose}/times")


def test_a_kept_time_is_over_by_itself(desk: Desk) -> None:
    dose = dose_of(desk, desk.plan()[0])
    desk.post(f"/doses/{dose}/keep", day=FIRST_DAY, start="09:00")
    assert desk.get(f"/doses/{dose}/times").count("Kept until") == 2

    desk.go_to(NOW + timedelta(minutes=11))

    assert "Kept until" not in desk.get(f"/doses/{dose}/times")


def test_a_time_that_cannot_be_kept_says_why_with_the_next(desk: Desk) -> None:
    dose = dose_of(desk, desk.plan()[0])

    answer = desk.post(f"/doses/{dose}/keep", 409, day=FIRST_DAY, start="17:00")

    assert "the center closes at 17:30" in answer.text
    assert "The next times" in answer.text


def test_why_not_answers_for_any_start(desk: Desk) -> None:
    late = desk.get(f"/day/why?day={FIRST_DAY}&at=17:00&minutes=120")
    free = desk.get(f"/day/why?day={FIRST_DAY}&at=10:15&minutes=120")
    off = desk.get(f"/day/why?day={FIRST_DAY}&at=10:17&minutes=120")
    part = desk.browser.get(f"/day/why?day={FIRST_DAY}&at=10:15", headers=PART).text

    assert "Not at 17:00." in late
    assert "The visit would end at 19:00; the center closes at 17:30." in late
    assert "10:15 has room." in free
    assert "Visits start from 7:30 to 17:15" in off
    assert "<html" not in part
    assert "10:15 has room." in part


def test_why_not_knows_the_dose_and_its_first_day(desk: Desk) -> None:
    patient, _ = desk.plan()
    dose = dose_of(desk, patient)
    desk.post(f"/doses/{dose}/times", day=FIRST_DAY, start="09:00")
    third = re.findall(TO_DOSE, desk.get(f"/patients/{patient}"))[-1]

    page = desk.get(f"/day/why?day=2026-04-07&at=10:00&dose={third}")

    assert "must not be given before" in page


def test_why_not_refuses_a_visit_longer_than_the_day(desk: Desk) -> None:
    long = desk.get(f"/day/why?day={FIRST_DAY}&minutes=721", 422)
    never = desk.get(f"/day/why?day={FIRST_DAY}&minutes=700&at=07:30")

    assert "Write a whole number from 1 to 720." in long
    assert "the center closes at 17:30" in never
    assert "Why not 10:15?" in desk.get(f"/day?day={FIRST_DAY}")


@pytest.mark.slow
def test_doses_due_together_are_booked_into_one_visit(desk: Desk) -> None:
    patient = desk.add_patient()
    today = f"{NOW:%Y-%m-%d}"
    desk.order(patient, first_day=today)
    desk.second_plan(patient)
    page = desk.get(f"/doses/{dose_of(desk, patient)}/times")
    other = found(r'name="together" type="checkbox" value="([0-9a-f]{32})"', page)
    dose = dose_of(desk, patient)

    asked = desk.get(f"/doses/{dose}/times?together={other}")
    day, start = (
        found(r'name="day" value="([0-9-]+)"', asked),
        found(r'"start" value="(.+?)"', asked),
    )
    desk.post(f"/doses/{dose}/times", day=day, start=start, together=other)

    visits = set(re.findall(r"/visits/([0-9a-f-]{36})/move", desk.get(f"/patients/{patient}")))
    assert len(visits) == 1


def test_a_filter_that_the_center_cannot_answer_says_so(desk: Desk) -> None:
    dose = dose_of(desk, desk.plan()[0])

    page = desk.get(f"/doses/{dose}/times?interpreter=y", 422)

    assert "When interpreters are in is not set" in page
    assert "Book" in page
