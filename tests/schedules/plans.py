"""A patient's series in few words, for worked schedules: first day, what was given, the calendar."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import holidays

from scheduler.domain.dates import EVERY_DAY, Calendar, OpenDays
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, Series
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped

FEDERAL = OpenDays(closed=frozenset(holidays.country_holidays("US", years=range(2024, 2040))))
Given = tuple[int | None, str]


def series(
    regimen: str | Regimen,
    first_day: str,
    *given: Given,
    calendar: Calendar = EVERY_DAY,
    choices: Mapping[str, str] | None = None,
    outcome: GivenOutcome = GivenOutcome.FULL,
    skipped: Sequence[int] = (),
    years: int = 4,
    **order: Any,
) -> Series:
    """Return the series from a first day and given doses (ordinal or None, day); more words are of the order."""
    rule = shipped(regimen) if isinstance(regimen, str) else regimen
    facts = tuple(
        GivenFact(
            ingredient=rule.ingredient, ordinal=number, day=date.fromisoformat(day), outcome=outcome
        )
        for number, day in given
    )
    start = date.fromisoformat(first_day)
    return resolve(
        rule,
        OrderFacts(first_day=start, **order),
        Facts(given=facts, skipped=frozenset(skipped)),
        calendar,
        choices or {},
        until=start + timedelta(days=366 * years),
    )


def due_days(found: Series, *ordinals: int) -> list[str]:
    """Return the due days of some doses."""
    return [str(found_dose(found, n).due) for n in ordinals]


def planned(found: Series, *ordinals: int) -> list[str]:
    """Return the planned days of some doses."""
    return [str(found_dose(found, n).planned) for n in ordinals]


def found_dose(found: Series, ordinal: int) -> Any:
    """Return a dose that must be there."""
    dose = found.dose(ordinal)
    assert dose is not None, f"there is no dose {ordinal}"
    return dose
