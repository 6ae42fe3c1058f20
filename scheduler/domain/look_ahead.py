"""Months ahead: what is booked and what still waits, week by week, against what a center can hold."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

Takes: TypeAlias = tuple[float, ...]
"""Chair minutes, nurse minutes and IV starts, in this order."""

MEASURES = ("chair time", "nurse time", "IV starts")

FULL = 0.9
"""A day counts as full at nine tenths: morning starts and lunch leave the rest unused on real days."""

CHAINS = 200_000
"""Exchanges that are looked at before a crowded day counts as one that cannot be mended."""

FAR = 0.02
"""What a day's distance weighs beside how full the other day is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRoom:
    """An open or closed day: what it allows and what booked visits take of it."""

    day: date
    allows: Takes
    booked: Takes


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDose:
    """A dose that is not booked yet.

    Args:
        key: Anything that names it.
        planned: Where it is planned now.
        first: First day on which it may be, its not-before counted.
        last: Last day on which it may be.
        takes: What it takes of a day.
        previous: The dose of its plan before it, when that one waits too.
        apart: At least so many days after that one.
    """

    key: Hashable
    planned: date
    first: date
    last: date
    takes: Takes
    previous: Hashable | None = None
    apart: int = 1


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


def look_ahead(days: Sequence[DayRoom], doses: Sequence[WaitingDose]) -> LookAhead:
    """Return each week's need, and the fewest new planned days that keep every day within its room.

    Nothing leaves its window; a dose moves only when its day is too full.
    """
    plan = _Spread(days, doses)
    before = {day: tuple(load) for day, load in plan.load.items()}
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


class _Spread:
    """Where each dose is planned, and how much of each day is taken."""

    def __init__(self, days: Sequence[DayRoom], doses: Sequence[WaitingDose]) -> None:
        self.room = {day.day: tuple(FULL * each for each in day.allows) for day in days}
        self.open = sorted(day.day for day in days if any(day.allows))
        self.load = {day.day: list(day.booked) for day in days}
        self.at = {dose.key: dose.planned for dose in doses}
        self.here: dict[date, list[WaitingDose]] = defaultdict(list)
        self.after = {dose.previous: dose for dose in doses if dose.previous is not None}
        self.looked_at = 0
        for dose in doses:
            self.here[dose.planned].append(dose)
            self._count(dose.planned, dose, 1)

    def run(self) -> None:
        """Move doses off every day that is too full, as far as their windows allow."""
        for day in sorted(self.load):
            while self.excess(day) and self._relieve(day):
                pass

    def excess(self, day: date) -> bool:
        """Say whether waiting doses take a day over its room."""
        return any(u > r + 1e-6 for u, r in zip(self.load[day], self.room[day], strict=True)) and (
            bool(self.here[day])
        )

    def too_many(self, day: date) -> int:
        """Return how many of the day's waiting doses would have to go elsewhere."""
        left = list(self.load[day])
        going = 0
        for dose in sorted(self.here[day], key=lambda each: -max(each.takes)):
            if all(u <= r + 1e-6 for u, r in zip(left, self.room[day], strict=True)):
                break
            left = [u - t for u, t in zip(left, dose.takes, strict=True)]
            going += 1
        return going

    def _relieve(self, day: date) -> bool:
        """Move one dose off the day, if need be by exchange with another day; False when none can."""
        direct = min(self._direct(day), key=lambda each: each[0], default=None)
        if direct is not None:
            self._move(direct[1], direct[2])
            return True
        chain = next(self._chains(day), None)
        if chain is None:
            return False
        for dose, to in reversed(chain):
            self._move(dose, to)
        return True

    def _days(self, dose: WaitingDose) -> list[date]:
        """Return the other days on which a dose may be, the doses beside it counted."""
        now, first, last = self.at[dose.key], dose.first, dose.last
        if dose.previous in self.at:
            first = max(first, self.at[dose.previous] + timedelta(days=dose.apart))
        following = self.after.get(dose.key)
        if following is not None:
            last = min(last, self.at[following.key] - timedelta(days=following.apart))
        days = self.open[bisect_left(self.open, first) : bisect_right(self.open, last)]
        return [day for day in days if day != now]

    def _direct(self, day: date) -> Iterator[tuple[float, WaitingDose, date]]:
        for dose in self.here[day]:
            for to in self._days(dose):
                full = self._full_with(to, dose)
                if full <= 1 + 1e-9:
                    yield full * FULL + FAR * abs((to - day).days), dose, to

    def _chains(self, day: date) -> Iterator[list[tuple[WaitingDose, date]]]:
        """Yield exchanges: a dose goes where another one makes room by going on."""
        for dose in self.here[day]:
            for middle in self._days(dose):
                for other in self.here[middle]:
                    if dose.key == other.previous or other.key == dose.previous:
                        continue
                    self.looked_at += 1
                    if self.looked_at > CHAINS:
                        return
                    if self._full_with(middle, dose, without=other) > 1 + 1e-9:
                        continue
                    onward = next(
                        (
                            to
                            for to in self._days(other)
                            if to != day and self._full_with(to, other) <= 1 + 1e-9
                        ),
                        None,
                    )
                    if onward is not None:
                        yield [(dose, middle), (other, onward)]

    def _full_with(
        self, day: date, dose: WaitingDose, *, without: WaitingDose | None = None
    ) -> float:
        """Return how full a day would be of its scarcest measure, 1 at its room."""
        gone = without.takes if without else (0.0,) * len(dose.takes)
        return max(
            (used + takes - less) / room if room else (2.0 if takes else 0.0)
            for used, takes, less, room in zip(
                self.load[day], dose.takes, gone, self.room[day], strict=True
            )
        )

    def _move(self, dose: WaitingDose, to: date) -> None:
        old = self.at[dose.key]
        self._count(old, dose, -1)
        self._count(to, dose, 1)
        self.here[old].remove(dose)
        self.here[to].append(dose)
        self.at[dose.key] = to

    def _count(self, day: date, dose: WaitingDose, times: int) -> None:
        if day in self.load:
            self.load[day] = [
                used + times * takes for used, takes in zip(self.load[day], dose.takes, strict=True)
            ]


def _week(
    monday: date,
    days: Sequence[DayRoom],
    doses: Sequence[WaitingDose],
    before: Mapping[date, Takes],
    plan: _Spread,
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
