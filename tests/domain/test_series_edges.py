"""The edges of a series: amounts, courses and cycles, words of reasons, gaps and windows where one step more is wrong."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.dates import EVERY_DAY, Interval
from scheduler.domain.dose_reasons import sentence
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, Series
from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.regimen import Regimen, Window
from scheduler.domain.series import resolve
from tests.factories.regimen_file import FICTIONAL, changed
from tests.schedules.plans import due_days, found_dose, series

FICTUMAB = regimen_from_text(FICTIONAL, file="fictumab.toml")


def first_words(found: Series, ordinal: int) -> str:
    """Return why a dose has its due day."""
    return sentence(found_dose(found, ordinal).reasons[0])


def fictional(old: str, new: str) -> Regimen:
    return regimen_from_text(changed(old, new), file="fictumab.toml")


def numbers(found: Series, what: str) -> list[Any]:
    return [getattr(dose, what) for dose in found.doses]


def test_a_dose_held_back_by_its_gap_has_no_window_that_ends_before_it() -> None:
    found = series("ocrelizumab-iv", "2026-01-05", (1, "2026-01-05"), (2, "2026-04-02"))

    third = found_dose(found, 3)
    assert [str(day) for day in (third.due, third.planned, third.latest)] == [
        "2026-07-05",
        "2026-09-02",
        "2026-09-02",
    ]


def test_a_gap_that_ends_on_the_last_day_of_the_window_leaves_the_window_as_it_is() -> None:
    found = series("ocrelizumab-iv", "2026-01-05", (1, "2026-01-05"), (2, "2026-03-02"))

    third = found_dose(found, 3)
    assert [str(third.planned), str(third.latest)] == ["2026-08-02", "2026-08-02"]


def test_an_amount_shared_out_over_a_course_is_the_amount_of_one_day_in_its_own_unit() -> None:
    found = series("ivig-cidp", "2026-03-02", weight_kg=Decimal(70), run_days=2)

    assert {(dose.amount, dose.unit) for dose in found.doses[:2]} == {(Decimal("70.0"), "g")}
    assert {(dose.amount, dose.unit) for dose in found.doses[2:]} == {(Decimal("35.0"), "g")}


def test_the_courses_of_a_repeating_phase_are_numbered_and_so_are_their_days() -> None:
    found = series("ivig-cidp", "2026-03-02", weight_kg=Decimal(70), run_days=2)

    assert numbers(found, "course")[:8] == [1, 1, 1, 1, 2, 2, 3, 3]
    assert numbers(found, "course_day")[:6] == [1, 2, 1, 2, 1, 2]


def test_a_course_of_several_days_given_late_moves_the_rest_from_its_first_day() -> None:
    given = ((1, "2026-03-02"), (2, "2026-03-03"), (3, "2026-03-23"), (4, "2026-03-24"))
    late = ((5, "2026-04-20"), (6, "2026-04-21"))
    found = series("ivig-cidp", "2026-03-02", *given, *late, weight_kg=Decimal(70), run_days=2)

    assert due_days(found, 5, 7, 8, 9) == ["2026-04-13", "2026-05-11", "2026-05-12", "2026-06-01"]
    assert first_words(found, 7) == "Due 3 weeks after dose 5 (Mon, Apr 20, 2026)"


def test_what_is_needed_before_a_course_is_needed_on_its_first_day_alone() -> None:
    found = series("alemtuzumab-iv", "2026-03-02")

    needed = [{rule.id for rule in dose.requirements} for dose in found.doses]
    assert ["rems" in each for each in needed] == [True, *[False] * 4, True, False, False]
    assert all("infection" in each for each in needed)


def test_only_later_days_of_a_course_are_called_so() -> None:
    found = series("alemtuzumab-iv", "2026-03-02")

    assert first_words(found, 1) == "The first day of the order"
    assert first_words(found, 2) == "Day 2 of a course that begins on Mon, Mar 2, 2026"
    assert first_words(found, 6) == "Due 12 months after dose 5 (Fri, Mar 6, 2026)"


def test_further_courses_count_from_the_last_day_of_the_one_before() -> None:
    found = series("alemtuzumab-iv", "2026-03-02", phase="additional", cycles=2, years=6)

    assert due_days(found, 9, 11, 12) == ["2028-03-08", "2028-03-10", "2029-03-10"]


@pytest.mark.parametrize(
    ("regimen", "ordinal", "order", "words"),
    [
        ("natalizumab-iv", 3, {}, "Due 8 weeks after the order's first day (Mon, Jan 5, 2026)"),
        ("ferumoxytol-iv", 2, {}, "Due 3 days after the order's first day (Mon, Jan 5, 2026)"),
        ("iron-sucrose-iv", 3, {}, "Due 4 days after the order's first day (Mon, Jan 5, 2026)"),
        (
            "natalizumab-iv",
            2,
            {"interval": Interval(days=42)},
            "Due 6 weeks after the order's first day (Mon, Jan 5, 2026)",
        ),
        (
            "infliximab-iv",
            4,
            {"interval": Interval(days=42)},
            "Due 6 weeks after dose 3 (Mon, Feb 16, 2026)",
        ),
    ],
)
def test_a_reason_names_its_span_as_the_label_writes_it(
    regimen: str, ordinal: int, order: dict[str, Any], words: str
) -> None:
    assert first_words(series(regimen, "2026-01-05", **order), ordinal) == words


def test_an_event_is_named_in_words() -> None:
    order = OrderFacts(first_day=date(2026, 1, 9), phase="relapse")
    facts = Facts(events={"relapse-order": date(2026, 1, 7)})
    rule = fictional('anchor = "induction.1"', 'anchor = "event:relapse-order"')

    found = resolve(rule, order, facts, EVERY_DAY, {}, until=date(2026, 12, 31))

    assert first_words(found, 3) == "Due 8 weeks after relapse order (Wed, Jan 7, 2026)"


def test_a_dose_that_fell_out_still_passes_on_its_day_and_its_name() -> None:
    rule = regimen_from_text(
        FICTIONAL.replace('"induction.1"', '"induction.last"').replace(
            'reanchor = "never"', 'reanchor = "never"\nmissed = { action = "skip" }', 1
        ),
        file="fictumab.toml",
    )
    order = OrderFacts(first_day=date(2026, 1, 5), weight_kg=Decimal(70))
    given = (GivenFact(ingredient="fictumab", ordinal=1, day=date(2026, 1, 5)),)

    found = resolve(
        rule,
        order,
        Facts(given=given, missed=frozenset({2})),
        EVERY_DAY,
        {},
        until=date(2026, 6, 1),
    )

    assert found.dose(2) is None
    assert first_words(found, 3) == "Due 8 weeks after dose 2 (Mon, Jan 19, 2026)"


def test_doses_beyond_the_horizon_keep_their_ordinals() -> None:
    text = FICTIONAL.replace(
        'offsets = ["P0D", "P14D"]', 'offsets = ["P0D", "P40D"]\nrun = { days = 2 }'
    )
    text = text.replace('anchor = "induction.1"\nfirst = "P8W"', 'anchor = "start"\nfirst = "P10D"')
    rule = regimen_from_text(text, file="fictumab.toml")
    order = OrderFacts(first_day=date(2026, 1, 5), weight_kg=Decimal(70))

    found = resolve(rule, order, Facts(), EVERY_DAY, {}, until=date(2026, 1, 25))

    assert numbers(found, "ordinal") == [1, 2, 5]


def test_a_phase_counted_from_another_counts_from_its_first_dose() -> None:
    rule = fictional('anchor = "induction.1"', 'anchor = "induction"')

    assert due_days(series(rule, "2026-01-05", weight_kg=Decimal(70)), 3) == ["2026-03-02"]


def test_a_phase_of_so_many_doses_has_no_more() -> None:
    rule = fictional('every = "P8W"', 'every = "P8W"\ncount = 2')

    assert numbers(series(rule, "2026-01-05", weight_kg=Decimal(70)), "ordinal") == [1, 2, 3, 4]


def test_a_given_dose_stays_when_a_late_one_before_it_moves_its_day_past_the_end_of_the_phase() -> (
    None
):
    rule = fictional('every = "P8W"', 'every = "P8W"\nuntil = "P24W"')
    first, second = (1, "2026-01-05"), (2, "2026-01-19")

    before = series(rule, "2026-01-05", first, second, (4, "2026-04-27"), weight_kg=Decimal(70))
    after = series(
        rule,
        "2026-01-05",
        first,
        second,
        (4, "2026-04-27"),
        (3, "2026-06-01"),
        weight_kg=Decimal(70),
    )

    assert found_dose(after, 4) == found_dose(before, 4)


def test_somebody_on_treatment_counts_on_after_the_doses_before() -> None:
    found = series("rituximab-ra", "2026-06-22", (None, "2026-01-05"), continuing=True)

    assert found.doses[0].ordinal == 2


def test_an_ordinal_of_its_own_has_a_window_of_its_own() -> None:
    own = (frozenset({4}), Window(early=Interval(days=1), late=Interval(days=2)))
    first, second = FICTUMAB.phases
    rule = replace(FICTUMAB, phases=(first, replace(second, windows=(own,))))

    found = series(rule, "2026-01-05", weight_kg=Decimal(70))

    wide = [(dose.latest - dose.earliest).days for dose in found.doses[2:5]]
    assert wide == [7, 3, 10]  # the gap of 6 weeks after infusion 2 takes three days of the first


@pytest.mark.parametrize(
    ("late", "fourth"),
    [(-7, "2026-06-08"), (-8, "2026-05-31"), (7, "2026-06-08"), (8, "2026-06-16")],
)
def test_the_grid_stays_for_a_dose_on_either_edge_of_its_window(late: int, fourth: str) -> None:
    day = date(2026, 4, 13) + timedelta(days=late)
    given = ((1, "2026-01-05"), (2, "2026-01-19"), (3, "2026-02-16"), (4, str(day)))

    assert due_days(series("infliximab-iv", "2026-01-05", *given), 5) == [fourth]


@pytest.mark.parametrize(
    ("day", "following"), [("2026-03-09", "2026-05-04"), ("2026-03-10", "2026-04-27")]
)
def test_a_grid_that_is_kept_after_the_window_is_not_kept_inside_it(
    day: str, following: str
) -> None:
    rule = fictional(
        'reanchor = "always"', 'reanchor = "always"\nmissed = { action = "keep_grid" }'
    )
    given = ((1, "2026-01-05"), (2, "2026-01-19"), (3, day))

    assert due_days(series(rule, "2026-01-05", *given, weight_kg=Decimal(70)), 4) == [following]


def test_observation_comes_back_only_after_more_than_the_gap() -> None:
    starts = [date(2025, 1, 6) + timedelta(weeks=4 * n) for n in range(14)]
    watched = []
    for back in (date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 7)):
        days = [*starts, back]  # the 14th dose is of 5 Jan 2026
        given = tuple((n, str(day)) for n, day in enumerate(days, 1))
        named = frozenset({"no_prior_hypersensitivity"})
        found = series("natalizumab-iv", "2025-01-06", *given, alternatives=named)
        watched.append([found_dose(found, n).minutes.observation for n in (12, 13, 15, 16)])

    assert watched == [[60, 0, 0, 0], [60, 0, 60, 60], [60, 0, 60, 60]]


def test_once_the_first_dose_was_given_the_next_ones_count_from_it_by_name() -> None:
    waits = series("ocrelizumab-iv", "2026-01-05")
    given = series("ocrelizumab-iv", "2026-01-05", (1, "2026-01-07"))

    assert first_words(waits, 2) == "Due 2 weeks after the order's first day (Mon, Jan 5, 2026)"
    assert first_words(given, 1) == "The first day of the order"
    assert first_words(given, 2) == "Due 2 weeks after dose 1 (Wed, Jan 7, 2026)"


@pytest.mark.parametrize(
    ("phase", "first", "due"), [("", 1, "2026-03-02"), ("additional", 9, "2028-03-08")]
)
@pytest.mark.parametrize("closed", [28, 29])
def test_a_course_waits_four_weeks_for_days_in_a_row_and_keeps_its_window(
    phase: str, first: int, due: str, closed: int
) -> None:
    day = date.fromisoformat(due)
    days = frozenset(day + timedelta(days=n) for n in range(closed))

    found = series(
        "alemtuzumab-iv", "2026-03-02", calendar=replace(EVERY_DAY, closed=days), phase=phase
    )

    dose = found_dose(found, first)
    assert (dose.due, dose.latest) == (day, day + timedelta(days=7))
    assert dose.planned == (day + timedelta(days=28) if closed == 28 else None)


@pytest.mark.parametrize(("closed", "planned"), [(28, "2026-08-30"), (29, "None")])
def test_a_dose_held_back_past_its_window_looks_four_weeks_ahead_for_an_open_day(
    closed: int, planned: str
) -> None:
    days = frozenset(date(2026, 8, 2) + timedelta(days=n) for n in range(closed))
    given = ((1, "2026-01-05"), (2, "2026-03-02"))

    found = series("ocrelizumab-iv", "2026-01-05", *given, calendar=replace(EVERY_DAY, closed=days))

    assert str(found_dose(found, 3).planned) == planned
