"""Doses that wait, spread over the days of their windows so that no day takes more than its room."""

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

Takes: TypeAlias = tuple[float, ...]
"""Chair minutes, nurse minutes and IV starts, in this order."""

Chain: TypeAlias = "tuple[tuple[WaitingDose, date], ...]"
"""Doses that move together, each to where the next one leaves."""

FULL = 0.9
"""A day counts as full at nine tenths: morning starts and lunch leave the rest unused on real days."""

CHAINS = 200_000
"""Exchanges that are looked at before a crowded day counts as one that cannot be mended."""

FAR = 0.02
"""What a day's distance weighs beside how full the other day is."""

LARGE = 1.0
"""What the share of its day that a dose takes weighs: long ones move first, short ones fill what is left."""

NO_MORE = 1 + 1e-9


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


class Spread:
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
            self.count(dose.planned, dose, 1)

    def run(self) -> None:
        """Move doses off every day that is too full, as far as their windows allow."""
        mended = True
        while mended:
            mended = False
            for day in sorted(self.load):
                while self.excess(day) and self._relieve(day):
                    mended = True

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
        """Move one dose off the day, if need be by exchange with other days; False when none can."""
        direct = min(self._direct(day), key=lambda each: each[0], default=None)
        if direct is not None:
            self.move(direct[1], direct[2])
            return True
        chain = self._chain(day)
        for dose, to in reversed(chain):
            self.move(dose, to)
        return bool(chain)

    def days(self, dose: WaitingDose) -> list[date]:
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
            for to in self.days(dose):
                full = self._full_with(to, dose)
                if full <= NO_MORE:
                    cost = full * FULL + FAR * abs((to - day).days)
                    yield cost - LARGE * self._share(day, dose), dose, to

    def _chain(self, day: date) -> Chain:
        """Return the shortest exchange: each dose goes where the next one makes room by going on."""
        found: deque[Chain] = deque()
        seen = set[tuple[date, Takes]]()
        self._go_on((), day, found, seen)
        while found and self.looked_at <= CHAINS:
            chain = found.popleft()
            if self._go_on(chain, day, found, seen):
                return found.pop()
        return ()

    def _go_on(
        self, chain: Chain, start: date, found: deque[Chain], seen: set[tuple[date, Takes]]
    ) -> bool:
        """Add what a chain can go on to; say whether the last one added ends where there is room."""
        here = chain[-1][1] if chain else start
        passed = {start, *(to for _, to in chain)}
        for dose in self.here[here]:
            if chain and not self._gives_way(dose, chain):
                continue
            for to in self.days(dose):
                self.looked_at += 1
                if to in passed or (to, dose.takes) in seen:
                    continue
                seen.add((to, dose.takes))
                found.append((*chain, (dose, to)))
                if self.fits(to, dose):
                    return True
        return False

    def _gives_way(self, dose: WaitingDose, chain: Chain) -> bool:
        """Say whether a dose that leaves its day makes room there for the one that comes."""
        comes, to = chain[-1]
        if any(dose.key == each.previous or each.key == dose.previous for each, _ in chain):
            return False
        no_worse = all(a >= b for a, b in zip(dose.takes, comes.takes, strict=True))
        return no_worse or self._full_with(to, comes, without=dose) <= NO_MORE

    def fits(self, day: date, dose: WaitingDose) -> bool:
        """Say whether a day has room for a dose that comes to it."""
        return self._full_with(day, dose) <= NO_MORE

    def over(self, day: date) -> float:
        """Return by what shares of its room the measures of a day are exceeded together."""
        pairs = zip(self.load[day], self.room[day], strict=True)
        return sum(max(0.0, used / room - NO_MORE) if room else used for used, room in pairs)

    def worse(self, day: date, before: Takes, comes: WaitingDose | None = None) -> bool:
        """Say whether a day is beyond its room and takes more than before of some measure.

        Args:
            day: The day.
            before: What it took before.
            comes: A dose that would come to it too.
        """
        more = comes.takes if comes else (0.0,) * len(before)
        return any(
            used + takes > max(room, was) + 1e-6
            for used, takes, room, was in zip(
                self.load[day], more, self.room[day], before, strict=True
            )
        )

    def _share(self, day: date, dose: WaitingDose) -> float:
        return max(
            takes / room if room else 0.0
            for takes, room in zip(dose.takes, self.room[day], strict=True)
        )

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

    def move(self, dose: WaitingDose, to: date) -> None:
        """Plan a dose on another day."""
        old = self.at[dose.key]
        self.count(old, dose, -1)
        self.count(to, dose, 1)
        self.here[old].remove(dose)
        self.here[to].append(dose)
        self.at[dose.key] = to

    def count(self, day: date, dose: WaitingDose, times: int) -> None:
        """Add to the day, so many times, what a dose takes."""
        if day in self.load:
            self.load[day] = [
                used + times * takes for used, takes in zip(self.load[day], dose.takes, strict=True)
            ]
