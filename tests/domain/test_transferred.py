"""Somebody who comes amid a treatment gets what is left of it, no dose twice, and what a prescriber asks for."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose, Series
from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.series import resolve
from scheduler.domain.taking_part import loading_doses
from tests.factories.regimen_file import changed
from tests.schedules.formulary import FORMULARY, shipped
from tests.schedules.transfers import days, series

SHORTEST_MONTH = 28

LED = sorted(
    path.stem for path in FORMULARY.glob("*.toml") if path.stem != "methylprednisolone-ms-relapse"
)
"""All but the one that only a relapse begins."""


def ordinals(found: Series) -> list[int]:
    return [dose.ordinal for dose in found.doses]


FIRST = days("2024-11-25", "2024-11-26", "2024-11-27", "2024-11-28", "2024-11-29")
SECOND = days("2025-12-01", "2025-12-02", "2025-12-03")


def test_after_the_first_course_the_second_follows_and_after_both_only_the_prescriber_asks() -> (
    None
):
    one, both = series("alemtuzumab-iv", *FIRST), series("alemtuzumab-iv", *FIRST, *SECOND)

    assert [str(dose.due) for dose in one.doses] == ["2025-11-29", "2025-11-30", "2025-12-01"]
    assert ordinals(one) == [6, 7, 8]
    assert both.doses == ()
    assert [(w.phase, str(w.from_day)) for w in both.waiting] == [("additional", "2026-12-03")]


@pytest.mark.parametrize("told", [FIRST[-1:], FIRST[2:], FIRST])
def test_of_a_course_of_consecutive_days_it_is_enough_to_tell_the_last(told: list[date]) -> None:
    found, whole = series("alemtuzumab-iv", *told), series("alemtuzumab-iv", *FIRST)
    assert found == replace(whole, elsewhere=found.elsewhere)
    assert series("alemtuzumab-iv", *told, SECOND[-1]).doses == ()


def test_loading_is_not_given_again_where_the_rest_is_taken_at_home() -> None:
    assert series("ustekinumab-ibd").doses == ()
    assert series("ustekinumab-ibd", date(2026, 3, 2)).doses == ()


def test_a_stored_plan_keeps_the_ordinals_that_it_gave_when_fewer_days_were_known() -> None:
    found = series("alemtuzumab-iv", *FIRST, first_ordinal=2)

    assert ordinals(found) == [2, 3, 4]
    assert [str(dose.due) for dose in found.doses] == ["2025-11-29", "2025-11-30", "2025-12-01"]


def test_a_course_that_was_asked_for_follows_the_courses_of_elsewhere_and_here() -> None:
    found = series("alemtuzumab-iv", *FIRST, phase="additional", first_ordinal=6)

    assert [dose.phase for dose in found.doses] == ["course2"] * 3 + ["additional"] * 3
    assert ordinals(found) == [6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("told", [SECOND[-1:], [*FIRST, *SECOND]])
def test_a_course_asked_for_from_the_beginning_counts_from_the_last_dose_elsewhere_and_stays(
    told: list[date],
) -> None:
    new = series("alemtuzumab-iv", *told, phase="additional")
    stored = series("alemtuzumab-iv", *told, phase="additional", first_ordinal=9)

    assert ordinals(new) == [9, 10, 11]
    assert [str(dose.due) for dose in new.doses] == ["2026-12-03", "2026-12-04", "2026-12-05"]
    assert stored == new


@given(
    regimen=st.sampled_from(LED),
    start=st.dates(date(2026, 1, 1), date(2030, 1, 1)).filter(
        lambda day: day.day <= SHORTEST_MONTH
    ),
    known=st.integers(1, 12),
)
def test_a_patient_who_comes_after_some_doses_gets_the_rest_on_the_days_of_who_stayed(
    regimen: str, start: date, known: int
) -> None:
    rule = shipped(regimen)
    order = OrderFacts(first_day=start, weight_kg=Decimal(70), height_cm=Decimal(170))
    until = start + timedelta(days=900)
    whole = resolve(rule, order, Facts(), EVERY_DAY, {}, until=until).doses
    assume(known <= len(whole))
    assume(
        known > 1 or loading_doses(rule, order) == 0
    )  # one alone may be the last of a long treatment
    assume(
        regimen != "alemtuzumab-iv" or known in (5, 8)
    )  # of days in a row the last may be told alone
    begun = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=None, day=dose.due) for dose in whole[:known]
    )

    came = replace(order, continuing=True, first_day=begun[-1].day)
    left = resolve(rule, came, Facts(given=begun), EVERY_DAY, {}, until=until).doses

    assert [told(dose) for dose in left] == [told(dose) for dose in whole[known:]]


def told(dose: PlannedDose) -> tuple[object, ...]:
    """Return all of a dose but the words of its reasons."""
    return (
        dose.ordinal, dose.phase, dose.due, dose.planned, dose.not_before, dose.amount, dose.minutes, dose.status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("regimen", "elsewhere", "next_due"),
    [
        ("ocrelizumab-iv", ("2026-01-05", "2026-01-19"), "2026-07-05"),
        ("ocrelizumab-iv", ("2026-01-05", "2026-01-26"), "2026-07-05"),
        ("ocrelizumab-iv", ("2025-07-05", "2026-01-05"), "2026-07-05"),
        ("ocrelizumab-iv", ("2026-01-19",), "2026-07-19"),
        ("infliximab-iv", ("2026-01-05", "2026-01-19"), "2026-02-16"),
        ("infliximab-iv", ("2026-01-05", "2026-03-02"), "2026-04-27"),
        ("eculizumab-iv", ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"), "2026-02-02"),
        ("eculizumab-iv", ("2026-01-05", "2026-01-19"), "2026-02-02"),
        ("ravulizumab-iv", ("2026-01-05", "2026-01-19"), "2026-03-16"),
        ("ravulizumab-iv", ("2026-01-05", "2026-03-02"), "2026-04-27"),
    ],
)
def test_loading_elsewhere_is_known_by_its_days_and_an_interval_by_its_length(
    regimen: str, elsewhere: tuple[str, ...], next_due: str
) -> None:
    assert str(series(regimen, *days(*elsewhere)).doses[0].due) == next_due


@pytest.mark.parametrize(
    ("first_day", "dues"),
    [
        ("2026-02-20", ("2026-02-16", "2026-04-13")),
        ("2026-04-12", ("2026-02-16", "2026-04-13")),
        ("2026-09-01", ("2026-08-31", "2026-10-26")),
    ],
)
def test_loading_that_was_broken_off_is_not_gone_on_with_by_itself(
    first_day: str, dues: tuple[str, str]
) -> None:
    found = series("infliximab-iv", *days("2026-01-05", "2026-01-19"), first_day=days(first_day)[0])

    assert tuple(str(dose.due) for dose in found.doses[:2]) == dues


def here_then(phase: str, regimen: str = "natalizumab-iv") -> Series:
    """Return the series of somebody who came on treatment, had two doses here, and perhaps a phase asked for."""
    rule = shipped(regimen)
    facts = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=number, day=day)
        for number, day in zip(
            (None, 2, 3), days("2026-06-01", "2026-06-29", "2026-07-27"), strict=True
        )
    )
    order = OrderFacts(first_day=date(2026, 6, 29), continuing=True, first_ordinal=2, phase=phase)
    return resolve(rule, order, Facts(given=facts), EVERY_DAY, {}, until=date(2026, 12, 1))


def test_what_was_given_here_stays_as_it_was_when_an_interval_is_asked_for() -> None:
    plain, extended = here_then(""), here_then("extended")

    assert extended.doses[:2] == plain.doses[:2]
    assert [(dose.phase, str(dose.due)) for dose in extended.doses[2:]] == [
        ("extended", "2026-09-07"),
        ("extended", "2026-10-19"),
        ("extended", "2026-11-30"),
    ]


def test_infusions_end_when_the_rest_is_asked_for_at_home() -> None:
    found = here_then("maintenance-sc", "vedolizumab-iv")

    assert [dose.given is not None for dose in found.doses] == [True, True]


def test_an_interval_asked_for_from_the_beginning_counts_from_the_last_dose_elsewhere() -> None:
    found = series("natalizumab-iv", date(2026, 6, 1), phase="extended")

    assert {dose.phase for dose in found.doses} == {"extended"}
    assert str(found.doses[0].due) == "2026-07-13"


def test_an_interval_asked_for_counts_from_the_day_on_which_the_last_dose_here_was_given() -> None:
    rule = shipped("natalizumab-iv")
    facts = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=number, day=day)
        for number, day in zip((None, 2), days("2026-06-01", "2026-07-02"), strict=True)
    )
    order = OrderFacts(
        first_day=date(2026, 6, 29), continuing=True, first_ordinal=2, phase="extended"
    )

    found = resolve(rule, order, Facts(given=facts), EVERY_DAY, {}, until=date(2026, 9, 1))

    assert [str(dose.due) for dose in found.doses] == ["2026-06-29", "2026-08-13"]


def test_nothing_is_to_be_done_before_a_start_that_was_elsewhere() -> None:
    loaded = series("pegloticase-iv", *days("2026-03-02", "2026-03-16"))
    rule = regimen_from_text(
        changed('offsets = ["P0D", "P14D"]', 'offsets = ["-P7D", "P0D", "P14D"]\ntasks = ["take folate"]'),
        file="fictumab.toml",
    )  # fmt: skip
    begun = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=None, day=day)
        for day in days("2026-03-02", "2026-03-16")
    )
    came = OrderFacts(first_day=date(2026, 3, 16), continuing=True, weight_kg=Decimal(70))

    found = resolve(rule, came, Facts(given=begun), EVERY_DAY, {}, until=date(2026, 12, 1))

    assert (loaded.preparations, found.preparations) == ((), ())
    assert found.doses


def test_dates_kept_after_a_first_dose_on_another_day_are_those_of_the_order() -> None:
    rule = shipped("ocrelizumab-iv")
    late = GivenFact(ingredient=rule.ingredient, ordinal=1, day=date(2026, 1, 12))
    order = OrderFacts(first_day=date(2026, 1, 5))

    def third(facts: Facts) -> str:
        return str(resolve(rule, order, facts, EVERY_DAY, {}, until=date(2026, 12, 1)).doses[2].due)

    assert third(Facts(given=(late,))) == "2026-07-12"
    assert third(Facts(given=(late,), keeps_grid=frozenset({1}))) == "2026-07-05"
