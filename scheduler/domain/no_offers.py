"""Why a dose gets no offer: days that do not come, what no day of the center could hold, or days that are full."""

from collections.abc import Sequence
from datetime import date, time

from scheduler.domain.capacity import free_slots, refuse
from scheduler.domain.day_limits import DayLoad
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Wish


def no_place(days: Sequence[DayState], wish: Wish, visits: Sequence[VisitProfile]) -> Refusal:
    """Return why none of the open days holds a dose that got no offer.

    A visit longer than every day of its window, or one that asks for what the center does not have, is told
    from days that are merely full: the first no other day will mend.

    Args:
        days: The open days that were looked at, in order.
        wish: The dose's window and wishes.
        visits: Its profile; several for a course.
    """
    window = _words(wish.first_day, wish.latest)
    if not days or wish.first_day > max(day.day for day in days):
        return Refusal(limit=Limit.HORIZON, at=time.min, detail=window)
    if wish.first_day > wish.latest:
        first = _words(wish.first_day, wish.first_day)
        return Refusal(limit=Limit.NOT_BEFORE, at=time.min, detail=first)
    allowed = [day for day in days if wish.allows(day.day)]
    if not allowed:
        return Refusal(limit=Limit.CLOSED, at=time.min, detail=f"no open day, {window}")
    never = _never(allowed, visits)
    return never or Refusal(limit=Limit.WINDOW, at=time.min, detail=window)


def _never(days: Sequence[DayState], visits: Sequence[VisitProfile]) -> Refusal | None:
    """Return what even an empty day refuses, when every day does; by the day that comes nearest."""
    for visit in visits:
        refusals = [impossible(day, visit) for day in days]
        if all(refusals):
            return max((each for each in refusals if each), key=lambda each: each.allowed)
    return None


def impossible(day: DayState, visit: VisitProfile) -> Refusal | None:
    """Return why a visit could not start on the day even if nothing were booked; None when it could."""
    limits = day.limits
    empty = DayLoad.empty(limits.layout, limits.grid)
    if free_slots(empty, limits, visit).any():
        return None
    begins = limits.earliest_start(visit) - limits.grid.first
    slot = -(-begins // limits.grid.slot_minutes)
    return refuse(empty, limits, visit, min(max(0, slot), limits.grid.slots - 1))


def _words(first: date, last: date) -> str:
    words = [f"{day:%B} {day.day}, {day.year}" for day in (first, last)]
    return words[0] if first == last else " to ".join(words)
