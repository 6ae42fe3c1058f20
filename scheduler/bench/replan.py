"""Day re-plans of whole benchmark days against proven values, by our own search or with the optimizer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from scheduler.bench.instances import (
    NURSES,
    DayInstance,
    Requests,
    bench_visit,
    day_instance,
)
from scheduler.domain.replanning import DayPlan, DayVisit, Goal, replan_day
from scheduler.services.optimal_day import optimal_day

SIZES = (90, 105, 120, 160)
LATE = 720
OBJECTIVES = {
    "fill S": (Goal.FILL, "S", "fill_slots_S8", 1),
    "fill H": (Goal.FILL, "H", "fill_slots_H10", 1),
    "peak": (Goal.PEAK, "S", "min_peak_by_600", 1),
    "makespan": (Goal.CLOSING, "S", "min_makespan_min", 15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """How often the proven value was reached, and how near it the worst came (1 is equal)."""

    instance: str
    objective: str
    equal: int
    of: int
    worst_ratio: float
    p95_s: float
    optimizer: bool


def measure_replans(data: Path | None, *, optimizer: bool) -> Iterator[Replanned]:
    """Re-plan every day from nothing; where nothing is proven, against what nothing can beat."""
    for size in SIZES:
        instance = day_instance(size, data)
        for objective in OBJECTIVES:
            found = [
                _one(instance, requests, objective, optimizer=optimizer)
                for requests in instance.days
                if _asked(requests, objective)
            ]
            if found:
                yield _together(instance, objective, found, optimizer=optimizer)


def _asked(requests: Requests, objective: str) -> bool:
    """Say whether the value is proven, or nothing is and all can be placed."""
    goal, _, name, _ = OBJECTIVES[objective]
    if requests.proven:
        return bool(requests.proven.get(name))
    return goal is Goal.FILL or len(requests.slots) < SIZES[2]


def _one(
    instance: DayInstance, requests: Requests, objective: str, *, optimizer: bool
) -> tuple[float, float]:
    """Return how near the proven value one day came, and the seconds it took."""
    goal, rule, name, unit = OBJECTIVES[objective]
    minutes = LATE if goal is Goal.CLOSING else instance.minutes
    limits = instance.limits(rule, NURSES[rule], minutes=minutes)
    visits = [
        DayVisit(key=number, profile=bench_visit(slots))
        for number, slots in enumerate(requests.slots)
    ]
    solve = optimal_day if optimizer else replan_day
    began = perf_counter()
    plan: DayPlan = solve(visits, limits, goal=goal)
    seconds = perf_counter() - began
    proven = (requests.proven.get(name) or 0) / unit or plan.bound
    if goal is Goal.FILL:
        return plan.value / proven, seconds
    whole = None not in plan.slots
    return (proven / plan.value if whole else 0.0), seconds


def _together(
    instance: DayInstance, objective: str, found: list[tuple[float, float]], *, optimizer: bool
) -> Replanned:
    seconds = sorted(each for _, each in found)
    return Replanned(
        instance=instance.name,
        objective=objective,
        equal=sum(ratio == 1 for ratio, _ in found),
        of=len(found),
        worst_ratio=round(min(ratio for ratio, _ in found), 4),
        p95_s=round(seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))], 2),
        optimizer=optimizer,
    )
