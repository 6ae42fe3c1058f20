"""How days, times and numbers are written at the desk."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from scheduler.domain.counting import counted
from scheduler.domain.phase_numbers import phase_name

YEAR_AFTER = timedelta(days=335)
YEAR_BEFORE = timedelta(days=31)


def day_words(day: date, today: date) -> str:
    """Return "Tue, Mar 24"; with the year when it is past a month ago or eleven months ahead."""
    return f"{day:%a}, {short_day(day, today)}"


def short_day(day: date, today: date) -> str:
    """Return "Mar 24"; with the year when it is past a month ago or eleven months ahead."""
    near = -YEAR_BEFORE <= day - today <= YEAR_AFTER
    return f"{day:%b} {day.day}" if near else f"{day:%b} {day.day}, {day.year}"


def long_day(day: date) -> str:
    """Return "Tuesday, March 24"."""
    return f"{day:%A}, {day:%B} {day.day}"


def full_day(day: date) -> str:
    """Return "March 24, 1979", as birth dates are written."""
    return f"{day:%B} {day.day}, {day.year}"


def days_words(first: date, last: date, today: date) -> str:
    """Return the span with an en dash; month and year are said once when both days share them."""
    end = short_day(last, today)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b} {first.day} – {end.partition(' ')[2]}"
    begin = f"{first:%b} {first.day}" if first.year == last.year else short_day(first, today)
    return f"{begin} – {end}"


def clock(at: time | datetime) -> str:
    """Return "8:00": 24 hours, no leading zero."""
    return f"{at.hour}:{at.minute:02d}"


def clock_span(begins: time | datetime, ends: time | datetime) -> str:
    """Return both times with an en dash between them."""
    return f"{clock(begins)}–{clock(ends)}"


def moment(at: datetime, today: date) -> str:
    """Return "Tue, Mar 24, 8:00"; with the year as a day has it."""
    return f"{day_words(at.date(), today)}, {clock(at)}"


def number(value: float) -> str:
    """Return 9.4 as "9.4" and 12.0 as "12"."""
    return f"{round(value, 1):g}"


def capital(words: str) -> str:
    """Return words with their first letter large; the others stay as they are ("IVIG")."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    *first, last = words or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name."""
    parts = name.split()
    return "".join(part[0].upper() for part in (parts[:1] + parts[1:][-1:]))


FILTERS = {
    "counted": counted,
    "clock": clock,
    "days_words": days_words,
    "moment": moment,
    "day_words": day_words,
    "short_day": short_day,
    "long_day": long_day,
    "full_day": full_day,
    "number": number,
    "capital": capital,
    "listed": listed,
    "phase_name": phase_name,
}
"""Jinja filters of the same names, registered by the app."""
