"""What the engine says of a dose: its status, and each reason as its sentence."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.dates import OpenDays
from scheduler.domain.dose_reasons import sentence
from scheduler.domain.doses import DoseStatus
from scheduler.domain.plans import GivenOutcome
from tests.schedules.plans import FEDERAL, found_dose, series

WEEKDAYS = OpenDays()
OCRELIZUMAB, NATALIZUMAB = "ocrelizumab-iv", "natalizumab-iv"
MLK = "2026-01-05"
Given = Sequence[tuple[int | None, str]]

Told = tuple[str, str, Given, dict[str, Any], int, str, list[str]]

SAID: list[Told] = [
    (
        OCRELIZUMAB,
        MLK,
        (),
        {"calendar": FEDERAL},
        2,
        "ok",
        [
            "Due 2 weeks after the order's first day (Mon, Jan 5, 2026)",
            "moved from Mon, Jan 19, 2026 to Tue, Jan 20, 2026: closed",
        ],
    ),
    (
        OCRELIZUMAB,
        MLK,
        ((1, "2026-01-05"), (2, "2026-03-02")),
        {"calendar": FEDERAL},
        3,
        "late",
        [
            "Due 6 months after dose 1 (Mon, Jan 5, 2026)",
            "moved from Sun, Aug 2, 2026 to Mon, Aug 3, 2026: closed",
            "not before Sun, Aug 2, 2026: 5 months after dose 2",
            "later than its window, since it must not be given before Sun, Aug 2, 2026",
        ],
    ),
    (
        NATALIZUMAB,
        "2026-02-05",
        ((None, "2026-01-05"),),
        {"continuing": True},
        2,
        "ok",
        [
            "Due 4 weeks after the last dose elsewhere (Mon, Jan 5, 2026)",
            "not before Mon, Jan 26, 2026: 21 days after the last dose elsewhere",
        ],
    ),
    (
        NATALIZUMAB,
        MLK,
        ((1, "2026-01-05"),),
        {"outcome": GivenOutcome.PART},
        2,
        "review",
        [
            "Due 4 weeks after dose 1 (Mon, Jan 5, 2026)",
            "not before Mon, Jan 26, 2026: 21 days after dose 1",
            "the dose before was given in part: a pharmacist decides",
        ],
    ),
    (
        "pegloticase-iv",
        "2026-01-06",
        ((1, "2026-01-06"),),
        {"skipped": (2, 3)},
        4,
        "review",
        [
            "Due 6 weeks after dose 1 (Tue, Jan 6, 2026)",
            "more than 28 days since dose 1: a pharmacist decides",
        ],
    ),
    (
        NATALIZUMAB,
        "2026-06-05",
        ((None, "2026-01-05"),),
        {"continuing": True},
        2,
        "review",
        [
            "Due 20 weeks after the last dose elsewhere (Mon, Jan 5, 2026)",
            "not before Mon, Jan 26, 2026: 21 days after the last dose elsewhere",
            "more than 12 weeks since the last dose elsewhere: a pharmacist decides",
        ],
    ),
    (
        OCRELIZUMAB,
        "2026-03-01",
        ((None, "2025-08-20"),),
        {},
        1,
        "review",
        [
            "The first day of the order",
            "earlier doses of this drug are known: a pharmacist decides",
        ],
    ),
    (
        "ravulizumab-iv",
        MLK,
        (),
        {"calendar": FEDERAL, "weight_kg": Decimal(70)},
        2,
        "conflict",
        [
            "Due 2 weeks after dose 1 (Mon, Jan 5, 2026)",
            "no open day from Mon, Jan 19, 2026 to Mon, Jan 19, 2026",
        ],
    ),
    (
        "ravulizumab-iv",
        MLK,
        (),
        {},
        1,
        "ok",
        ["The first day of the order", "the amount needs a weight and, for mg/m2, a height"],
    ),
    (
        "alemtuzumab-iv",
        "2026-03-04",
        (),
        {"calendar": FEDERAL},
        2,
        "ok",
        [
            "Day 2 of a course that begins on Wed, Mar 4, 2026",
            "moved from Thu, Mar 5, 2026 to Tue, Mar 10, 2026: closed",
        ],
    ),
    (
        "efgartigimod-iv",
        MLK,
        (),
        {"phase": "next-cycle", "weight_kg": Decimal(70), "choices": {"cycle_floor": "current"}},
        5,
        "ok",
        [
            "Due on Mon, Feb 23, 2026: the end of the minimum gap",
            "not before Mon, Feb 23, 2026: 28 days after dose 4",
        ],
    ),
]


@pytest.mark.parametrize("told", SAID, ids=lambda told: f"{told[0]} dose {told[4]} {told[5]}")
def test_a_dose_says_how_it_stands_and_why(told: Told) -> None:
    regimen, start, given, more, ordinal, status, reasons = told

    dose = found_dose(series(regimen, start, *given, **more), ordinal)

    assert dose.status.value == status
    assert [sentence(reason) for reason in dose.reasons] == reasons


def test_a_long_gap_is_said_of_the_next_dose_alone() -> None:
    found = series("pegloticase-iv", "2026-01-06", (1, "2026-01-06"), skipped=(2, 3))

    assert found_dose(found, 5).status is DoseStatus.OK


def test_a_gap_just_as_long_as_the_review_gap_needs_no_review() -> None:
    found = series("pegloticase-iv", "2026-01-06", (1, "2026-01-06"), skipped=(2,))

    assert found_dose(found, 3).status is DoseStatus.OK  # 28 days


def test_a_dose_after_a_partial_one_needs_no_review_once_it_was_given() -> None:
    given = ((1, "2026-01-05"), (2, "2026-02-02"))

    found = series(NATALIZUMAB, MLK, *given, outcome=GivenOutcome.PART)

    assert [found_dose(found, n).status for n in (2, 3)] == [DoseStatus.OK, DoseStatus.REVIEW]


@pytest.mark.parametrize(("kg_before", "status"), [(15, "review"), (30, "ok"), (20, "ok")])
def test_another_weight_band_than_the_dates_were_made_for_is_for_review(
    kg_before: int, status: str
) -> None:
    found = series(
        "ravulizumab-iv",
        "2026-01-06",
        weight_kg=Decimal(25),
        weight_before_kg=Decimal(kg_before),
    )

    assert found_dose(found, 3).status.value == status


def test_a_dose_elsewhere_on_the_very_day_says_nothing_about_the_one_given_that_day() -> None:
    found = series(OCRELIZUMAB, MLK, (1, "2026-01-05"), (None, "2026-01-05"))

    assert found_dose(found, 1).status is DoseStatus.OK


def test_a_dose_that_falls_on_the_horizon_itself_is_listed() -> None:
    two_weeks = series("efgartigimod-iv", "2026-01-05", years=0)

    assert [dose.ordinal for dose in two_weeks.doses] == [1]


def test_a_long_gap_counts_from_the_last_given_dose_and_not_from_open_ones_before_it() -> None:
    found = series("pegloticase-iv", "2026-01-06", (2, "2026-01-20"), skipped=(3, 4))

    assert [found_dose(found, n).status.value for n in (1, 5)] == ["ok", "review"]


def test_a_dose_given_after_a_long_gap_is_not_its_own_last_dose() -> None:
    found = series(
        "pegloticase-iv", "2026-01-06", (1, "2026-01-06"), (4, "2026-02-20"), skipped=(2, 3)
    )

    assert found_dose(found, 4).status is DoseStatus.REVIEW


def test_a_dose_held_back_to_the_last_day_of_its_window_is_not_late() -> None:
    found = series(OCRELIZUMAB, MLK, (1, "2026-01-05"), (2, "2026-03-02"))

    third = found_dose(found, 3)
    assert (str(third.planned), third.status) == ("2026-08-02", DoseStatus.OK)


def test_another_weight_band_is_said_of_doses_to_come_alone() -> None:
    found = series(
        "ravulizumab-iv",
        "2026-01-06",
        (3, "2026-03-17"),
        weight_kg=Decimal(25),
        weight_before_kg=Decimal(15),
    )

    third, fourth = found_dose(found, 3), found_dose(found, 4)
    assert third.status is DoseStatus.OK
    assert [sentence(reason) for reason in fourth.reasons][-1].endswith("a pharmacist decides")


def test_a_gap_names_the_given_dose_where_the_next_one_was_due_on_its_day() -> None:
    found = series(OCRELIZUMAB, MLK, (1, "2026-01-05"), (2, "2026-07-05"))

    assert str(found_dose(found, 3).due) == "2026-07-05"
    assert [sentence(reason) for reason in found_dose(found, 4).reasons][-1] == (
        "not before Sat, Dec 5, 2026: 5 months after dose 2"
    )


def test_a_long_gap_is_said_also_where_an_open_dose_was_due_on_the_day_of_the_last_given() -> None:
    given = ((1, "2026-01-06"), (None, "2026-01-20"))

    found = series("pegloticase-iv", "2026-01-06", *given, skipped=(3, 4))

    assert [found_dose(found, n).status.value for n in (2, 5)] == ["ok", "review"]
