"""When the demonstration opens: 10:45 on an open day, three months after its center began to use the scheduler."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from scheduler.domain.timing import Instant, instant_at, local_day

ZONE = ZoneInfo("America/New_York")
OPENS_AT = time(10, 45)
LOOKS_BACK = timedelta(days=91)
LOOKS_AHEAD = timedelta(days=640)
CHOSEN = (
    "New Year's Day",
    "Martin Luther King Jr. Day",
    "Memorial Day",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
)
"""The federal holidays that this center keeps; on the others it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The day and moment at which people first look at the demonstration.

    Args:
        day: An open day: today, or the next one.
        moment: 10:45 on it.
        first_day: The day on which the center began to use the scheduler.
    """

    day: date
    moment: Instant
    first_day: date

    def offset_seconds(self, system_now: Instant) -> int:
        """Return how far the demonstration's clock is ahead of the system's."""
        return round((self.moment - system_now).total_seconds())


def opening_of(system_now: Instant) -> Opening:
    """Return the opening for a moment of the system's clock."""
    day = local_day(system_now, ZONE)
    while not is_open(day):
        day += timedelta(days=1)
    first = day - LOOKS_BACK
    while not is_open(first):
        first += timedelta(days=1)
    return Opening(day=day, moment=instant_at(day, OPENS_AT, ZONE), first_day=first)


def is_open(day: date) -> bool:
    """Say whether the center has infusions on a day, be it a half one."""
    return day.weekday() < 5 and day not in kept_holidays(day.year)


def open_days(first: date, last: date) -> Sequence[date]:
    """Return the open days from ``first`` to ``last``."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if is_open(day)]


@lru_cache
def kept_holidays(year: int) -> dict[date, str]:
    """Return the days of a year on which the center is closed, as observed, with their names."""
    named = holidays.country_holidays("US", years=year)
    return {
        day: name
        for day, name in sorted(named.items())
        if name.removesuffix(" (observed)") in CHOSEN
    }


def half_days(first: date, last: date) -> Sequence[date]:
    """Return the days that end at 12:30: the first Wednesday of each second month, for training."""
    return [
        day
        for day in open_days(first, last)
        if day.weekday() == 2 and day.day <= 7 and day.month % 2 == 0
    ]
