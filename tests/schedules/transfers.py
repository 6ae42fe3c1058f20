"""The series of somebody who comes on treatment, in few words, for worked schedules."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, Series
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped


def series(regimen: str, *earlier: date, here: Sequence[GivenFact] = (), **order: object) -> Series:
    """Return the series of somebody on treatment who comes on the last day on which a dose was given.

    Args:
        regimen: Its id.
        earlier: The days elsewhere.
        here: What was given in the plan itself.
        order: What the order says otherwise.
    """
    rule = shipped(regimen)
    facts = tuple(GivenFact(ingredient=rule.ingredient, ordinal=None, day=day) for day in earlier)
    facts += tuple(here)
    known = {"first_day": earlier[-1] if earlier else date(2026, 3, 2), "continuing": True}
    found = OrderFacts(**{"weight_kg": Decimal(70), **known, **order})  # type: ignore[arg-type]
    until = found.first_day + timedelta(days=900)
    return resolve(rule, found, Facts(given=facts), EVERY_DAY, {}, until=until)


def days(*texts: str) -> list[date]:
    """Return days written as 2026-03-02."""
    return [date.fromisoformat(text) for text in texts]
