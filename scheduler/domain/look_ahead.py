"""Months ahead: what is booked and what still waits, week by week, against what a center can hold."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.dose_exchange import STEPS, exchange
from scheduler.domain.dose_spread import FULL, DayRoom, Spread, Takes, WaitingDose

__all__ = [
    "FULL",
    "DayRoom",
    "LookAhead",
    "Takes",
    "WaitingDose",
    "WeekAhead",
    "look_ahead",
    "monday_of",
]

MEASURES = ("chair time", "nurse time", "IV starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekAhead:
    """A week as the look-ahead sees it.

    Args:
        monday: Its first day.
        open_days: Days that are open.
        waiting: Doses planned in it that are not booked yet.
        could: Doses not booked yet whose windows touch it.
        must: Doses not booked yet whose windows lie wholly inside it.
        booked: Share of the scarcest measure that booked visits take.
        needed: The same with all that is planned.
        after: The same once the doses are spread.
        scarcest: Which measure that is.
        short: Doses too many, even when spread.
    """

    monday: date
    open_days: int
    waiting: int
    could: int
    must: int
    booked: float
    needed: float
    after: float
    scarcest: str
    short: int

    @property
    def holds(self) -> bool:
        """Whether the week can hold what is planned as it stands."""
        return self.needed <= FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAhead:
    """The weeks, and new planned days that spread the doses inside their windows."""

    weeks: tuple[WeekAhead, ...]
    moves: Mapping[Hashable, date]


def look_ahead(
    days: Sequence[DayRoom], doses: Sequence[WaitingDose], *, steps: int = STEPS
) -> LookAhead:
    """Return each week's need, and few new planned days that keep every day within its room.

    Nothing leaves its window; a dose moves only when days that it can reach are too full.

    Args:
        days: The days.
        doses: Every dose that waits.
        steps: How long to search for exchanges when single moves leave a day too full.
    """
    plan = Spread(days, doses)
    before = {day: tuple(load) for day, load in plan.load.items()}
    plan.run()
    if any(map(plan.excess, plan.load)):
        exchange(plan, steps=steps)
        plan.run()
    weeks: dict[date, list[DayRoom]] = defaultdict(list)
    for each in days:
        weeks[monday_of(each.day)].append(each)
    return LookAhead(
        weeks=tuple(_week(monday, of, doses, before, plan) for monday, of in sorted(weeks.items())),
        moves={dose.key: plan.at[dose.key] for dose in doses if plan.at[dose.key] != dose.planned},
    )


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _week(
    monday: date,
    days: Sequence[DayRoom],
    doses: Sequence[WaitingDose],
    before: Mapping[date, Takes],
    plan: Spread,
) -> WeekAhead:
    sunday = monday + timedelta(days=6)
    allowed = _total(each.allows for each in days)
    booked = _shares(_total(each.booked for each in days), allowed)
    needed = _shares(_total(before[each.day] for each in days), allowed)
    after = _shares(_total(tuple(plan.load[each.day]) for each in days), allowed)
    scarcest = max(range(len(MEASURES)), key=lambda measure: needed[measure])
    return WeekAhead(
        monday=monday,
        open_days=sum(any(each.allows) for each in days),
        waiting=sum(monday <= dose.planned <= sunday for dose in doses),
        could=sum(dose.first <= sunday and monday <= dose.last for dose in doses),
        must=sum(monday <= dose.first and dose.last <= sunday for dose in doses),
        booked=booked[scarcest],
        needed=needed[scarcest],
        after=after[scarcest],
        scarcest=MEASURES[scarcest],
        short=sum(plan.too_many(each.day) for each in days),
    )


def _total(parts: Iterable[Takes]) -> Takes:
    return tuple(map(sum, zip(*parts, strict=True)))


def _shares(used: Takes, allowed: Takes) -> Takes:
    return tuple(
        part / whole if whole else float(part > 0)
        for part, whole in zip(used, allowed, strict=True)
    )
