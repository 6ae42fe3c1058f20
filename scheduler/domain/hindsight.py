"""A given dose is told as it was known on its day: what came later, or is said later of others, leaves it alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from scheduler.domain.doses import Facts, PlannedDose

View = Callable[[Facts, int], PlannedDose | None]
"""How a series tells of one dose under some facts."""


def as_of_their_day(doses: Sequence[PlannedDose], facts: Facts, view: View) -> list[PlannedDose]:
    """Return doses in order, those that were given out of turn as they were known on their day.

    Out of turn: one before it was given later, or is open still. Then others' later days, and what a person says
    of the open ones afterwards, would reach back; so all that was not given by then counts as left out.
    """
    return [
        view(_known_on(dose.given, dose.ordinal, facts), dose.ordinal) or dose
        if dose.given is not None and reached
        else dose
        for dose, reached in _reached_back(doses, facts)
    ]


def _reached_back(doses: Sequence[PlannedDose], facts: Facts) -> Iterator[tuple[PlannedDose, bool]]:
    """Yield each dose, and whether something later or still open stands before it."""
    latest, is_open = date.min, False
    happened = max(facts.events.values(), default=date.min)
    for dose in doses:
        day = dose.given
        yield dose, day is not None and (is_open or latest > day or happened > day)
        is_open = is_open or day is None
        latest = max(latest, day or date.min)


def _known_on(day: date, ordinal: int, facts: Facts) -> Facts:
    given = tuple(fact for fact in facts.given if fact.day <= day)
    there = {fact.ordinal for fact in given if fact.real}
    return replace(
        facts,
        given=given,
        missed=frozenset(),
        skipped=frozenset(n for n in range(1, ordinal) if n not in there),
        events={name: on for name, on in facts.events.items() if on <= day},
    )
