"""How good a start is: level the day, stay close to what was wished."""

from collections.abc import Sequence
from datetime import date
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
    found: dict[int, Scores] = {}
    for indices in alike(limits):
        begins = _begins(limits[indices[0]])
        far = _days_away([days[i].day for i in indices], wish, weights)[:, None]
        cost = np.stack([levels[i] for i in indices]) + far + _slots_away(begins, wish, weights)
        welcome = np.stack([free[i] for i in indices]) & _welcome(begins, wish)
        found.update(zip(indices, np.where(welcome, cost, np.inf), strict=True))
    return tuple(found[index] for index in range(len(days)))


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


def _welcome(begins: NDArray[np.int64], wish: Wish) -> NDArray[np.bool_]:
    welcome = np.ones(begins.shape, dtype=np.bool_)
    if wish.not_earlier:
        welcome &= begins >= minute_of(wish.not_earlier)
    if wish.not_later:
        welcome &= begins <= minute_of(wish.not_later)
    return welcome


def _days_away(days: Sequence[date], wish: Wish, weights: Weights) -> Scores:
    """Return what each day costs by itself; infinite outside the wish."""
    return np.array([_day_away(day, wish, weights) for day in days], dtype=np.float64)


def _day_away(day: date, wish: Wish, weights: Weights) -> float:
    if not wish.allows(day):
        return np.inf
    away = weights.day * abs((day - wish.due).days) if wish.due else 0.0
    unwished = bool(wish.weekdays) and day.weekday() not in wish.weekdays
    return away + weights.weekday * unwished


def _slots_away(begins: NDArray[np.int64], wish: Wish, weights: Weights) -> Scores:
    if not wish.times:
        return np.zeros(begins.shape)
    away = [np.abs(begins - minute_of(at)) for at in wish.times]
    slot = int(begins[1] - begins[0]) if len(begins) > 1 else 1
    cost: Scores = weights.slot * np.min(away, axis=0) / slot
    return cost
