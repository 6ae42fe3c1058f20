"""Random patients: late, early, left out, out of turn, elsewhere, closed days; the same for engine and oracle."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.oracle.almanac import number_of

FIRST_START, LAST_START = number_of(2024, 1, 1), number_of(2036, 12, 31)


@dataclass(frozen=True)
class Fate:
    """What happened to a patient; days are day numbers, parts the numbers of doses given in part."""

    start: int
    given: dict[int, int]
    parts: frozenset[int]
    not_given: dict[int, int]
    elsewhere: Sequence[int]
    closed: frozenset[int]


def random_fate(random: Random, steps: Sequence[int], *, most: int) -> Fate:
    """Return a fate: up to ``most`` doses follow each other by the drug's steps, give or take.

    Args:
        random: Where chance comes from.
        steps: Days from each dose to the next; the last one goes on.
        most: How many doses may have been given.
    """
    start = random.randint(FIRST_START, LAST_START)
    closed = frozenset(start + random.randint(0, 1500) for _ in range(random.choice((0, 10, 120))))
    given: dict[int, int] = {}
    missing: dict[int, int] = {}
    day = start + random.choice((0, 0, 0, 1, 3))
    for number in range(1, random.randint(0, most) + 1):
        if random.random() < 0.08:
            missing[number] = day
        else:
            given[number] = day
        step = steps[min(number - 1, len(steps) - 1)]
        late = (
            random.choice((0, 0, 0, 1, 1, -1, 5, -6, 12, 40, 100))
            if step > 1
            else random.choice((0, 0, 0, 1, 3))
        )
        day += max(1, step + late)
    elsewhere = [day - random.randint(1, 200)] if random.random() < 0.15 else []
    parts = frozenset(n for n in given if random.random() < 0.1)
    return Fate(start, given, parts, missing, elsewhere, closed)
