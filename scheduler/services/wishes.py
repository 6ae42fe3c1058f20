"""What a patient would like, as it is stored in a row and read again: weekdays and a time."""

from collections.abc import Iterable
from datetime import time

from scheduler.domain.errors import InvalidError


def require_weekdays(weekdays: Iterable[int]) -> None:
    """Refuse numbers that name no day of the week.

    Raises:
        InvalidError: one is not 0 (Monday) to 6.
    """
    if not set(weekdays) <= set(range(7)):
        raise InvalidError("A weekday is 0 (Monday) to 6 (Sunday).", field="wished_weekdays")


def written_weekdays(weekdays: frozenset[int]) -> str:
    """Return weekdays (Monday is 0) as they are stored: "0,2"."""
    return ",".join(str(day) for day in sorted(weekdays))


def read_weekdays(text: str) -> frozenset[int]:
    """Return the weekdays that ``written_weekdays`` stored."""
    return frozenset(int(day) for day in text.split(",") if day)


def written_time(at: time | None) -> str:
    """Return a wished time as it is stored: "09:30", or nothing."""
    return f"{at:%H:%M}" if at else ""


def read_time(text: str) -> time | None:
    """Return the time that ``written_time`` stored."""
    return time.fromisoformat(text) if text else None
