"""What no arrangement of a day's visits can beat: counted from the ramp of starts and the lengths."""

from collections.abc import Sequence
from dataclasses import replace
from math import gcd

import numpy as np

from scheduler.domain.day_limits import DayLimits
from scheduler.domain.grid import IN_CHAIRS
from scheduler.domain.visits import Counts, VisitProfile


def stay_slots(limits: DayLimits, profile: VisitProfile) -> int:
    """Return how many slots the patient is in the chair."""
    return int(limits.footprint(profile).counts[limits.layout.row(IN_CHAIRS)].sum())


def capped(limits: DayLimits, *, peak: int | None = None, closing: int | None = None) -> DayLimits:
    """Return limits with no more patients in chairs than ``peak``, and none from slot ``closing`` on."""
    allowed, row = limits.allowed.copy(), limits.layout.row(IN_CHAIRS)
    if peak is not None:
        allowed[row] = np.minimum(allowed[row], peak)
    if closing is not None:
        allowed[row, closing:] = 0
    return replace(limits, allowed=allowed)


def most_chair_slots(limits: DayLimits, profiles: Sequence[VisitProfile]) -> int:
    """Return how many chair-slots of these visits the day can hold at most.

    Chairs come into use one after the other, as fast as starts and nurses allow; one that is first
    used in a slot holds whole visits from there on, a multiple of what divides all lengths.
    """
    stays = [stay_slots(limits, profile) for profile in profiles]
    if not any(stays):
        return 0
    there = _most_there(limits, profiles)
    step, end = gcd(*stays), int(np.flatnonzero(there)[-1]) + 1 if there.any() else 0
    in_use = np.maximum.accumulate(there)
    first_used = np.diff(in_use, prepend=0)[:end]
    whole = (end - np.arange(end)) // step * step
    return min(sum(stays), int(there.sum()), int((first_used * whole).sum()))


def _most_there(limits: DayLimits, profiles: Sequence[VisitProfile]) -> Counts:
    """Return how many patients can be in chairs in each slot, if only the ramp of starts held them up.

    What a patient takes in the slot of her start, and in a later one, is the least of any visit.
    """
    prints = [limits.footprint(profile).counts for profile in set(profiles)]
    row = limits.layout.row(IN_CHAIRS)
    begins = np.min([counts[:, 0] for counts in prints], axis=0)
    later = [column for counts in prints for column in counts.T[1:] if column[row]]
    stays = np.minimum(begins, np.min(later, axis=0)) if later else begins
    there, found = 0, np.zeros(limits.allowed.shape[1], dtype=np.int16)
    for slot, allowed in enumerate(limits.allowed.T):
        there = min(there, _times(allowed, stays))
        there += _times(allowed - there * stays, begins)
        found[slot] = there
    return found


def _times(room: Counts, wanted: Counts) -> int:
    """Return how often something fits."""
    taken = wanted > 0
    return max(0, int((room[taken] // wanted[taken]).min()))


def least_peak(limits: DayLimits, profiles: Sequence[VisitProfile], most: int) -> int:
    """Return the lowest number of patients at the peak, up to ``most``, under which all could fit."""
    wanted = sum(stay_slots(limits, profile) for profile in profiles)
    return next(
        (
            peak
            for peak in range(most)
            if most_chair_slots(capped(limits, peak=peak), profiles) >= wanted
        ),
        most,
    )


def least_closing(limits: DayLimits, profiles: Sequence[VisitProfile], most: int) -> int:
    """Return the earliest slot, up to ``most``, from which nobody need be in a chair any more."""
    stays = [stay_slots(limits, profile) for profile in profiles]
    return next(
        (
            slot
            for slot in range(max(stays, default=0), most)
            if most_chair_slots(capped(limits, closing=slot), profiles) >= sum(stays)
        ),
        most,
    )
