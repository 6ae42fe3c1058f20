"""What a visit that starts in a slot does to its day: how level it stays, how well the rest still fits.

What counts was found by booking many drawn days, and confirmed on others: the load of nurses over the stay (its
peak and mean, and the peak again by its square, since the last places are worth more than the first);
whether the chair is free again just when others begin, so that no short hole is left; IV starts that
the slot has already and patients beyond the day's peak so far; and the time of day: mornings are asked for.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scheduler.domain.capacity import alike
from scheduler.domain.day_limits import DayLimits, DayLoad
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, NURSE_LOAD
from scheduler.domain.nursing import NURSE
from scheduler.domain.visits import Footprint, VisitProfile
from scheduler.domain.wishes import Weights

Scores: TypeAlias = NDArray[np.float64]
"""One number per slot, lower is better; infinite where the visit cannot start."""

QUARTER = 15
HALF = 0.5


def level(
    loads: Sequence[DayLoad], limits: Sequence[DayLimits], profile: VisitProfile, weights: Weights
) -> tuple[Scores, ...]:
    """Return what each start would do to its day.

    Nurse load is counted with the visit itself, in patients watched, over the slots of its stay; where
    fewer nurses are there (lunch) the same load weighs more.
    """
    costs: dict[int, Scores] = {}
    for indices in alike(limits):
        used = np.stack([loads[i].counts for i in indices])
        allowed = np.stack([limits[i].allowed for i in indices])
        costs.update(
            zip(indices, _cost(used, allowed, limits[indices[0]], profile, weights), strict=True)
        )
    return tuple(costs[index] for index in range(len(limits)))


def _cost(
    used: NDArray[np.int16],
    allowed: NDArray[np.int16],
    day: DayLimits,
    profile: VisitProfile,
    weights: Weights,
) -> Scores:
    wanted = day.footprint(profile)
    cost = _load(used, allowed, day, wanted, weights)
    if weights.ends or weights.edge or weights.raises:
        cost += _fullness(used, allowed, day) * (
            _fit(used, allowed, day, wanted, weights) + weights.raises * _raises(used, day, wanted)
        )
    if weights.starts:
        cost += weights.starts * _started(used, day, wanted)
    if weights.later:
        slots = np.arange(day.grid.slots)
        cost += weights.later * slots * day.grid.slot_minutes / QUARTER
    return cost


def _load(
    used: NDArray[np.int16],
    allowed: NDArray[np.int16],
    day: DayLimits,
    wanted: Footprint,
    weights: Weights,
) -> Scores:
    """Return weighted peak, mean and square of the peak of nurse load, [day x slot]."""
    row = day.layout.row(NURSE_LOAD)
    share = NURSE // day.rule.patients_per_nurse
    most = np.maximum(allowed[:, row], 1)
    scale = most.max(axis=1, keepdims=True) / most
    own = wanted.counts[row] / share
    stay = int(np.flatnonzero(own)[-1]) + 1 if own.any() else 1
    windows = _windows(used[:, row] / share, stay) + own[:stay, None, None]
    if (scale != 1).any():
        windows *= _windows(scale, stay)
    if weights.by_share:
        patients = most.max(axis=1) / share
        places = allowed[:, day.layout.row(CHAIRS)].max(axis=1)
        windows *= (places / patients)[:, None]
    peak = windows.max(axis=0)
    cost: Scores = weights.peak * peak + weights.mean * windows.mean(axis=0)
    if weights.crowd:
        places = np.maximum(allowed[:, day.layout.row(CHAIRS)].max(axis=1, keepdims=True), 1)
        cost += weights.crowd * peak * peak / places
    return cost


def _windows(values: NDArray[Any], stay: int) -> NDArray[Any]:
    """Return [slot of the stay x day x slot]: what each start meets, slot by slot; nothing after the day."""
    days, slots = values.shape
    padded = np.zeros((days, slots + stay - 1), dtype=values.dtype)
    padded[:, :slots] = values
    return sliding_window_view(padded, slots, axis=1).transpose(1, 0, 2)


def _fit(
    used: NDArray[np.int16],
    allowed: NDArray[np.int16],
    day: DayLimits,
    wanted: Footprint,
    weights: Weights,
) -> Scores:
    """Return how badly both ends of the stay fit: a chair that nobody takes next, a start after opening."""
    chairs, is_open = used[:, day.layout.row(CHAIRS)], allowed[:, day.layout.row(IN_CHAIRS)] > 0
    slots = day.grid.slots
    wall = np.ones((len(used), slots + 1), dtype=bool)
    wall[:, :slots] = ~is_open
    taken_next = wall.copy()
    taken_next[:, 1:slots] |= np.diff(chairs, axis=1) > 0
    ends = np.minimum(np.arange(slots) + wanted.slots, slots)
    first = is_open & wall[:, np.arange(slots) - 1]
    first[:, 0] = is_open[:, 0]
    cost: Scores = weights.ends * np.where(taken_next[:, ends], -1.0, 1.0)
    return cost + weights.edge * (1.0 - first - wall[:, ends])


def _fullness(used: NDArray[np.int16], allowed: NDArray[np.int16], day: DayLimits) -> Scores:
    """Return, [day x 1], 0 for an empty day up to 1 for one half full: before, short holes do not matter."""
    row = day.layout.row(CHAIRS)
    places = np.maximum(allowed[:, row].sum(axis=1, dtype=np.int64), 1)
    full = used[:, row].sum(axis=1, dtype=np.int64) / places
    share: Scores = np.minimum(1.0, full / HALF)[:, None]
    return share


def _raises(used: NDArray[np.int16], day: DayLimits, wanted: Footprint) -> NDArray[np.bool_]:
    """Say where the visit would raise the day's peak of patients in chairs."""
    row = day.layout.row(IN_CHAIRS)
    there, stay = used[:, row], max(1, int(wanted.counts[row].sum()))
    most = _windows(there, stay).max(axis=0)
    raised: NDArray[np.bool_] = most >= there.max(axis=1, keepdims=True)
    return raised


def _started(used: NDArray[np.int16], day: DayLimits, wanted: Footprint) -> Scores:
    """Return the IV starts that the slot of this visit's own has already."""
    row = day.layout.row(IV_STARTS)
    own = np.flatnonzero(wanted.counts[row])
    if not len(own):
        return np.zeros(used[:, row].shape)
    at = np.minimum(np.arange(day.grid.slots) + own[0], day.grid.slots - 1)
    return used[:, row][:, at].astype(float)
