"""Courses and cycles that a prescriber asks for: where each begins, and what its doses count from."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.grammar import regimen_from_text
from tests.factories.regimen_file import changed
from tests.schedules.plans import due_days, found_dose, planned, series

CURRENT = {"cycle_floor": "current"}
FIRST_CYCLE = tuple((n, f"2026-01-{5 + 7 * (n - 1):02d}") for n in range(1, 5))


def cycles(*given: tuple[int | None, str], count: int = 2, **more: Any) -> Any:
    """Return efgartigimod with so many cycles after the first."""
    return series(
        "efgartigimod-iv",
        "2026-01-05",
        *given,
        phase="next-cycle",
        cycles=count,
        choices=CURRENT,
        **more,
    )


def test_each_cycle_begins_when_the_gap_after_the_last_one_has_passed() -> None:
    found = cycles()

    assert due_days(found, 5, 8) == ["2026-02-23", "2026-03-16"]
    assert due_days(found, 9, 12) == ["2026-04-13", "2026-05-04"]
    assert found.dose(13) is None
    assert [found_dose(found, n).cycle for n in (1, 5, 8, 9)] == [1, 1, 1, 2]


def test_a_cycle_that_began_late_keeps_its_weeks_from_its_own_first_day() -> None:
    found = cycles(*FIRST_CYCLE, (5, "2026-03-02"))

    assert due_days(found, 6, 7, 8, 9) == ["2026-03-09", "2026-03-16", "2026-03-23", "2026-04-20"]


def test_later_doses_of_a_cycle_do_not_move_with_one_another() -> None:
    found = cycles(*FIRST_CYCLE, (5, "2026-02-23"), (6, "2026-03-04"))

    assert due_days(found, 7, 8) == ["2026-03-09", "2026-03-16"]


def test_the_older_text_counts_from_the_first_day_of_the_cycle_before() -> None:
    found = series(
        "efgartigimod-iv",
        "2026-01-05",
        *FIRST_CYCLE,
        (5, "2026-03-02"),
        phase="next-cycle",
        cycles=2,
        choices={"cycle_floor": "superseded"},
    )

    assert found_dose(found, 5).not_before == date(2026, 2, 24)
    assert found_dose(found, 9).not_before == date(2026, 4, 21)
    assert found_dose(found, 6).not_before is None


def test_rituximabs_courses_count_from_the_first_day_of_the_one_before() -> None:
    given = ((1, "2026-01-05"), (2, "2026-01-19"), (3, "2026-07-01"))

    found = series("rituximab-ra", "2026-01-05", *given, phase="next-course", cycles=2)

    assert due_days(found, 3, 4, 5, 6) == ["2026-06-22", "2026-07-15", "2026-12-16", "2026-12-30"]
    assert found_dose(found, 5).not_before == date(2026, 10, 21)


@pytest.mark.parametrize("skipped", [(3,), (3, 4)])
def test_leaving_out_a_course_or_its_first_day_moves_none_after_it(
    skipped: tuple[int, ...],
) -> None:
    given = ((1, "2026-01-05"), (2, "2026-01-19"))
    asked: dict[str, Any] = {"phase": "next-course", "cycles": 2}

    whole = series("rituximab-ra", "2026-01-05", *given, **asked)
    found = series("rituximab-ra", "2026-01-05", *given, skipped=skipped, **asked)

    assert due_days(found, 5, 6) == due_days(whole, 5, 6) == ["2026-12-07", "2026-12-21"]


def test_a_cycle_whose_first_dose_was_left_out_keeps_its_weeks() -> None:
    found = cycles(*FIRST_CYCLE, (6, "2026-03-02"), skipped=(5,))

    assert due_days(found, 7, 8, 9) == ["2026-03-09", "2026-03-16", "2026-04-13"]


def test_a_further_course_of_days_counts_from_the_last_day_of_all_before() -> None:
    found = series("alemtuzumab-iv", "2026-03-02", phase="additional", cycles=2)

    assert planned(found, 6, 8) == ["2027-03-06", "2027-03-08"]
    assert planned(found, 9, 11, 12) == ["2028-03-08", "2028-03-10", "2029-03-10"]
    assert [found_dose(found, n).course for n in (1, 6, 9, 12)] == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("given", "first", "days"),
    [
        ((), 2, ["2026-02-16", "2026-03-30"]),
        (((1, "2026-01-05"), (2, "2026-02-03")), 3, ["2026-03-17", "2026-04-28"]),
    ],
)
def test_an_interval_that_the_order_asks_for_takes_over_after_the_last_given_dose(
    given: tuple[tuple[int, str], ...], first: int, days: list[str]
) -> None:
    found = series("natalizumab-iv", "2026-01-05", *given, phase="extended")

    assert due_days(found, first, first + 1) == days
    assert found_dose(found, first).phase == "extended"
    assert found_dose(found, first - 1).phase == "maintenance"


def test_a_phase_with_an_end_of_its_own_is_not_cut_short() -> None:
    found = series("lecanemab-iv", "2026-01-06", phase="maintenance")

    assert found_dose(found, 40).phase == "initial"
    assert due_days(found, 41) == ["2027-08-03"]


def test_home_injections_take_over_once_two_infusions_are_there() -> None:
    found = series("vedolizumab-iv", "2026-03-03", phase="maintenance-sc", home_doses=True)

    assert [found_dose(found, n).phase for n in (1, 2, 3)] == ["induction"] * 2 + ["maintenance-sc"]
    assert due_days(found, 3, 4) == ["2026-04-14", "2026-04-28"]


def test_ordinals_of_somebody_on_treatment_go_on_after_loading_or_after_what_is_known() -> None:
    known = [(None, f"{year}-03-01") for year in range(2022, 2026)]

    few = series("ocrelizumab-iv", "2025-08-01", *known[-1:], continuing=True)
    many = series("ocrelizumab-iv", "2025-08-01", *known, continuing=True)
    without = series("natalizumab-iv", "2025-08-01", continuing=True)
    days = series("ivig-cidp", "2025-08-01", continuing=True)

    firsts = [found.doses[0].ordinal for found in (few, many, without, days)]
    assert firsts == [3, 5, 1, 6]


def test_courses_of_days_that_an_order_repeats_count_from_the_first_day_of_the_one_before() -> None:
    text = changed('first = "P8W"\nevery = "P8W"', 'offsets = ["P8W"]\nrun = { days = 2 }')
    rule = regimen_from_text(text, file="fictumab.toml")

    found = series(rule, "2026-01-05", phase="maintenance", cycles=2, weight_kg=Decimal(70))

    assert due_days(found, 3, 4, 5) == ["2026-03-02", "2026-03-03", "2026-04-27"]
