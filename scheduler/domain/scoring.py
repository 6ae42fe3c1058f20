"""How good a start is: level the day, stay close to what was wished."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.day_cost import QUARTER, TWO_HOURS, DayCost, Scores, level
from scheduler.domain.grid import Grid
from scheduler.domain.timing import minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import Weights
from scheduler.domain.wishes import DayState, Wish

NEAR = 30
"""Minutes from the wished time that a patient takes for the time wished."""


FEW = 100
"""Starts that are sorted before all others are."""

OVERFLOW = 4.0
"""What a chair costs by which a day will overflow once all that is planned is booked: four days' distance."""


class Costs:
    """What every start would do to its day, by visit and day: computed for many days at once, and kept.

    A series asks for the same days again and again; ``forget`` a day when a visit was placed on it.
    """

    def __init__(self, weights: Weights, crowding: Mapping[date, float] | None = None) -> None:
        """Start with nothing computed; ``crowding`` is by how many chairs days will overflow."""
        self.weights = weights
        self.crowding = crowding or {}
        self._known: dict[VisitProfile, dict[date, DayCost]] = defaultdict(dict)
        self._of_time: dict[object, Scores] = {}

    def of(self, days: Sequence[DayState], profile: VisitProfile) -> list[DayCost]:
        """Return the cost of every start of each day, infinite where the visit cannot start."""
        known = self._known[profile]
        missing = [day for day in days if day.day not in known]
        if missing:
            loads, limits = [day.load for day in missing], [day.limits for day in missing]
            costs = level(loads, limits, profile, self.weights)
            known.update(zip((day.day for day in missing), costs, strict=True))
        return [known[day.day] for day in days]

    def of_time(self, grid: Grid, wish: Wish) -> Scores:
        """Return what each start of a day costs by its time; the doses of a series wish the same."""
        key = grid, wish.times, wish.not_earlier, wish.not_later
        if key not in self._of_time:
            self._of_time[key] = _from_wish(grid, wish, self.weights)
        return self._of_time[key]

    def forget(self, day: date) -> None:
        """Compute a day anew when it is asked for again."""
        for known in self._known.values():
            known.pop(day, None)


Start: TypeAlias = tuple[float, int, int]
"""Score, index of the day, slot."""


def best_first(
    days: Sequence[DayState], wish: Wish, profile: VisitProfile, costs: Costs
) -> Iterator[Start]:
    """Yield every possible start of days that the wish allows, best first; equal ones by day and slot."""
    if not days:
        return
    score = _scores(days, wish, profile, costs)
    first = [0, *accumulate(day.limits.grid.slots for day in days)]
    for start in _in_order(score):
        index = bisect_right(first, start) - 1
        yield float(score[start]), index, start - first[index]


def _in_order(score: Scores) -> Iterator[int]:
    """Yield where the scores are finite, lowest first; nearly always the first few are all that is asked for."""
    few = min(FEW, len(score) - 1)
    most = np.partition(score, few)[few]
    for among in (score <= most, score > most):
        starts = np.flatnonzero(among & (score < np.inf))
        yield from starts[np.argsort(score[starts], kind="stable")].tolist()


def _scores(days: Sequence[DayState], wish: Wish, profile: VisitProfile, costs: Costs) -> Scores:
    """Return the score of every start, day after day; infinite where the visit cannot start."""
    grids = [day.limits.grid for day in days]
    one_each = {id(grid): grid for grid in grids}  # most days share theirs: hashed once
    of_time = {key: costs.of_time(grid, wish) for key, grid in one_each.items()}
    known, slots = costs.of(days, profile), [grid.slots for grid in grids]
    score: Scores = np.concatenate([day.scores for day in known])
    score += np.concatenate([of_time[id(grid)] for grid in grids]) * _wish_counts(
        known, profile, slots, costs.weights
    )
    score += np.repeat(_of_days([day.day for day in days], wish, costs), slots)
    if wish.elsewhere:
        score[np.concatenate([_is_elsewhere(day, wish, profile) for day in days])] = np.inf
    return score


def _wish_counts(
    days: Sequence[DayCost], profile: VisitProfile, slots: Sequence[int], weights: Weights
) -> Scores | float:
    """Return how much the wished time counts at each start: less on a full day, more for a short visit."""
    if not weights.yields and not weights.brief:
        return 1.0
    by_length = (TWO_HOURS / profile.chair_minutes) ** weights.brief
    shares: Scores = by_length * (1.0 - weights.yields * np.array([day.full for day in days]))
    return np.repeat(shares, slots)


def _is_elsewhere(day: DayState, wish: Wish, profile: VisitProfile) -> NDArray[np.bool_]:
    """Say at which starts of a day the patient would be in another visit too."""
    grid = day.limits.grid
    begins = grid.first + grid.slot_minutes * np.arange(grid.slots)
    clash = np.zeros(grid.slots, dtype=bool)
    for other in wish.elsewhere:
        if other.day == day.day:
            clash |= (begins < other.ends) & (other.begins < begins + profile.chair_minutes)
    return clash


def _from_wish(grid: Grid, wish: Wish, weights: Weights) -> Scores:
    """Return what each start costs by its time of day; infinite outside the wish."""
    begins = grid.first + grid.slot_minutes * np.arange(grid.slots)
    cost = np.zeros(begins.shape)
    if wish.times:
        minutes = np.min([np.abs(begins - minute_of(at)) for at in wish.times], axis=0)
        away = np.minimum(minutes / QUARTER, weights.far)
        cost = weights.slot * away + weights.bend * away * away
        cost -= weights.near * (minutes <= NEAR)
    if wish.not_earlier:
        cost[begins < minute_of(wish.not_earlier)] = np.inf
    if wish.not_later:
        cost[begins > minute_of(wish.not_later)] = np.inf
    return cost


def _of_days(days: Sequence[date], wish: Wish, costs: Costs) -> Scores:
    """Return what each day costs by its distance from the due day, its weekday and how crowded it will be."""
    cost, near = np.zeros(len(days)), wish.near or wish.aim or wish.due
    if near:
        numbers = np.array([day.toordinal() for day in days])
        cost += costs.weights.day * np.abs(numbers - near.toordinal())
    if wish.weekdays:
        cost += [costs.weights.weekday * (day.weekday() not in wish.weekdays) for day in days]
    if costs.crowding:
        cost += [OVERFLOW * costs.crowding.get(day, 0.0) for day in days]
    return cost
