"""Instants and wall times: the one place where a center's clock becomes UTC and back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from scheduler.domain.errors import InvalidError

Instant: TypeAlias = datetime
"""A moment: an aware datetime in UTC."""

MINUTES_OF_A_DAY = 24 * 60


class SkippedTimeError(InvalidError):
    """A wall time that the clocks skip on that day."""

    field = "start"

    def __init__(self, day: date, at: time) -> None:
        super().__init__(
            f"The clocks skip {at:%-H:%M} on {day:%B} {day.day}, {day.year}; choose another time."
        )
        self.day = day
        self.at = at


def instant_at(day: date, at: time, zone: ZoneInfo) -> Instant:
    """Return the instant of a wall time; of one that repeats, the earlier.

    Raises:
        SkippedTimeError: the clocks jump over that time on that day.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedTimeError(day, at)
    return instant


def local(instant: Instant, zone: ZoneInfo) -> datetime:
    """Return the instant on the center's clock, still aware."""
    return instant.astimezone(zone)


def local_day(instant: Instant, zone: ZoneInfo) -> date:
    """Return the center's calendar day of the instant."""
    return local(instant, zone).date()


def local_time(instant: Instant, zone: ZoneInfo) -> time:
    """Return the naive wall time of the instant, to the minute."""
    return local(instant, zone).time().replace(second=0, microsecond=0, fold=0)


def minute_of(at: time) -> int:
    """Return the whole minutes from midnight to a wall time."""
    return at.hour * 60 + at.minute


def time_of(minute: int) -> time:
    """Return the wall time ``minute`` minutes after midnight; beyond the day, its last minute."""
    return time(*divmod(min(max(minute, 0), MINUTES_OF_A_DAY - 1), 60))


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return every calendar day from ``first`` to ``last``, both included."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def clock_changes(zone: ZoneInfo, first: date, last: date) -> list[tuple[date, int]]:
    """Return the days of a span on which the clocks change, with the minute after midnight at which."""
    found = []
    for day in days_between(first, last):
        midnight = datetime.combine(day, time.min, zone)
        before = midnight.utcoffset()
        if datetime.combine(day + timedelta(days=1), time.min, zone).utcoffset() != before:
            found.append((day, _minute_of_change(midnight)))
    return found


def _minute_of_change(midnight: datetime) -> int:
    """Return the wall minute at which the offset is no longer that of midnight."""
    begins, before = midnight.astimezone(UTC), midnight.utcoffset()
    for minute in range(MINUTES_OF_A_DAY):
        at = begins + timedelta(minutes=minute)
        if at.astimezone(midnight.tzinfo).utcoffset() != before:
            return minute
    return 0
