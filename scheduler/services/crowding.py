"""Which days will be too full once everything that is planned on them is booked."""

from collections.abc import Mapping
from datetime import date, timedelta

from scheduler.domain.crowding import crowding
from scheduler.domain.ids import CenterId
from scheduler.domain.timing import Instant
from scheduler.domain.wishes import DayState
from scheduler.persistence.look_ahead import waiting_minutes
from scheduler.persistence.unit_of_work import UnitOfWork

HORIZON = timedelta(days=2 * 366)
FRESH = timedelta(hours=1)

_known: dict[CenterId, tuple[Instant, dict[date, int]]] = {}


def crowding_of(
    uow: UnitOfWork,
    center_id: CenterId,
    states: Mapping[date, DayState],
    own: Mapping[date, int],
    *,
    now: Instant,
) -> dict[date, float]:
    """Return what a day costs a series that comes on top of what others plan there; 0 where all fits.

    What is planned changes slowly, so it is read once an hour.

    Args:
        uow: The unit of work.
        center_id: Whose days.
        states: The days as booked.
        own: Chair minutes of the series itself, by planned day: they do not crowd themselves.
        now: When.
    """
    others = {
        day: minutes - own.get(day, 0)
        for day, minutes in _waiting(uow, center_id, now).items()
        if minutes > own.get(day, 0)
    }
    return {day: crowding(states[day], minutes) for day, minutes in others.items() if day in states}


def _waiting(uow: UnitOfWork, center_id: CenterId, now: Instant) -> dict[date, int]:
    known = _known.get(center_id)
    if known is None or not timedelta(0) <= now - known[0] < FRESH:
        first = (now - timedelta(days=1)).date()
        known = _known[center_id] = now, waiting_minutes(uow, center_id, first, first + HORIZON)
    return known[1]
