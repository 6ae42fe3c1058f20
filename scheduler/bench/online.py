"""Booking a day request by request: every visit goes through the same functions as a real booking.

Order k of seed s is ``random.Random(1000 * k + s)``: the requests are shuffled, then each, in the order of
the file, wishes a start drawn from a triangle over the first 27 slots with its peak at the eighth.
Nobody is moved afterwards. The patient takes the offer nearest to the wish.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

import numpy as np

from scheduler.bench.instances import DayInstance, Requests, bench_visit
from scheduler.domain.capacity import DayLimits, DayLoad, free_slots, place
from scheduler.domain.grid import IN_CHAIRS, IV_STARTS
from scheduler.domain.offers import rank
from scheduler.domain.wishes import DayState, Wish

DAY = date(2026, 3, 2)
HOUR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: a day as it is, the length in slots, the wished slot, and how many offers are wanted."""

    limits: DayLimits
    load: DayLoad
    length: int
    wish: int
    offers: int
    hands_on: bool

    def free(self) -> list[int]:
        """Return the slots in which the visit can start."""
        return np.flatnonzero(free_slots(self.load, self.limits, bench_visit(self.length))).tolist()

    def loads(self) -> tuple[list[int], list[int], int]:
        """Return patients in chairs, IV starts, and what a start adds to the leveled load."""
        rows = [self.load.counts[self.limits.layout.row(name)] for name in (IN_CHAIRS, IV_STARTS)]
        extra = self.limits.rule.patients_per_nurse - 1 if self.hands_on else 0
        return rows[0].tolist(), rows[1].tolist(), extra


Policy = Callable[[Asked], list[int]]
"""Starts to offer, best first; empty when there is no room."""


def desk(asked: Asked) -> list[int]:
    """Offer the free start nearest to the wish."""
    return sorted(asked.free(), key=lambda start: (abs(start - asked.wish), start))[:1]


def level(asked: Asked) -> list[int]:
    """Offer the start with the lowest peak over its window, then the lowest sum."""
    there, starts, extra = asked.loads()

    def key(start: int) -> tuple[int, int, int]:
        window = range(start, start + asked.length)
        loads = [there[u] + extra * (starts[u] + (u == start)) for u in window]
        return max(loads), sum(loads), start

    return _apart(sorted(asked.free(), key=key), asked.offers)


def blend(asked: Asked) -> list[int]:
    """Offer by peak + 0.3 x mean + 0.4 x slots from the wish."""
    there, starts, extra = asked.loads()

    def key(start: int) -> tuple[float, int]:
        window = range(start, start + asked.length)
        loads = [there[u] + extra * (starts[u] + (u == start)) for u in window]
        away = abs(start - asked.wish)
        return max(loads) + 0.3 * sum(loads) / asked.length + 0.4 * away, start

    return _apart(sorted(asked.free(), key=key), asked.offers)


def _apart(ranked: list[int], count: int) -> list[int]:
    offers: list[int] = []
    for start in ranked:
        if len(offers) < count and all(abs(start - other) >= HOUR for other in offers):
            offers.append(start)
    return offers


def ours(*, wish_known: bool) -> Policy:
    """Return the policy of the product: what a desk or a patient is offered for the day."""

    def offers(asked: Asked) -> list[int]:
        times = (asked.limits.grid.at(asked.wish),) if wish_known else ()
        wish = Wish(earliest=DAY, latest=DAY, due=DAY, times=times)
        state = DayState(day=DAY, limits=asked.limits, load=asked.load)
        found = rank([state], wish, bench_visit(asked.length), limit=asked.offers)
        return [offer.slot for offer in found]

    return offers


@dataclass(slots=True, kw_only=True)
class Booked:
    """What became of one day."""

    slots: int = 0
    peak: int = 0
    unplaced: int = 0
    away: list[int] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)
    """Of each visit that got a place its number in the file, and its slot."""


def book_online(
    requests: Requests, order: int, limits: DayLimits, policy: Policy, *, offers: int, rule: str
) -> Booked:
    """Book a day's requests in one order and return what became of it."""
    load, booked = DayLoad.empty(limits.layout, limits.grid), Booked()
    for index, wish in _arrivals(requests, order):
        length = requests.slots[index]
        asked = Asked(
            limits=limits,
            load=load,
            length=length,
            wish=wish,
            offers=offers,
            hands_on=rule == "H",
        )
        found = policy(asked)
        if not found:
            booked.unplaced += 1
            continue
        start = min(found, key=lambda slot: abs(slot - wish))
        load = place(load, limits, bench_visit(length), start)
        booked.slots += length
        booked.starts.append((index, start))
        booked.away.append(abs(start - wish) * limits.grid.slot_minutes)
        booked.offered.append(len(found))
    booked.peak = int(load.counts[limits.layout.row(IN_CHAIRS)].max())
    return booked


def _arrivals(requests: Requests, order: int) -> Iterator[tuple[int, int]]:
    draw = Random(1000 * order + requests.seed)  # noqa: S311 - the harness says so
    arrival = list(range(len(requests.slots)))
    draw.shuffle(arrival)
    wishes = [int(draw.triangular(0, 27, 8)) for _ in arrival]
    return ((index, wishes[index]) for index in arrival)


def book_all(
    instance: DayInstance, orders: int, limits: DayLimits, policy: Policy, *, offers: int, rule: str
) -> list[tuple[Requests, Booked]]:
    """Book every draw of an instance in so many orders."""
    return [
        (requests, book_online(requests, order, limits, policy, offers=offers, rule=rule))
        for requests in instance.days
        for order in range(1, orders + 1)
    ]
