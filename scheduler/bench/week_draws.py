"""Days whose visits really last shorter or longer than planned: read from a file, or drawn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from random import Random

SLOT = 15
SHORTEST, LONGEST = 1 / 3, 4.0
"""A visit is never shorter or longer than so many times its nominal length: such draws are drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthClass:
    """Visits of one kind: what they are booked for, and mean and deviation of what they take, in minutes."""

    nominal: int
    mean: float
    deviation: float

    def drawn(self, draw: Random) -> float:
        """Draw how long a visit really takes: lognormal."""
        spread = log(1 + (self.deviation / self.mean) ** 2)
        center = log(self.mean) - spread / 2
        while True:
            minutes = exp(draw.gauss(center, sqrt(spread)))
            if SHORTEST * self.nominal <= minutes <= LONGEST * self.nominal:
                return minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """The visits of one day, class by class; ``least_chairs`` is the proven lowest peak, when known."""

    number: int
    visits: tuple[LengthClass, ...]
    least_chairs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A center and its days."""

    name: str
    chairs: int
    nurses: int
    patients_per_nurse: int
    minutes: int
    days: tuple[WeekDay, ...]


def read_week(path: Path) -> Week:
    """Read an instance file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    real = data["actual_duration_min"]
    classes = [
        LengthClass(nominal=nominal, mean=mean, deviation=deviation)
        for nominal, mean, deviation in zip(
            data["types_min"], real["mean"], real["sd"], strict=True
        )
    ]
    least = data.get("proven", {}).get("min_chairs_to_finish_by_600")
    return Week(
        name=path.stem,
        chairs=data["chairs"],
        nurses=data["nurses"],
        patients_per_nurse=data["seats_per_nurse"],
        minutes=data["close_min"] - data["open_min"],
        days=tuple(
            WeekDay(
                number=number,
                visits=_visits(classes, counts),
                least_chairs=least[number - 1] if least else None,
            )
            for number, counts in enumerate(data["days"], start=1)
        ),
    )


DRAWN = (
    LengthClass(nominal=30, mean=50, deviation=25),
    LengthClass(nominal=60, mean=80, deviation=35),
    LengthClass(nominal=120, mean=135, deviation=45),
    LengthClass(nominal=180, mean=190, deviation=50),
    LengthClass(nominal=240, mean=240, deviation=60),
    LengthClass(nominal=360, mean=350, deviation=70),
)
MOST = (18, 13, 9, 8, 7, 3)


def drawn_week(seed: int, *, days: int = 5) -> Week:
    """Draw days of a center of 14 chairs and four nurses."""
    draw = Random(f"week {seed}")  # noqa: S311 - an instance, not a secret
    return Week(
        name=f"drawn-week-{seed}",
        chairs=14,
        nurses=4,
        patients_per_nurse=4,
        minutes=600,
        days=tuple(
            WeekDay(
                number=number,
                visits=_visits(DRAWN, [draw.randint(most // 2, most) for most in MOST]),
            )
            for number in range(1, days + 1)
        ),
    )


def _visits(classes: Sequence[LengthClass], counts: Sequence[int]) -> tuple[LengthClass, ...]:
    return tuple(each for each, count in zip(classes, counts, strict=True) for _ in range(count))
