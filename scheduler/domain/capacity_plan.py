"""How many patients a center can hold, before it has any: a day filled by its mix, and what stops it first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.domain.capacity import DayLoad, free_slots, limits_of, place
from scheduler.domain.day_cost import level
from scheduler.domain.day_limits import UNLIMITED, DayLimits, DaySetup
from scheduler.domain.errors import InvalidError
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, MIXING, NURSE_LOAD, Layout, grid_of
from scheduler.domain.refusals import Limit
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import Weights

OPEN_DAYS = 250
"""Weekdays of a year without the federal holidays."""

MEASURES = {
    Limit.CHAIRS: (CHAIRS,),
    Limit.IV_STARTS: (IV_STARTS,),
    Limit.PATIENTS: (IN_CHAIRS, NURSE_LOAD),
    Limit.MIXING: (MIXING,),
}
"""Limits that a center can do something about, and the measures that each one is."""

WORDS = {
    Limit.CHAIRS: "chairs",
    Limit.IV_STARTS: "IV starts (nurses free at once)",
    Limit.PATIENTS: "patients that the nurses can watch",
    Limit.MIXING: "preparations that the pharmacy mixes at once",
    Limit.OPENING_HOURS: "opening hours",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Part of a center's patients: their visit, how many of them in 100, and visits a year of each."""

    visit: VisitProfile
    share: float
    visits_a_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPlan:
    """What a center can hold.

    Args:
        visits_a_day: In the proportions of the mix.
        patients: On treatment at the same time, at that many visits on every open day.
        binds: The limit that stops the day first.
        without: Visits a day if a limit were not there.
    """

    visits_a_day: int
    patients: int
    binds: Limit
    without: dict[Limit, int]


def plan_capacity(
    setup: DaySetup, mix: Sequence[Share], *, slot_minutes: int = 15, open_days: int = OPEN_DAYS
) -> CapacityPlan:
    """Return how many visits and patients a center can hold, and which limit binds first.

    Raises:
        InvalidError: no mix, or shares and visits that are not above 0.
    """
    if not mix or min(min(each.share, each.visits_a_year) for each in mix) <= 0:
        raise InvalidError("Name at least one kind of patient, with a share above 0.", field="mix")
    limits = limits_of(setup, grid_of(setup.hours, slot_minutes), Layout())
    visits = _filled(limits, mix)
    without = {limit: _filled(_relaxed(limit, limits), mix) for limit in MEASURES}
    best = max(without, key=lambda limit: without[limit])
    binds = best if without[best] > visits else Limit.OPENING_HOURS
    shares = sum(each.share for each in mix)
    a_year = sum(each.share * each.visits_a_year for each in mix) / shares
    return CapacityPlan(
        visits_a_day=visits,
        patients=int(visits * open_days / a_year),
        binds=binds,
        without=without,
    )


def _relaxed(limit: Limit, limits: DayLimits) -> DayLimits:
    allowed = limits.allowed.copy()
    for measure in MEASURES[limit]:
        open_slots = limits.allowed[limits.layout.row(IN_CHAIRS)] > 0
        allowed[limits.layout.row(measure)] = np.where(open_slots, UNLIMITED, 0)
    return replace(limits, allowed=allowed)


MOST_VISITS = 400


def _filled(limits: DayLimits, mix: Sequence[Share]) -> int:
    """Return how many visits a day takes: kept level, or each as early as it can be, whatever holds more."""
    return max(_filled_by(limits, mix, early=early) for early in (False, True))


def _filled_by(limits: DayLimits, mix: Sequence[Share], *, early: bool) -> int:
    """Fill a day, always with the kind that is furthest behind its share."""
    load, count = DayLoad.empty(limits.layout, limits.grid), Counter[int]()
    weights = [each.share * each.visits_a_year for each in mix]
    while count.total() < MOST_VISITS:
        kind = min(range(len(mix)), key=lambda n: ((count[n] + 1) / weights[n], n))
        slot = _best(load, limits, mix[kind].visit, early=early)
        if slot is None:
            return count.total()
        load = place(load, limits, mix[kind].visit, slot)
        count[kind] += 1
    return count.total()


def _best(load: DayLoad, limits: DayLimits, visit: VisitProfile, *, early: bool) -> int | None:
    """Return the first start, or the one that keeps the day most level; None without a place."""
    free = free_slots(load, limits, visit)
    if not free.any():
        return None
    if early:
        return int(free.argmax())
    return int(level([load], [limits], visit, Weights())[0].scores.argmin())
