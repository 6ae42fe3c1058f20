"""Real days: booked on nominal or on mean lengths, then lived through with lengths that vary.

Patients are punctual and served first come, first served; each needs a chair, and a nurse for its first
15 minutes. Waiting is from the booked start to the chair, in minutes a visit; overtime the chair minutes after closing, a day.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil
from random import Random
from statistics import mean

from scheduler.bench.instances import Requests, bench_visit, day_limits
from scheduler.bench.online import Policy, book_online, desk, level, ours
from scheduler.bench.week_draws import SLOT, LengthClass, Week, WeekDay
from scheduler.domain.capacity import DayLimits
from scheduler.domain.day_bounds import capped, least_peak
from scheduler.domain.replanning import DayVisit, Goal, replan_day

DRAWS = 200
START = 15
SPARE = 1
"""Chairs that a re-plan leaves free."""

Placed = list[tuple[LengthClass, int]]
"""Visits with the slots that they start in."""

Lengths = Callable[[LengthClass], int]
"""How many slots a visit is booked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekMeasured:
    """The days of a center under one way of planning them."""

    instance: str
    plan: str
    days: int
    visits: int
    unplaced: int
    peak_ratio: float
    wait_min: float
    overtime_min: float


def nominal(kind: LengthClass) -> int:
    """Return the slots of the nominal length."""
    return ceil(kind.nominal / SLOT)


def real(kind: LengthClass) -> int:
    """Return the slots of the mean of what such visits take."""
    return round(kind.mean / SLOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One day: its visits, those without a place, peak by the lowest possible, and how it went."""

    visits: int
    unplaced: int
    peak_ratio: float
    wait: float
    overtime: float


def measure_week(week: Week, orders: int) -> Iterator[WeekMeasured]:
    """Measure our online booking and re-plan, and the reference policies."""
    limits = day_limits("S", week.nurses, week.chairs, week.patients_per_nurse, week.minutes)

    def online(policy: Policy, lengths: Lengths) -> list[Lived]:
        return [
            _lived(week, day, _booked(day, order, limits, policy, lengths), limits, lengths)
            for day in week.days
            for order in range(1, orders + 1)
        ]

    mine = ours(wish_known=False)
    for plan, policy, lengths in (
        ("online, mean lengths", mine, real),
        ("online, nominal lengths", mine, nominal),
        ("level, mean lengths", level, real),
        ("level, nominal lengths", level, nominal),
        ("desk, nominal lengths", desk, nominal),
    ):
        yield _together(week, plan, online(policy, lengths))
    planned = [_lived(week, day, _replanned(day, limits), limits, real) for day in week.days]
    yield _together(week, "re-plan, mean lengths", planned)


def _booked(
    day: WeekDay, order: int, limits: DayLimits, policy: Policy, lengths: Lengths
) -> Placed:
    requests = Requests(seed=day.number, slots=tuple(map(lengths, day.visits)), proven={})
    booked = book_online(requests, order, limits, policy, offers=1, rule="S")
    return [(day.visits[index], slot) for index, slot in booked.starts]


def _replanned(day: WeekDay, limits: DayLimits) -> Placed:
    """Plan the earliest end, with a chair to spare where all fit: who stays longer holds nobody up."""
    most = int(limits.allowed[limits.layout.row("chairs")].max())
    visits = [
        DayVisit(key=number, profile=bench_visit(real(kind)))
        for number, kind in enumerate(day.visits)
    ]
    for spare in (SPARE, 0):
        plan = replan_day(visits, capped(limits, peak=most - spare), goal=Goal.CLOSING)
        if None not in plan.slots:
            break
    pairs = zip(day.visits, plan.slots, strict=True)
    return [(kind, slot) for kind, slot in pairs if slot is not None]


def _lived(week: Week, day: WeekDay, placed: Placed, limits: DayLimits, lengths: Lengths) -> Lived:
    draw = Random(day.number)  # noqa: S311 - a benchmark
    lived = [live_through(placed, week, draw) for _ in range(DRAWS)]
    return Lived(
        visits=len(day.visits),
        unplaced=len(day.visits) - len(placed),
        peak_ratio=_peak(placed, lengths) / _lowest_peak(day, limits, lengths),
        wait=mean(wait for wait, _ in lived),
        overtime=mean(overtime for _, overtime in lived),
    )


def live_through(placed: Placed, week: Week, draw: Random) -> tuple[float, float]:
    """Return waiting minutes a visit and overtime of one draw of the day."""
    chairs, nurses = [0.0] * week.chairs, [0.0] * week.nurses
    waits, overtime = [], 0.0
    for kind, slot in sorted(placed, key=lambda each: each[1]):
        booked = float(slot * SLOT)
        begins = max(booked, heappop(chairs), heappop(nurses))
        ends = begins + kind.drawn(draw)
        heappush(chairs, ends)
        heappush(nurses, begins + START)
        waits.append(begins - booked)
        overtime += max(0.0, ends - max(begins, week.minutes))
    return mean(waits), overtime


def _peak(placed: Placed, lengths: Lengths) -> int:
    there = [
        sum(slot <= at < slot + lengths(kind) for kind, slot in placed)
        for at in {slot for _, slot in placed}
    ]
    return max(there)


def _lowest_peak(day: WeekDay, limits: DayLimits, lengths: Lengths) -> int:
    if lengths is nominal and day.least_chairs:
        return day.least_chairs
    profiles = [bench_visit(lengths(kind)) for kind in day.visits]
    return least_peak(limits, profiles, int(limits.allowed[limits.layout.row("chairs")].max()))


def _together(week: Week, plan: str, days: Sequence[Lived]) -> WeekMeasured:
    return WeekMeasured(
        instance=week.name,
        plan=plan,
        days=len(days),
        visits=sum(day.visits for day in days),
        unplaced=sum(day.unplaced for day in days),
        peak_ratio=round(mean(day.peak_ratio for day in days), 4),
        wait_min=round(mean(day.wait for day in days), 2),
        overtime_min=round(mean(day.overtime for day in days), 1),
    )
