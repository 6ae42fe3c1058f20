"""What a visit that starts in a slot does to its day: how level it stays, how well the rest still fits.

What counts was found by booking many drawn days, and confirmed on others: the load of nurses over the stay (its
peak and mean, and both again by their squares, since the last places are worth more than the first);
whether the stay leaves gaps beside it at its level of chairs that are too short for anybody; IV starts that
the slot has already and patients beyond the day's peak so far; whether the last quarter hour stays free for
those who stay longer than planned; and the time of day: mornings are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scheduler.domain.capacity import DayStack, free_in, highest_ahead, stacked
from scheduler.domain.day_limits import DayLimits, DayLoad
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, NURSE_LOAD
from scheduler.domain.nursing import NURSE
from scheduler.domain.visits import Footprint, VisitProfile
from scheduler.domain.weights import Weights

Scores: TypeAlias = NDArray[np.float64]
"""One number per slot, lower is better; infinite where the visit cannot start."""

QUARTER = 15
TWO_HOURS = 120
HALF = 0.5
WALL = np.int16(np.iinfo(np.int16).max)
"""Opening and closing, as if all chairs were taken."""


class DayCost(NamedTuple):
    """What each start would do to a day, and how full the day is: 0 for an empty one, 1 for all chairs all day."""

    scores: Scores
    full: float


@dataclass(frozen=True, slots=True)
class _Days:
    """Days side by side, how full each is [day x 1], and what they share."""

    stack: DayStack
    full: Scores
    shared: DayLimits

    def rows(self, measure: str) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Return used and allowed of one measure, [day x slot]."""
        row = self.shared.layout.row(measure)
        return self.stack.used[:, row], self.stack.allowed[:, row]


def level(
    loads: Sequence[DayLoad], limits: Sequence[DayLimits], profile: VisitProfile, weights: Weights
) -> tuple[DayCost, ...]:
    """Return what each start would do to its day.

    Nurse load is counted with the visit itself, in patients watched, over the slots of its stay; where
    fewer nurses are there (lunch) the same load weighs more.
    """
    costs: dict[int, DayCost] = {}
    for stack in stacked(loads, limits):
        full = _full(stack)
        scores = _cost(_Days(stack, full, stack.limits[0]), profile, weights)
        np.putmask(scores, ~free_in(stack, profile), np.inf)
        costs.update(zip(stack.indices, map(DayCost, scores, full[:, 0].tolist()), strict=True))
    return tuple(costs[index] for index in range(len(limits)))


def _full(stack: DayStack) -> Scores:
    """Return the share of each day's chairs and hours that is taken, [day x 1]."""
    row = stack.limits[0].layout.row(CHAIRS)
    places = np.maximum(stack.allowed[:, row].sum(axis=1, dtype=np.int64), 1)
    taken = stack.used[:, row].sum(axis=1, dtype=np.int64)
    share: Scores = np.minimum(1.0, taken / places)[:, None]
    return share


def _cost(days: _Days, profile: VisitProfile, weights: Weights) -> Scores:
    wanted = days.shared.footprint(profile)
    cost = _load(days, wanted, weights)
    if weights.starts:
        cost += weights.starts * _started(days, wanted)
    # before a day is half full, what fits and what time it is matter less; on an empty one not at all
    filling = np.minimum(1.0, days.full / HALF)
    if weights.before or weights.after or weights.edge or weights.close or weights.raises:
        fit = _fit(days, wanted, weights) + weights.raises * _raises(days, wanted)
        cost += filling * fit
    if weights.later:
        grid = days.shared.grid
        cost += filling * weights.later * np.arange(grid.slots) * grid.slot_minutes / QUARTER
    return cost


def _load(days: _Days, wanted: Footprint, weights: Weights) -> Scores:
    """Return weighted peak, mean and square of the peak of nurse load, [day x slot]."""
    (used, allowed), rule, grid = days.rows(NURSE_LOAD), days.shared.rule, days.shared.grid
    share = NURSE // rule.patients_per_nurse
    places = np.maximum(days.rows(CHAIRS)[1].max(axis=1, keepdims=True), 1)
    most = np.maximum(allowed, 1)
    highest = most.max(axis=1, keepdims=True)
    own = wanted.counts[days.shared.layout.row(NURSE_LOAD)]
    stay = int(np.flatnonzero(own)[-1]) + 1 if own.any() else 1
    windows = _windows(used, stay) + own[:stay, None, None]
    if (most != highest).any():
        windows = windows * _windows(highest / most, stay)
    unit = places / highest if weights.by_share else 1 / share
    total = windows.sum(axis=0, dtype=np.result_type(windows, np.int32))
    peak, mean = windows.max(axis=0) * unit, total / stay * unit
    cost: Scores = _between(weights.peak, weights.full_peak, days.full) * peak
    cost += _between(weights.mean, weights.full_mean, days.full) * mean
    if weights.crowd:
        cost += weights.crowd * peak * peak / places
    if weights.squares:
        squares = np.einsum("tds,tds->ds", windows, windows, dtype=float, casting="unsafe") / stay
        cost += weights.squares * squares * unit * unit / places
    if weights.longer:
        cost *= (stay * grid.slot_minutes / TWO_HOURS) ** weights.longer
    return cost


