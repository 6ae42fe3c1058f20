"""How full and how level a day gets when it is booked request by request, beside reference policies."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

from scheduler.bench.instances import DayInstance, Requests, bench_visit
from scheduler.bench.online import Booked, Policy, blend, book_all, desk, level, ours
from scheduler.domain.day_bounds import least_peak, most_chair_slots
from scheduler.domain.day_limits import DayLimits

Runs = list[tuple[Requests, Booked]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Booked chair-slots divided by the proven most, and how far from the wish, in minutes."""

    instance: str
    rule: str
    offers: int
    wish: str
    seeds: int
    orders: int
    mean_ratio: float
    worst_ratio: float
    minutes_from_wish: float
    placed: int
    unplaced: int
    mean_offers: float
    desk_ratio: float
    desk_minutes: float
    level_ratio: float
    level_minutes: float
    blend_ratio: float
    blend_minutes: float
    blend3_ratio: float
    blend3_minutes: float


def measure_fill(
    instance: DayInstance, *, rule: str, nurses: int, offers: int, wish: str, orders: int
) -> Filled:
    """Book an instance with our offers and with the reference policies."""
    limits = instance.limits(rule, nurses)

    def booked(policy: Policy, offered: int) -> Runs:
        return book_all(instance, orders, limits, policy, offers=offered, rule=rule)

    proven = f"fill_slots_{rule}{nurses}"
    mine = booked(ours(wish_known=wish == "known"), offers)
    ratios = _ratios(mine, limits, proven)
    return Filled(
        instance=instance.name,
        rule=rule,
        offers=offers,
        wish=wish,
        seeds=len(instance.days),
        orders=orders,
        mean_ratio=round(mean(ratios), 4),
        worst_ratio=round(min(ratios), 4),
        minutes_from_wish=_minutes(mine),
        placed=sum(len(day.away) for _, day in mine),
        unplaced=sum(day.unplaced for _, day in mine),
        mean_offers=round(mean(count for _, day in mine for count in day.offered), 3),
        **_compared(booked, limits, proven),
    )


def _compared(
    booked: Callable[[Policy, int], Runs], limits: DayLimits, proven: str
) -> dict[str, float]:
    """Return ratio and minutes of each reference policy, in the same run."""
    found = {}
    for name, policy, offers in (
        ("desk", desk, 1),
        ("level", level, 1),
        ("blend", blend, 1),
        ("blend3", blend, 3),
    ):
        runs = booked(policy, offers)
        found[f"{name}_ratio"] = round(mean(_ratios(runs, limits, proven)), 4)
        found[f"{name}_minutes"] = _minutes(runs)
    return found


def _ratios(runs: Runs, limits: DayLimits, proven: str) -> list[float]:
    return [booked.slots / most_slots(requests, limits, proven) for requests, booked in runs]


def _minutes(runs: Runs) -> float:
    return round(mean(away for _, day in runs for away in day.away), 1)


def most_slots(requests: Requests, limits: DayLimits, proven: str) -> int:
    """Return the proven most that can be booked, or what certainly cannot be beaten."""
    profiles = [bench_visit(slots) for slots in requests.slots]
    return requests.proven.get(proven) or most_chair_slots(limits, profiles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leveled:
    """The day's peak divided by the proven lowest."""

    policy: str
    instance: str
    seeds: int
    orders: int
    peak_ratio: float
    worst: float
    unplaced: int


def measure_level(instance: DayInstance, *, nurses: int, orders: int) -> list[Leveled]:
    """Book an instance under rule S with our offers, by level and by desk."""
    limits = instance.limits("S", nurses)
    found = []
    for name, policy in (("ours", ours(wish_known=False)), ("level", level), ("desk", desk)):
        runs = book_all(instance, orders, limits, policy, offers=1, rule="S")
        ratios = [day.peak / _lowest_peak(requests, limits) for requests, day in runs]
        found.append(
            Leveled(
                policy=name,
                instance=instance.name,
                seeds=len(instance.days),
                orders=orders,
                peak_ratio=round(mean(ratios), 4),
                worst=round(max(ratios), 4),
                unplaced=sum(day.unplaced for _, day in runs),
            )
        )
    return found


def _lowest_peak(requests: Requests, limits: DayLimits) -> int:
    profiles = [bench_visit(slots) for slots in requests.slots]
    most = int(limits.allowed[limits.layout.row("chairs")].max())
    return requests.proven.get("min_peak_by_600") or least_peak(limits, profiles, most)
