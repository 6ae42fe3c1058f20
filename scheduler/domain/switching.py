"""Coming from elsewhere: what doses of another drug, product, route or center mean for the first one here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scheduler.domain.dates import due
from scheduler.domain.doses import GivenFact, OrderFacts
from scheduler.domain.regimen import Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDose:
    """A dose that was given before, or outside, the plan.

    Args:
        ingredient: Its active ingredient.
        regimen: The regimen it belonged to, when that is known.
        amount: As given, in mg.
        per_m2: The same per m2 of body surface, for lifetime limits.
    """

    ingredient: str
    day: date
    regimen: Regimen | None = None
    amount: Decimal | None = None
    per_m2: Decimal | None = None


def comes_over(
    rule: Regimen, order: OrderFacts, earlier: Sequence[EarlierDose]
) -> tuple[OrderFacts, tuple[GivenFact, ...]] | None:
    """Return the order and what was given, for a patient who comes with a history and no first day.

    After the same ingredient the series goes on without loading doses, counted from the last dose. After another
    drug it begins on the day on which that one's next dose would have been due. None when nothing says when.
    """
    if not earlier:
        return None
    given = tuple(given_elsewhere(each) for each in earlier)
    last = max(earlier, key=lambda each: each.day)
    if last.ingredient == rule.ingredient:
        return replace(order, first_day=last.day, continuing=True), given
    day = next_of_other(last)
    return (replace(order, first_day=day), given) if day else None


def next_of_other(earlier: EarlierDose) -> date | None:
    """Return the day on which the next dose of the other regimen would have been due, if it repeats."""
    phases = earlier.regimen.phases if earlier.regimen else ()
    every = [phase.every for phase in phases if phase.every is not None and not phase.clinical]
    return due(earlier.day, every[-1], 1) if every else None


def given_elsewhere(earlier: EarlierDose) -> GivenFact:
    """Return an earlier dose as the engine counts it: for gaps and limits, outside the plan's ordinals."""
    return GivenFact(
        ingredient=earlier.ingredient,
        day=earlier.day,
        amount=earlier.amount,
        per_m2=earlier.per_m2,
    )
