"""Instances of the benchmarks: read from files, or drawn from a mix of lengths for machines that have none."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from scheduler.domain.capacity import DayLimits, DaySetup, limits_of
from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.grid import Layout, grid_of
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseShift, hands_on_rule, simple_rule
from scheduler.domain.visits import VisitProfile

OPENS = 420
MIX = {60: 0.29, 90: 0.11, 120: 0.2, 150: 0.04, 180: 0.13, 240: 0.13, 300: 0.07, 360: 0.03}
"""Share of the lengths, in minutes, of days that are drawn here."""

DRAWN_SEEDS = 5
NURSES = {"S": 8, "H": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The visits that one day is asked for, and what is proven about them.

    Args:
        seed: Names the draw.
        slots: Length of each in slots, in the order of the file.
        proven: Proven values by name; empty when nobody has proved any.
    """

    seed: int
    slots: tuple[int, ...]
    proven: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInstance:
    """A day's chairs, hours and several draws of requests."""

    name: str
    chairs: int
    patients_per_nurse: int
    minutes: int
    slot_minutes: int
    days: tuple[Requests, ...]

    def limits(self, rule: str, nurses: int, *, minutes: int | None = None) -> DayLimits:
        """Return what such a day allows under nurse rule S or H."""
        return day_limits(
            rule, nurses, self.chairs, self.patients_per_nurse, minutes or self.minutes
        )


@cache
def day_limits(rule: str, nurses: int, chairs: int, patients: int, minutes: int) -> DayLimits:
    """Return the limits of a day that opens at seven and is open for so many minutes."""
    hours = DayHours(opens=_clock(OPENS), closes=_clock(OPENS + minutes))
    made = simple_rule(patients) if rule == "S" else hands_on_rule(patients)
    setup = DaySetup(
        hours=hours,
        chairs=tuple(ChairFacts(key=key) for key in range(1, chairs + 1)),
        nurses=(NurseShift(shift=Span(begins=0, ends=24 * 60)),) * nurses,
        rule=made,
    )
    return limits_of(setup, grid_of(hours, 15), Layout(needs=()))


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@cache
def bench_visit(slots: int) -> VisitProfile:
    """Return a visit of the benchmarks: one IV start in its first slot, no cleaning."""
    return VisitProfile(iv_start=15, infusion=15 * (slots - 1))


def read_day(path: Path) -> DayInstance:
    """Read an instance file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    grid = data["grid_min"]
    return DayInstance(
        name=path.stem,
        chairs=data["chairs"],
        patients_per_nurse=data["seats_per_nurse"],
        minutes=data["close_min"],
        slot_minutes=grid,
        days=tuple(_requests(int(seed), each, grid) for seed, each in data["seeds"].items()),
    )


def _requests(seed: int, data: dict[str, Any], grid: int) -> Requests:
    slots = tuple(minutes // grid for minutes in data["durations_min"])
    return Requests(seed=seed, slots=slots, proven=data.get("proven", {}))


def drawn_day(count: int, *, first_seed: int = 1, seeds: int = DRAWN_SEEDS) -> DayInstance:
    """Draw an instance of so many requests a day: 30 chairs, ten hours, four patients per nurse."""
    return DayInstance(
        name=f"drawn-n{count}",
        chairs=30,
        patients_per_nurse=4,
        minutes=600,
        slot_minutes=15,
        days=tuple(
            Requests(seed=seed, slots=tuple(_lengths(count, seed)), proven={})
            for seed in range(first_seed, first_seed + seeds)
        ),
    )


def _lengths(count: int, seed: int) -> Iterator[int]:
    draw = Random(f"{seed} of {count}")  # noqa: S311 - an instance, not a secret
    lengths, shares = list(MIX), list(MIX.values())
    return (minutes // 15 for minutes in draw.choices(lengths, shares, k=count))


def day_instance(count: int, data: Path | None, file: Path | None = None) -> DayInstance:
    """Return the instance of a file, or of so many requests from a folder of them, or a drawn one."""
    if file is not None:
        return read_day(file)
    found = data / "day30" / f"n{count}.json" if data else None
    return read_day(found) if found and found.exists() else drawn_day(count)
