"""The days on which a center gives infusions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from scheduler.domain.dates import OpenDays
from scheduler.domain.hours import Closure, DayHours, WeekHours, hours_of
from scheduler.domain.ids import CenterId
from scheduler.domain.timing import days_between
from scheduler.persistence import calendars as stored
from scheduler.persistence.models import CenterHours
from scheduler.persistence.unit_of_work import UnitOfWork


def week_hours(uow: UnitOfWork, center_id: CenterId) -> tuple[WeekHours, ...]:
    """Return a center's opening hours, each set with the day from which it holds."""
    by_start: dict[date, dict[int, CenterHours]] = defaultdict(dict)
    for row in stored.hours_of(uow, center_id):
        by_start[row.effective_from][row.weekday] = row
    return tuple(
        WeekHours(effective_from=start, days=tuple(_day(rows.get(n)) for n in range(7)))
        for start, rows in sorted(by_start.items())
    )


def _day(row: CenterHours | None) -> DayHours | None:
    if row is None or row.opens is None or row.closes is None:
        return None
    return DayHours(
        opens=row.opens,
        closes=row.closes,
        doors=row.doors_open,
        mixing_from=row.mixing_from,
        mixing_until=row.mixing_until,
        last_drug_end=row.last_drug_end,
    )


def closures(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> tuple[Closure, ...]:
    """Return the closures of a center that touch a span of days; lifted ones left out."""
    return tuple(
        Closure(
            first_day=row.first_day,
            last_day=row.last_day,
            reason=row.reason,
            open_from=row.until_time,
            open_until=row.from_time,
        )
        for row in stored.closures_of(uow, center_id, first, last)
    )


def open_days(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> OpenDays:
    """Return which days have infusions, from the month of ``first`` to the end of that of ``last``.

    A half day is an open day. Beyond the span the weekdays of the hours in force at its end go on.
    """
    begins, ends = first.replace(day=1), last.replace(day=28) + timedelta(days=4)
    key = ("open days", center_id, begins, ends)
    if key not in uow.memo:
        weeks = week_hours(uow, center_id)
        uow.memo[key] = _open_days(weeks, closures(uow, center_id, begins, ends), begins, ends)
    found: OpenDays = uow.memo[key]
    return found


@lru_cache(maxsize=256)
def _open_days(
    weeks: tuple[WeekHours, ...], shut: tuple[Closure, ...], first: date, last: date
) -> OpenDays:
    by_day = _by_day(shut)
    days = days_between(first, last)
    is_open = {day: _open(day, weeks, by_day.get(day, ())) for day in days}
    weekdays = frozenset(day.weekday() for day in days if is_open[day])
    closed = frozenset(day for day in days if day.weekday() in weekdays and not is_open[day])
    return OpenDays(weekdays=weekdays, closed=closed)


def _open(day: date, weeks: tuple[WeekHours, ...], shut: Sequence[Closure]) -> bool:
    return isinstance(hours_of(day, weeks, shut), DayHours)


def _by_day(shut: Sequence[Closure]) -> dict[date, list[Closure]]:
    covered: dict[date, list[Closure]] = defaultdict(list)
    for closure in shut:
        for day in days_between(closure.first_day, closure.last_day):
            covered[day].append(closure)
    return covered
