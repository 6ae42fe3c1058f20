"""Calendar arithmetic for doses: months clamp or roll, weeks keep the weekday, closed days shift."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, takewhile
from typing import Protocol

from dateutil.relativedelta import relativedelta

SPOKEN = re.compile(r"([0-9]{1,4}) ?(days?|weeks?|months?|years?)?")
ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A span as a label writes it. Months are never converted to days or weeks.

    Args:
        months: Calendar months; a year is 12.
        days: Days on top of them; a week is 7. Negative for what comes before an anchor.
        weeks_written: Whether the label says weeks, so that a sentence can too.
    """

    months: int = 0
    days: int = 0
    weeks_written: bool = False

    @property
    def iso(self) -> str:
        """The span as ISO 8601 writes it, weeks as weeks: P6M, P24W or P14D."""
        months = f"{self.months}M" if self.months else ""
        weeks = self.weeks_written and self.days % 7 == 0
        days = f"{self.days // 7}W" if weeks else f"{self.days}D"
        return f"P{months}{days if self.days or not months else ''}"

    def times(self, count: int) -> "Interval":
        """Return the span taken ``count`` times, still unconverted."""
        return Interval(
            months=self.months * count, days=self.days * count, weeks_written=self.weeks_written
        )

    def back(self) -> "Interval":
        """Return the span in the other direction."""
        return Interval(months=-self.months, days=-self.days, weeks_written=self.weeks_written)

    @property
    def counted(self) -> tuple[str, int]:
        """The unit that the label writes, months, weeks or days, and how many of it."""
        if self.months:
            return "months", self.months
        if self.weeks_written and self.days % 7 == 0:
            return "weeks", self.days // 7
        return "days", self.days


def parse_interval(text: str) -> Interval:
    """Return the span of an ISO 8601 duration such as P6M, P24W, P14D or -P7D.

    Raises:
        ValueError: not a duration of years, months, weeks and days.
    """
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text)
    match = ISO.fullmatch(body)
    if match is None or body == "P":
        raise ValueError(f"{text!r} is not a span such as P6M, P24W or P14D")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return Interval(
        months=sign * (12 * years + months),
        days=sign * (7 * weeks + days),
        weeks_written=bool(weeks),
    )


def read_interval(text: str) -> Interval:
    """Return a span as a person writes it: "4 weeks", "6 months", "28 days", 28 for days, or P4W.

    Raises:
        ValueError: it is none of these.
    """
    found = SPOKEN.fullmatch(text.strip().lower())
    if found is None:
        return parse_interval(text.strip().upper())
    unit = (found[2] or "days")[0].upper()
    return parse_interval(f"P{found[1]}{unit}")


def plus(first: Interval, every: Interval, times: int) -> Interval:
    """Return a first span and ``times`` more, months and days each by themselves, written as the further ones."""
    return Interval(
        months=first.months + every.months * times,
        days=first.days + every.days * times,
        weeks_written=every.weeks_written,
    )


def due(anchor: date, every: Interval, times: int) -> date:
    """Return the day ``times`` spans after ``anchor``, computed from the anchor.

    Never chained: 31 August plus two half-years is 31 August, not 28. A day that the month lacks clamps to
    its last day, so a due day never slides into the next month.
    """
    if not every.months:
        return anchor + timedelta(days=every.days * times)
    return _months_on(anchor, every.months * times) + timedelta(days=every.days * times)


@lru_cache(maxsize=65536)
def _months_on(day: date, months: int) -> date:
    """Return the day some months later or sooner; one that the month lacks clamps."""
    return day + relativedelta(months=months)


def not_before(given: date, gap: Interval) -> date:
    """Return the first day on which ``gap`` has fully passed since ``given``.

    A day that the month lacks rolls to the first of the next one: clamping would allow the dose a day too
    early (five months after 30 September is 1 March).
    """
    day = _months_on(given, gap.months) if gap.months else given
    rolled = day + timedelta(days=1) if day.day < given.day else day
    return rolled + timedelta(days=gap.days)


class Calendar(Protocol):
    """Says which days have infusions."""

    def is_open(self, day: date) -> bool:
        """Say whether doses can be given on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDays:
    """Weekdays (0 is Monday) that are open, but for closed days."""

    weekdays: frozenset[int] = frozenset(range(5))
    closed: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Say whether the weekday is open and the day not closed."""
        return day.weekday() in self.weekdays and day not in self.closed


EVERY_DAY = OpenDays(weekdays=frozenset(range(7)))


class Shift(StrEnum):
    """What a closed day does to a planned day, in the words of business-day conventions."""

    NONE = "none"
    NEAREST = "nearest"
    FOLLOWING = "following"
    PRECEDING = "preceding"
    MODIFIED_FOLLOWING = "modified_following"


def shifted(
    target: date, earliest: date, latest: date, calendar: Calendar, shift: Shift
) -> date | None:
    """Return the open day for a target inside [earliest, latest]; None when there is none.

    Nearest breaks ties to the later day; a target before ``earliest`` starts from there.
    """
    start = min(max(target, earliest), latest)
    if shift is Shift.NONE or calendar.is_open(start):
        return start
    return next(
        (day for day in _candidates(start, earliest, latest, shift) if calendar.is_open(day)), None
    )


def _candidates(start: date, earliest: date, latest: date, shift: Shift) -> Iterator[date]:
    ahead, back = (latest - start).days, (start - earliest).days
    later = (start + timedelta(days=n) for n in range(1, ahead + 1))
    sooner = (start - timedelta(days=n) for n in range(1, back + 1))
    if shift is Shift.FOLLOWING:
        yield from later
    elif shift is Shift.PRECEDING:
        yield from sooner
    elif shift is Shift.MODIFIED_FOLLOWING:
        yield from takewhile(lambda day: day.month == start.month, later)
        yield from sooner
    else:
        for _ in range(max(ahead, back)):
            yield from islice(later, 1)
            yield from islice(sooner, 1)


def run_of_days(
    first: date, length: int, latest: date, calendar: Calendar
) -> tuple[date, ...] | None:
    """Return ``length`` consecutive calendar days, all open, starting between ``first`` and ``latest``."""
    start = first
    while start <= latest:
        days = tuple(start + timedelta(days=n) for n in range(length))
        closed = [n for n, day in enumerate(days) if not calendar.is_open(day)]
        if not closed:
            return days
        start += timedelta(days=closed[-1] + 1)
    return None


def open_days_with_gaps(
    first: date, length: int, calendar: Calendar, max_gap: int
) -> tuple[date, ...] | None:
    """Return ``length`` open days from ``first`` on that leave out closed days, at most ``max_gap`` in a row."""
    days: list[date] = []
    day = first
    while len(days) < length:
        if calendar.is_open(day):
            days.append(day)
        elif days and (day - days[-1]).days > max_gap:
            return None
        day += timedelta(days=1)
        if (day - first).days > length + 31:
            return None
    return tuple(days)
