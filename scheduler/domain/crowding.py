"""How full days will be once the doses that are planned and not booked yet are booked too.

A planned dose may go to any day of its window. So it is not counted on its planned day: all that wait are
spread over their windows first, more of each on the days that will be less full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.day_limits import DayLimits
from scheduler.domain.grid import CHAIRS
from scheduler.domain.look_ahead import FULL
from scheduler.domain.wishes import DayState

Window: TypeAlias = tuple[date, date]
"""First and last day on which a dose may be."""

Minutes: TypeAlias = NDArray[np.float64]

ROUNDS = 5
STEP = 0.3
"""Rounds of spreading, and how far each goes: few small ones, so that no day is counted on too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTime:
    """An open day: chair minutes that it has, and those that are booked."""

    day: date
    room: float
    booked: float


class Expected:
    """Chair minutes that wait for their booking, where they are expected to go."""

    def __init__(self, days: Sequence[DayTime], waiting: Mapping[Window, float]) -> None:
        """Spread what waits over the days of its windows.

        Args:
            days: The open days, ascending.
            waiting: Chair minutes by window; those without an open day are left out.
        """
        self._days = [each.day for each in days]
        self._ordinals = [each.day.toordinal() for each in days]
        self._room = np.maximum([each.room for each in days], 1.0)
        used = np.array([each.booked for each in days], dtype=float)
        self._parts: dict[Window, tuple[slice, Minutes]] = {
            window: (here, minutes * self._room[here] / self._room[here].sum())
            for window, minutes in waiting.items()
            if minutes > 0 and (here := self._open(window)).stop > here.start
        }
        for here, part in self._parts.values():
            used[here] += part
        for _ in range(ROUNDS):
            self._even_out(used)

    def _open(self, window: Window) -> slice:
        return slice(
            bisect_left(self._ordinals, window[0].toordinal()),
            bisect_right(self._ordinals, window[1].toordinal()),
        )

    def _even_out(self, used: Minutes) -> None:
        for here, part in self._parts.values():
            used[here] -= part
            level = leveled(used[here], self._room[here], float(part.sum()))
            np.add(part, STEP * (level - part), out=part)
            used[here] += part

    def minutes(self) -> dict[date, float]:
        """Return by day what is expected beside what is booked."""
        total = np.zeros(len(self._days))
        for here, part in self._parts.values():
            total[here] += part
        found: list[float] = total.tolist()
        return dict(zip(self._days, found, strict=True))

    def of(self, window: Window, minutes: float) -> dict[date, float]:
        """Return the part of it that so many minutes with that window are; nothing when none wait there."""
        if window not in self._parts:
            return {}
        here, part = self._parts[window]
        whole = float(part.sum())
        share = min(1.0, minutes / whole) if whole else 0.0
        found: list[float] = (share * part).tolist()
        days: list[date] = self._days[here]
        return dict(zip(days, found, strict=True))


def leveled(used: Minutes, room: Minutes, minutes: float) -> Minutes:
    """Return how much of an amount each day gets so that the fullest is as little full as can be."""
    order = np.argsort(used / room, kind="stable")
    below, rooms = np.cumsum(used[order]), np.cumsum(room[order])
    levels = (minutes + below) / rooms
    enough = levels[:-1] * room[order][1:] <= used[order][1:]
    level = levels[int(np.argmax(np.append(enough, True)))]
    filled: Minutes = np.maximum(level * room - used, 0.0)
    return filled


def day_time(day: DayState) -> DayTime:
    """Return the chair minutes of a day."""
    row, minutes = day.limits.layout.row(CHAIRS), day.limits.grid.slot_minutes
    return DayTime(
        day=day.day,
        room=float(day.limits.allowed[row].sum()) * minutes,
        booked=float(day.load.counts[row].sum()) * minutes,
    )


def crowding(day: DayState, waiting_minutes: float, *, full: float = FULL) -> float:
    """Return by how many chairs, on average, booked and planned visits exceed what a day can hold.

    0 while they fit: only a day that will overflow is worth avoiding.

    Args:
        day: The day as booked.
        waiting_minutes: Chair minutes expected on it that are not booked yet.
        full: The share of its chair time from which on a day counts as full.
    """
    row, minutes = day.limits.layout.row(CHAIRS), day.limits.grid.slot_minutes
    room, open_minutes = _room(day.limits, row)
    excess = int(day.load.counts[row].sum()) * minutes + waiting_minutes - full * room
    return excess / open_minutes if excess > 0 and open_minutes else 0.0


@lru_cache(maxsize=512)
def _room(limits: DayLimits, row: int) -> tuple[int, int]:
    """Return chair minutes and open minutes; days alike share their limits."""
    allowed, minutes = limits.allowed[row], limits.grid.slot_minutes
    return int(allowed.sum()) * minutes, int((allowed > 0).sum()) * minutes
