"""The worked schedules of the six drugs of multiple sclerosis, as a pharmacist would write them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import holidays
import pytest

from scheduler.domain.dates import EVERY_DAY, Calendar, OpenDays
from scheduler.domain.dose_reasons import paragraph
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts, Series
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped

US = OpenDays(
    closed=frozenset(
        day for year in range(2025, 2034) for day in holidays.country_holidays("US", years=year)
    )
)


def series(
    regimen: str,
    first_day: str,
    *given: tuple[int | None, str],
    calendar: Calendar = US,
    outcome: GivenOutcome = GivenOutcome.FULL,
    years: int = 3,
    choices: dict[str, str] | None = None,
    **order: object,
) -> Series:
    """Return the series of a regimen from a first day and given doses (ordinal, day)."""
    rule = shipped(regimen)
    start = date.fromisoformat(first_day)
    facts = tuple(
        GivenFact(
            ingredient=rule.ingredient, ordinal=number, day=date.fromisoformat(day), outcome=outcome
        )
        for number, day in given
    )
    return resolve(
        rule,
        OrderFacts(first_day=start, **order),  # type: ignore[arg-type]
        Facts(given=facts),
        calendar,
        choices or {},
        until=start + timedelta(days=366 * years),
    )


def planned(found: Series, first: int, last: int) -> Sequence[str]:
    return [str(dose.planned) for dose in found.doses if first <= dose.ordinal <= last]


def test_ocrelizumab_is_two_halves_then_every_six_months_from_the_first() -> None:
    found = series("ocrelizumab-iv", "2026-01-05", calendar=EVERY_DAY)

    assert planned(found, 1, 5) == [
        "2026-01-05",
        "2026-01-19",
        "2026-07-05",
        "2027-01-05",
        "2027-07-05",
    ]
    assert [int(dose.amount or 0) for dose in found.doses[:3]] == [300, 300, 600]
    assert [dose.minutes.patient_minutes for dose in found.doses[:3]] == [270, 270, 330]


def test_ocrelizumab_keeps_its_due_days_when_holidays_move_the_bookings() -> None:
    found = series("ocrelizumab-iv", "2026-01-05")

    assert planned(found, 1, 5) == [
        "2026-01-05",
        "2026-01-20",
        "2026-07-06",
        "2027-01-05",
        "2027-07-06",
    ]
    assert [str(dose.due) for dose in found.doses[:3]] == ["2026-01-05", "2026-01-19", "2026-07-05"]
    assert paragraph(found.doses[2].reasons) == (
        "Due 6 months after dose 1 (Mon, Jan 5, 2026); moved from Sun, Jul 5, 2026 to Mon, Jul 6, 2026: closed; "
        "not before Fri, Jun 19, 2026: 5 months after dose 2."
    )


def test_ocrelizumab_given_three_weeks_late_moves_the_rest() -> None:
    found = series(
        "ocrelizumab-iv", "2026-01-05", (1, "2026-01-05"), (2, "2026-01-20"), (3, "2026-07-27")
    )

    assert planned(found, 4, 5) == ["2027-01-27", "2027-07-27"]


def test_ocrelizumab_given_ten_weeks_late_is_due_six_months_later_and_not_before_five() -> None:
    found = series(
        "ocrelizumab-iv", "2026-01-06", (1, "2026-01-06"), (2, "2026-01-20"), (3, "2026-09-14")
    )

    fourth = found.doses[3]
    assert (str(fourth.due), str(fourth.planned), str(fourth.not_before)) == (
        "2027-03-14",
        "2027-03-15",
        "2027-02-14",
    )


def test_ocrelizumab_with_a_very_late_second_half_waits_for_its_gap() -> None:
    found = series("ocrelizumab-iv", "2026-01-05", (1, "2026-01-05"), (2, "2026-03-02"))

    third = found.doses[2]
    assert (str(third.due), str(third.not_before), str(third.planned)) == (
        "2026-07-05",
        "2026-08-02",
        "2026-08-03",
    )
    assert third.status is DoseStatus.LATE


def test_a_patient_on_ocrelizumab_gets_no_loading_doses_again() -> None:
    found = series(
        "ocrelizumab-iv", "2026-03-01", (None, "2025-08-20"), continuing=True, calendar=EVERY_DAY
    )

    assert [dose.phase for dose in found.doses[:2]] == ["maintenance", "maintenance"]
    assert planned(found, 3, 4) == ["2026-02-20", "2026-08-20"]


def test_natalizumab_keeps_its_monday() -> None:
    found = series("natalizumab-iv", "2026-01-05", calendar=EVERY_DAY)

    assert {dose.due.weekday() for dose in found.doses} == {0}
    assert planned(found, 1, 3) == ["2026-01-05", "2026-02-02", "2026-03-02"]


@pytest.mark.parametrize(
    ("named", "minutes"),
    [(frozenset[str](), [150, 150]), ({"no_prior_hypersensitivity"}, [150, 90])],
)
def test_natalizumabs_observation_lapses_after_twelve_only_when_the_order_says_so(
    named: frozenset[str], minutes: list[int]
) -> None:
    found = series("natalizumab-iv", "2026-01-05", alternatives=frozenset(named))

    assert [found.doses[n].minutes.patient_minutes for n in (11, 12)] == minutes


def test_natalizumab_given_a_tuesday_after_a_holiday_counts_from_the_tuesday() -> None:
    given = [(n + 1, str(date(2026, 1, 5) + timedelta(weeks=4 * n))) for n in range(5)]

    found = series("natalizumab-iv", "2026-01-05", *given, (6, "2026-05-26"))

    assert planned(found, 7, 7) == ["2026-06-23"]


def test_ublituximab_counts_weeks_from_the_first_infusion() -> None:
    found = series(
        "ublituximab-iv", "2026-03-02", calendar=EVERY_DAY, choices={"gap_from": "prev_infusion"}
    )

    assert planned(found, 1, 5) == [
        "2026-03-02",
        "2026-03-16",
        "2026-08-17",
        "2027-02-01",
        "2027-07-19",
    ]
    assert [int(dose.amount or 0) for dose in found.doses[:3]] == [150, 450, 450]
    assert [dose.minutes.patient_minutes for dose in found.doses[:3]] == [360, 180, 180]


def test_ublituximab_is_watched_after_the_third_infusion_unless_the_order_says_no_reaction() -> (
    None
):
    named = frozenset({"no_prior_infusion_reaction"})

    found = series("ublituximab-iv", "2026-03-02", alternatives=named)

    assert [dose.minutes.patient_minutes for dose in found.doses[:4]] == [360, 180, 120, 120]


@pytest.mark.parametrize(
    ("reading", "day"), [("induction.1", "2026-08-17"), ("prev_infusion", "2026-08-23")]
)
def test_where_ublituximabs_gap_begins_is_the_centers_choice(reading: str, day: str) -> None:
    found = series(
        "ublituximab-iv",
        "2026-03-02",
        (1, "2026-03-02"),
        (2, "2026-03-23"),
        calendar=EVERY_DAY,
        choices={"gap_from": reading},
    )

    assert planned(found, 3, 3) == [day]


def test_alemtuzumab_begins_on_the_monday_that_has_five_open_days() -> None:
    found = series("alemtuzumab-iv", "2026-03-04")

    assert planned(found, 1, 5) == [f"2026-03-{day:02d}" for day in range(9, 14)]
    assert [dose.minutes.patient_minutes for dose in found.doses[:5]] == [450, 450, 450, 420, 420]


def test_alemtuzumab_whose_open_days_come_after_its_window_is_late_and_says_why() -> None:
    found = series("alemtuzumab-iv", "2026-11-17")

    assert planned(found, 1, 5)[0] == "2026-11-30"
    assert [dose.status for dose in found.doses[:6]] == [DoseStatus.LATE] * 5 + [DoseStatus.OK]
    assert paragraph(found.doses[0].reasons).endswith(
        "later than its window, which ends on Tue, Nov 24, 2026: the course needs open days in a row."
    )


def test_alemtuzumabs_second_course_is_three_days_twelve_months_after_the_last_day() -> None:
    given = [(n, f"2026-03-{day:02d}") for n, day in enumerate(range(2, 7), start=1)]

    found = series("alemtuzumab-iv", "2026-03-02", *given)

    assert planned(found, 6, 8) == ["2027-03-08", "2027-03-09", "2027-03-10"]
    assert str(found.doses[5].not_before) == "2027-03-06"


def test_mitoxantrone_ends_at_its_lifetime_limit_in_the_united_states_and_earlier_in_europe() -> (
    None
):
    us, eu = (
        series(
            "mitoxantrone-iv",
            "2026-01-05",
            calendar=EVERY_DAY,
            years=4,
            choices={"gap_floor": "none"},
            region=region,
            weight_kg=Decimal(70),
            height_cm=Decimal(170),
        )
        for region in ("US", "EU")
    )

    blocked = [
        next(d.ordinal for d in found.doses if d.status is DoseStatus.BLOCK) for found in (us, eu)
    ]
    assert blocked == [12, 7]
    assert us.doses[0].amount == Decimal("21.8")


def test_methylprednisolone_is_three_days_that_may_leave_out_a_weekend() -> None:
    found = series("methylprednisolone-ms-relapse", "2026-03-05")

    assert planned(found, 1, 3) == ["2026-03-05", "2026-03-06", "2026-03-09"]
    assert {int(dose.amount or 0) for dose in found.doses} == {1000}


def test_a_partial_dose_leaves_the_next_one_for_review() -> None:
    found = series("natalizumab-iv", "2026-01-05", (1, "2026-01-05"), outcome=GivenOutcome.PART)

    assert found.doses[1].status is DoseStatus.REVIEW


def test_a_dose_not_given_stays_due() -> None:
    found = series("natalizumab-iv", "2026-01-05", (1, "2026-01-05"), outcome=GivenOutcome.NONE)

    assert found.doses[0].given is None
    assert planned(found, 1, 2) == ["2026-01-05", "2026-02-02"]
