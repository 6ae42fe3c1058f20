"""Series of visits over many days: read from a file, or drawn for machines that have none."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, gcd
from pathlib import Path
from random import Random
from typing import Any

from scheduler.domain.crowding import Window

FIRST = date(2026, 3, 2)
LENGTHS = {2: 30, 4: 15, 6: 20, 8: 12, 12: 12, 16: 7, 20: 4}
"""Share, in percent, of the lengths in slots of series that are drawn here."""

INTERVALS = (5, 5, 10, 10, 15, 20, 30)
MONDAYS = 0.5
"""Share of the series that begin on the first day of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit of a series: its length in slots and the days on which it may be."""

    slots: int
    ideal: int
    first: int
    last: int

    @property
    def window(self) -> Window:
        """The first and the last day."""
        return day_of(self.first), day_of(self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDraw:
    """The series of one draw; ``optimum`` is proven, or what certainly cannot be beaten."""

    seed: int
    days: int
    series: tuple[tuple[Visit, ...], ...]
    optimum: int


def read_series(path: Path) -> list[SeriesDraw]:
    """Read an instance file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [
        SeriesDraw(
            seed=int(seed),
            days=data["days"],
            series=tuple(_visits(one, data["days"]) for one in each["series"]),
            optimum=each["optimum"],
        )
        for seed, each in data["seeds"].items()
    ]


def drawn_series(seed: int, *, count: int = 300, days: int = 60) -> SeriesDraw:
    """Draw series that mostly begin on a Monday, as where staff books by weeks."""
    draw = Random(f"series {seed}")  # noqa: S311 - an instance, not a secret
    series = tuple(_visits(_drawn(draw, days), days) for _ in range(count))
    return SeriesDraw(seed=seed, days=days, series=series, optimum=least(series))


def _drawn(draw: Random, days: int) -> dict[str, Any]:
    interval = draw.choice(INTERVALS)
    begins = draw.randrange(days - 10)
    begins -= begins % 5 * (draw.random() < MONDAYS)
    ends = min(days, begins + interval * draw.randint(2, 6))
    return {
        "slots": draw.choices(list(LENGTHS), list(LENGTHS.values()))[0],
        "tolerance": draw.randint(0, 1) if interval == 5 else min(3, interval // 5 - 1),  # noqa: PLR2004
        "ideal_days": range(begins, ends, interval),
    }


def _visits(facts: dict[str, Any], days: int) -> tuple[Visit, ...]:
    tolerance = facts["tolerance"]
    return tuple(
        Visit(
            slots=facts["slots"],
            ideal=day,
            first=max(0, day - tolerance),
            last=min(days - 1, day + tolerance),
        )
        for day in facts["ideal_days"]
    )


def least(series: Sequence[Sequence[Visit]]) -> int:
    """Return a busiest day that cannot be beaten: what must lie within some days, divided by them."""
    visits = [visit for one in series for visit in one]
    most = 0
    for begins in {visit.first for visit in visits}:
        inside = Counter[int]()
        for visit in visits:
            if visit.first >= begins:
                inside[visit.last] += visit.slots
        total = 0
        for ends in sorted(inside):
            total += inside[ends]
            most = max(most, ceil(total / (ends - begins + 1)))
    step = gcd(*(visit.slots for visit in visits))
    return max(ceil(most / step) * step, *(visit.slots for visit in visits))


def day_of(number: int) -> date:
    """Return a day by its number."""
    return FIRST + timedelta(days=number)
