"""Which days will be too full once everything that is planned on them is booked."""

from collections.abc import Mapping
from datetime import date, timedelta

from scheduler.domain.crowding import Expected, Window, crowding, day_time
from scheduler.domain.ids import CenterId
from scheduler.domain.timing import Instant, days_between
from scheduler.domain.wishes import DayState
from scheduler.persistence.look_ahead import waiting_minutes
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.days import day_states

HORIZON = timedelta(days=2 * 366)
FRESH = timedelta(hours=1)

_known: dict[CenterId, tuple[Instant, Expected]] = {}


def crowding_of(
    uow: UnitOfWork,
    center_id: CenterId,
    states: Mapping[date, DayState],
    own: Mapping[Window, float],
    *,
    now: Instant,
) -> dict[date, float]:
    """Return what a day costs a series that comes on top of what others wait for; 0 where all fits.

    What waits changes slowly, so it is read and spread over its windows once an hour.

    Args:
        uow: The unit of work.
        center_id: Whose days.
        states: The days as booked.
        own: Chair minutes of the series itself, by window: they do not crowd themselves.
        now: When.
    """
    expected = _expected(uow, center_id, now)
    others = expected.minutes()
    for window, minutes in own.items():
        for day, part in expected.of(window, minutes).items():
            others[day] -= part
    return {
        day: crowding(states[day], minutes)
        for day, minutes in others.items()
        if minutes >= 1 and day in states
    }


def _expected(uow: UnitOfWork, center_id: CenterId, now: Instant) -> Expected:
    known = _known.get(center_id)
    if known is None or not timedelta(0) <= now - known[0] < FRESH:
        first = (now - timedelta(days=1)).date()
        waiting = waiting_minutes(uow, center_id, first, first + HORIZON)
        last = max((window[1] for window in waiting), default=first)
        states = day_states(uow, center_id, days_between(first, last))
        expected = Expected([day_time(states[day]) for day in sorted(states)], waiting)
        known = _known[center_id] = now, expected
    return known[1]