def _between(empty: float, full: float | None, share: Scores) -> Scores | float:
    """Return what counts ``empty`` on an empty day and ``full`` on a full one, [day x 1]."""
    return empty if full is None else empty + (full - empty) * share


def _windows(values: NDArray[Any], stay: int) -> NDArray[Any]:
    """Return [slot of the stay x day x slot]: what each start meets, slot by slot; nothing after the day."""
    days, slots = values.shape
    padded = np.zeros((days, slots + stay - 1), dtype=values.dtype)
    padded[:, :slots] = values
    return sliding_window_view(padded, slots, axis=1).transpose(1, 0, 2)


def _fit(days: _Days, wanted: Footprint, weights: Weights) -> Scores:
    """Return how badly both ends of the stay fit: gaps that nobody can fill, a start after opening."""
    slots = days.shared.grid.slots
    span = max(1, QUARTER // days.shared.grid.slot_minutes)
    before, after = _by_slots(weights.before, span), _by_slots(weights.after, span)
    close = _by_slots(_close(wanted, weights, days.shared), span)
    pad = max(1, len(before), len(after), len(close))
    is_open = days.rows(IN_CHAIRS)[1] > 0
    chairs = np.full((len(is_open), slots + 2 * pad), WALL)
    chairs[:, pad : pad + slots] = np.where(is_open, days.rows(CHAIRS)[0], WALL)
    begins = np.arange(slots) + pad
    ends = np.minimum(begins + wanted.slots, slots + pad)
    first, last = chairs[:, pad - 1 : pad - 1 + slots] == WALL, chairs.take(ends, axis=1) == WALL
    cost: Scores = weights.edge * (1.0 - (first & is_open) - last)
    cost += _gap(
        chairs, np.full(last.shape, WALL - 1), [ends + n for n in range(len(close))], close
    )
    cost += _gap(
        chairs, chairs[:, pad : pad + slots], [begins - 1 - n for n in range(len(before))], before
    )
    return cost + _gap(
        chairs, chairs.take(ends - 1, axis=1), [ends + n for n in range(len(after))], after
    )


def _close(wanted: Footprint, weights: Weights, limits: DayLimits) -> Sequence[float]:
    """Return what it costs a stay to end with the day, a quarter hour before ...: a short one lasts longer more often."""
    if not weights.close:
        return ()
    at_close, *before = weights.close
    stay = wanted.slots * limits.grid.slot_minutes
    return at_close * (TWO_HOURS / stay) ** weights.close_brief, *before


def _by_slots(costs: Sequence[float], span: int) -> list[float]:
    """Return what gaps of 0, 1, 2 ... slots cost, from what those of so many quarter hours do."""
    return [costs[-(-width // span)] for width in range(span * (len(costs) - 1) + 1)]


def _gap(
    chairs: NDArray[np.int16],
    level: NDArray[np.int16],
    beside: Sequence[NDArray[np.int64]],
    costs: Sequence[float],
) -> Scores:
    """Return what the gap costs that a stay leaves beside it, until chairs in use rise above its own level."""
    cost, goes_on = np.zeros(level.shape), np.ones(level.shape, dtype=bool)
    for slots, price in zip(beside, costs, strict=True):
        met = goes_on & (chairs.take(slots, axis=1) > level)
        np.putmask(cost, met, price)
        goes_on &= ~met
    return cost


def _raises(days: _Days, wanted: Footprint) -> NDArray[np.bool_]:
    """Say where the visit would raise the day's peak of patients in chairs."""
    there, _ = days.rows(IN_CHAIRS)
    stay = max(1, int(wanted.counts[days.shared.layout.row(IN_CHAIRS)].sum()))
    most = highest_ahead(there, 0, stay)
    raised: NDArray[np.bool_] = most >= there.max(axis=1, keepdims=True)
    return raised


def _started(days: _Days, wanted: Footprint) -> Scores:
    """Return the IV starts that the slot of this visit's own has already."""
    starts, _ = days.rows(IV_STARTS)
    own = np.flatnonzero(wanted.counts[days.shared.layout.row(IV_STARTS)])
    if not len(own):
        return np.zeros(starts.shape)
    slots = days.shared.grid.slots
    return starts[:, np.minimum(np.arange(slots) + own[0], slots - 1)].astype(float)
