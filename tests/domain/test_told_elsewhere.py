"""Doses elsewhere that were told of late, of an older course, or long before the first day here."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from scheduler.domain.beside_doses import beside_doses
from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.dose_reasons import full_sentence
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts
from scheduler.domain.series import resolve
from scheduler.domain.wished_days import not_sooner
from tests.schedules.formulary import shipped
from tests.schedules.transfers import days, series

THREE = days("2026-03-02", "2026-03-09", "2026-03-16")


@pytest.mark.parametrize("first_ordinal", [1, 2, 4, 6])
def test_the_rest_keeps_its_days_however_many_doses_elsewhere_were_told_of_at_first(
    first_ordinal: int,
) -> None:
    found = series("efgartigimod-iv", *THREE, first_ordinal=first_ordinal)

    assert [(dose.ordinal, str(dose.due)) for dose in found.doses] == [
        (first_ordinal, "2026-03-23")
    ]


def test_a_first_dose_here_does_not_begin_anew_what_doses_told_of_later_began() -> None:
    given = [GivenFact(ingredient="efgartigimod", ordinal=1, day=date(2026, 3, 16))]

    found = series("efgartigimod-iv", *THREE[:2], here=given, first_ordinal=1)

    assert [(dose.ordinal, str(dose.due)) for dose in found.doses] == [
        (1, "2026-03-16"),
        (2, "2026-03-23"),
    ]
    assert "dose -1" not in " ".join(full_sentence(why) for why in found.doses[1].reasons)


@pytest.mark.parametrize(
    ("regimen", "told", "left"),
    [
        ("rituximab-ra", ("2023-01-02", "2023-01-16", "2026-03-02"), ["2026-03-16"]),
        ("ferumoxytol-iv", ("2023-01-02", "2026-03-02"), ["2026-03-05"]),
        (
            "iron-sucrose-iv",
            ("2024-01-02", "2024-01-05", "2026-03-02", "2026-03-05"),
            ["2026-03-06", "2026-03-08", "2026-03-10"],
        ),
        (
            "efgartigimod-iv",
            ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-23"),
            ["2026-03-02", "2026-03-09", "2026-03-16"],
        ),
    ],
)
def test_doses_of_an_older_course_are_not_taken_for_those_of_the_course_in_hand(
    regimen: str, told: tuple[str, ...], left: list[str]
) -> None:
    assert [str(dose.due) for dose in series(regimen, *days(*told)).doses] == left


def test_a_course_asked_for_counts_from_the_newest_course_elsewhere() -> None:
    told = days("2024-01-01", "2024-01-15", "2025-09-01", "2025-09-15")

    found = series("rituximab-ra", *told, phase="next-course")

    assert [str(dose.due) for dose in found.doses] == ["2026-02-16", "2026-03-02"]


def here_from(
    regimen: str, first_day: date, *earlier: date, here: Sequence[GivenFact] = ()
) -> list[str]:
    """Return the planned days of who comes on a later day than doses were due."""
    found = series(regimen, *earlier, here=here, first_day=first_day)
    rule = shipped(regimen)
    return [str(dose.planned) for dose in not_sooner(found.doses, rule, first_day, EVERY_DAY)]


@pytest.mark.parametrize(
    ("regimen", "left"),
    [
        ("efgartigimod-iv", ["2026-04-01", "2026-04-08"]),
        ("iron-sucrose-iv", ["2026-04-01", "2026-04-03", "2026-04-05"]),
    ],
)
def test_doses_of_a_course_that_were_due_before_the_first_day_here_come_one_after_the_other(
    regimen: str, left: list[str]
) -> None:
    assert here_from(regimen, date(2026, 4, 1), *THREE[:2]) == left


def test_a_dose_after_one_given_late_here_keeps_its_distance() -> None:
    given = [GivenFact(ingredient="efgartigimod", ordinal=3, day=date(2026, 4, 2))]

    planned = here_from("efgartigimod-iv", date(2026, 4, 1), *THREE[:2], here=given)

    assert planned[1] == "2026-04-09"


def test_of_doses_due_before_the_first_day_here_the_last_one_alone_is_planned() -> None:
    planned = here_from("natalizumab-iv", date(2026, 4, 1), date(2026, 1, 1))

    assert planned[:3] == ["2026-04-01", "2026-04-23", "2026-05-21"]


def coming_with(regimen: str, amounts: dict[date, str], region: str = "US") -> list[DoseStatus]:
    """Return how the doses stand of who had these amounts of a course elsewhere."""
    rule = shipped(regimen)
    facts = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=None, day=day, amount=Decimal(amount))
        for day, amount in amounts.items()
    )
    order = OrderFacts(
        first_day=max(amounts), continuing=True, weight_kg=Decimal(70), region=region
    )
    until = order.first_day + timedelta(days=900)
    found = resolve(rule, order, Facts(given=facts), EVERY_DAY, {}, until=until)
    return [dose.status for dose in found.doses]


def test_a_limit_of_a_course_counts_what_was_given_of_it_elsewhere() -> None:
    iron = dict(zip(days("2026-03-02", "2026-03-04", "2026-03-06"), ["300"] * 3, strict=True))
    one = {date(2026, 3, 2): "1000"}

    assert coming_with("iron-sucrose-iv", iron) == [DoseStatus.BLOCK] * 2
    assert coming_with("ferric-carboxymaltose-iv", one) == [DoseStatus.BLOCK]
    assert coming_with("ferric-carboxymaltose-iv", {date(2026, 3, 2): "750"}) == [DoseStatus.OK]


def test_a_limit_of_a_course_leaves_out_an_older_course() -> None:
    old = {date(2025, 3, 3): "750", date(2025, 3, 10): "750", date(2026, 3, 2): "750"}

    assert coming_with("ferric-carboxymaltose-iv", old) == [DoseStatus.OK]


@pytest.mark.parametrize("given_here", [False, True])
def test_the_next_course_waits_from_the_first_dose_elsewhere_beside_stored_doses_too(
    *, given_here: bool
) -> None:
    rule, told = shipped("rituximab-ra"), [date(2026, 3, 2)]
    own = [GivenFact(ingredient=rule.ingredient, ordinal=2, day=date(2026, 3, 17))] * given_here
    found = series("rituximab-ra", *told, here=own)
    elsewhere = [GivenFact(ingredient=rule.ingredient, ordinal=None, day=day) for day in told]
    order = OrderFacts(first_day=told[-1], continuing=True, weight_kg=Decimal(70))

    waiting, _ = beside_doses(rule, order, Facts(given=(*elsewhere, *own)), {}, found.doses)

    assert waiting == found.waiting
    assert [str(phase.from_day) for phase in waiting] == ["2026-06-22"]
