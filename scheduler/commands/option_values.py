"""Values of options: days, numbers, pairs and calendars, each refused in a sentence that names the option."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

import holidays

from scheduler.commands.one_sentence import refuse
from scheduler.domain.dates import EVERY_DAY, Interval, OpenDays, parse_interval

FIRST_YEAR, LAST_YEAR = 1950, 2100
FEDERAL_YEARS = range(2000, LAST_YEAR + 23)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day(option: str, text: str, *, whole: str = "") -> date:
    """Return the day of a text such as 2026-07-06; ``whole`` is the option's value around it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        refuse(option, whole or text, f"{text!r} is no day such as 2026-07-06")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        refuse(option, whole or text, f"{text!r} is no day from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def above_zero(option: str, text: str, *, whole: str = "", zero: bool = False) -> Decimal:
    """Return a number above zero, or from zero on."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or (number == 0 and not zero):
        refuse(option, whole or text, f"{text!r} is no number above 0")
    return number


def count(option: str, text: str, *, most: int) -> int:
    """Return a whole number from 1 to ``most``."""
    if not text.isdecimal() or not 1 <= int(text) <= most:
        refuse(option, text, f"give a whole number from 1 to {most}")
    return int(text)


def span(option: str, text: str, *, whole: str = "") -> Interval:
    """Return the span of a text such as P6W."""
    try:
        return parse_interval(text)
    except ValueError as error:
        refuse(option, whole or text, str(error))


def pair(option: str, text: str, form: str) -> tuple[str, str]:
    """Return what stands before and after the equals sign."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        refuse(option, text, f"write it as {form}")
    return name.strip(), value.strip()


def one_of(option: str, text: str, known: Sequence[str], *, whole: str = "") -> str:
    """Return one of some words."""
    if not known:
        refuse(option, whole or text, "the regimen has none")
    if text not in known:
        refuse(option, whole or text, f"{text!r} is none of {', '.join(known)}")
    return text


def calendar(option: str, text: str) -> OpenDays:
    """Return the calendar of none (every day open), us (federal holidays) or a file of closed days."""
    if text.lower() == "none":
        return EVERY_DAY
    if text.lower() == "us":
        return federal_days()
    path = Path(text)
    if not path.is_file():
        refuse(option, text, "it is neither none, nor us, nor a file of closed days")
    return _from_file(option, path)


@lru_cache
def federal_days() -> OpenDays:
    """Return Monday to Friday without the federal holidays as they are observed."""
    return OpenDays(closed=frozenset(holidays.country_holidays("US", years=FEDERAL_YEARS)))


def _from_file(option: str, path: Path) -> OpenDays:
    """Read closed days, one a line, spans as FIRST..LAST; ``open mon tue ...`` names the open weekdays."""
    closed: set[date] = set()
    weekdays = frozenset(range(5))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.partition("#")[0].strip()
        where = f"{path} line {number}"
        if text.lower().startswith("open "):
            names = [
                one_of(option, name, WEEKDAYS, whole=where) for name in text.lower().split()[1:]
            ]
            weekdays = frozenset(WEEKDAYS.index(name) for name in names)
            if not weekdays:
                refuse(option, where, "name the weekdays that are open")
        elif text:
            closed.update(_span_of_days(option, text, where))
    return OpenDays(weekdays=weekdays, closed=frozenset(closed))


def _span_of_days(option: str, text: str, where: str) -> Iterator[date]:
    first, _, last = text.partition("..")
    begins = day(option, first.strip(), whole=where)
    ends = day(option, last.strip(), whole=where) if last else begins
    yield from (begins + timedelta(days=n) for n in range((ends - begins).days + 1))
