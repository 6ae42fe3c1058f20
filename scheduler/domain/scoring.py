"""How good a start is: level the day, stay close to what was wished."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scheduler.domain.capacity import alike, free_slots_of_days
from scheduler.domain.day_limits import DayLimits, DayLoad
from scheduler.domain.grid import NURSE_LOAD
from scheduler.domain.nursing import NURSE
from scheduler.domain.timing import minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Weights, Wish

Scores: TypeAlias = NDArray[np.float64]
"""One number per slot, lower is better; infinite where the visit cannot start."""


def scores(
    days: Sequence[DayState], wish: Wish, profile: VisitProfile, weights: Weights
) -> tuple[Scores, ...]:
    """Return the score of every start of every day; days outside the wish score infinite."""
    limits = [day.limits for day in days]
    loads = [day.load for day in days]
    free = free_slots_of_days(loads, limits, profile)
    levels = level(loads, limits, profile, weights)
    return tuple(
        np.where(_welcome(day, wish) & starts, cost + _distance(day, wish, weights), np.inf)
        for day, starts, cost in zip(days, free, levels, strict=True)
    )


def level(
    loads: Sequence[DayLoad], limits: Sequence[DayLimits], profile: VisitProfile, weights: Weights
) -> tuple[Scores, ...]:
    """Return what each start would do to its day: weighted peak and mean of nurse load.

    Load is counted with the visit itself, in patients watched, over the slots of its stay; where
    fewer nurses are there (lunch) the same load weighs more.
    """
    costs: dict[int, Scores] = {}
    for indices in alike(limits):
        day = limits[indices[0]]
        row = day.layout.row(NURSE_LOAD)
        share = NURSE // day.rule.patients_per_nurse
        used = np.stack([loads[i].counts[row] for i in indices]) / share
        allowed = np.maximum(np.stack([limits[i].allowed[row] for i in indices]), 1)
        scale = allowed.max(axis=1, keepdims=True) / allowed
        own = day.footprint(profile).counts[row] / share
        costs.update(zip(indices, _peak_and_mean(used, scale, own, weights), strict=True))
    return tuple(costs[index] for index in range(len(limits)))


def _peak_and_mean(used: Scores, scale: Scores, own: Scores, weights: Weights) -> Scores:
    stay = int(np.flatnonzero(own)[-1]) + 1 if own.any() else 1
    beyond = ((0, 0), (0, stay - 1))
    windows = sliding_window_view(np.pad(used, beyond), stay, axis=1) + own[:stay]
    windows = windows * sliding_window_view(np.pad(scale, beyond), stay, axis=1)
    cost: Scores = weights.peak * windows.max(axis=2) + weights.mean * windows.mean(axis=2)
    return cost


def _begins(limits: DayLimits) -> NDArray[np.int64]:
    grid = limits.grid
    begins: NDArray[np.int64] = grid.first + grid.slot_minutes * np.arange(grid.slots)
    return begins


def _welcome(day: DayState, wish: Wish) -> NDArray[np.bool_]:
    begins = _begins(day.limits)
    welcome = np.full(begins.shape, wish.allows(day.day))
    if wish.not_earlier:
        welcome &= begins >= minute_of(wish.not_earlier)
    if wish.not_later:
        welcome &= begins <= minute_of(wish.not_later)
    return welcome


def _distance(day: DayState, wish: Wish, weights: Weights) -> Scores:
    begins = _begins(day.limits)
    cost = np.zeros(begins.shape)
    if wish.due:
        cost += weights.day * abs((day.day - wish.due).days)
    if wish.weekdays and day.day.weekday() not in wish.weekdays:
        cost += weights.weekday
    if wish.times:
        away = [np.abs(begins - minute_of(at)) for at in wish.times]
        cost += weights.slot * np.min(away, axis=0) / day.limits.grid.slot_minutes
    return cost
