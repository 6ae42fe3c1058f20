"""A first dose too soon after a vaccine: for review, with the day from which it is not, and only while it is to come."""

from datetime import date

import pytest

from scheduler.domain.dates import EVERY_DAY, Calendar, OpenDays
from scheduler.domain.dose_reasons import sentence
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped

LIVE, EXCHANGE = "vaccine-live", "plasma-exchange"
START = date(2026, 3, 15)  # a Sunday


def first_doses(
    event: str,
    day: str,
    *,
    given: bool = False,
    continuing: bool = False,
    calendar: Calendar = EVERY_DAY,
) -> tuple[PlannedDose, ...]:
    """Return the first two doses of ocrelizumab when something happened on a day."""
    facts = (GivenFact(ingredient="ocrelizumab", ordinal=1, day=START),) if given else ()
    return resolve(
        shipped("ocrelizumab-iv"),
        OrderFacts(first_day=START, continuing=continuing, first_ordinal=1 if continuing else None),
        Facts(given=facts, events={event: date.fromisoformat(day)}),
        calendar,
        {},
        until=date(2026, 4, 30),
    ).doses[:2]


def test_a_first_dose_too_soon_after_a_live_vaccine_is_for_review_and_no_other_dose_is() -> None:
    first, second = first_doses(LIVE, "2026-03-02")

    assert [first.status.value, second.status.value] == ["review", "ok"]
    assert sentence(first.reasons[-1]) == (
        "live vaccine on Mon, Mar 2, 2026: 4 weeks before the first dose,"
        " so from Mon, Mar 30, 2026 on; a pharmacist decides"
    )


@pytest.mark.parametrize(
    ("day", "status"), [("2026-02-14", "ok"), ("2026-02-15", "ok"), ("2026-02-16", "review")]
)
def test_a_first_dose_is_free_again_on_the_day_that_the_lead_has_passed(
    day: str, status: str
) -> None:
    assert first_doses(LIVE, day)[0].status.value == status


def test_the_day_that_is_planned_is_what_a_vaccine_is_too_near_to() -> None:
    weekdays = OpenDays()

    assert first_doses(LIVE, "2026-02-16", calendar=weekdays)[0].status.value == "ok"
    assert first_doses(LIVE, "2026-02-17", calendar=weekdays)[0].status.value == "review"


def test_a_vaccine_says_nothing_of_a_first_dose_that_was_given() -> None:
    assert [dose.status.value for dose in first_doses(LIVE, "2026-03-02", given=True)] == ["ok"] * 2


def test_a_vaccine_says_nothing_of_a_treatment_that_goes_on() -> None:
    found = first_doses(LIVE, "2026-03-02", continuing=True)

    assert {dose.status.value for dose in found} == {"ok"}


def test_what_is_no_vaccine_is_no_reason_to_wait() -> None:
    assert first_doses(EXCHANGE, "2026-03-02")[0].status.value == "ok"
