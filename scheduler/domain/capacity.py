"""Room on a clinic day: whether a visit fits, why it does not, and every free start of many days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.day_limits import DayLimits, DayLoad, DaySetup, limits_of
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, MIXING, NURSE_LOAD, Grid, Layout
from scheduler.domain.nursing import NurseRule
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.timing import minute_of, time_of
from scheduler.domain.visits import Counts, Footprint, VisitProfile

__all__ = [
    "DayLimits",
    "DayLoad",
    "DaySetup",
    "DayStack",
    "Limit",
    "Refusal",
    "free_in",
    "free_slots",
    "free_slots_of_days",
    "from_slot",
    "highest_ahead",
    "limits_of",
    "load_of",
    "over_capacity",
    "place",
    "refuse",
    "refuse_change",
    "refuse_hours",
    "remove",
    "stacked",
]


def refuse(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> Refusal | None:
    """Return the first limit that forbids starting ``profile`` in ``slot``, or None.

    Limits are asked in the order in which a desk would explain them: opening hours,
    IV starts, chairs, the visit's needs, nurse load, mixing.
    """
    out_of_hours = refuse_hours(limits, profile, slot)
    if out_of_hours:
        return out_of_hours
    wanted = limits.footprint(profile)
    if wanted.uncounted:
        need = wanted.uncounted[0].partition(":")[2]
        return Refusal(limit=Limit.CHAIR_NEED, at=limits.grid.at(slot), detail=need)
    if _has_room(load, limits, wanted, slot):
        return None
    added = np.zeros_like(load.counts)
    _add(added, wanted, slot, times=1)
    return _first_excess(load.counts, added, limits)


def _has_room(load: DayLoad, limits: DayLimits, wanted: Footprint, slot: int) -> bool:
    ends = min(slot + wanted.slots, load.counts.shape[1])
    room = limits.allowed[:, slot:ends] - load.counts[:, slot:ends]
    added = wanted.counts[:, : max(0, ends - slot)]
    return not bool(((added > room) & (added > 0)).any())


def refuse_hours(limits: DayLimits, profile: VisitProfile, slot: int) -> Refusal | None:
    """Return why the day's hours forbid starting ``profile`` in ``slot``, or None."""
    return next(_hours_refusals(limits, profile, slot), None)


def _hours_refusals(limits: DayLimits, profile: VisitProfile, slot: int) -> Iterator[Refusal]:
    """Yield what the hours refuse: a start before an edge, or an end after one."""
    hours, begins = limits.hours, limits.grid.begins(slot)
    mixing, drug = bool(profile.mixing), bool(profile.infusion)
    for limit, edge, at, offset in (
        (Limit.OPENING_HOURS, "opens", hours.opens, 0),
        (Limit.OPENING_HOURS, "doors", hours.doors, 0),
        (
            Limit.MIXING_HOURS,
            "begins",
            hours.mixing_from if mixing else None,
            profile.mixing_begins,
        ),
    ):
        if at and begins + offset < minute_of(at):
            yield _edge(limit, edge, begins + offset, minute_of(at))
    for limit, edge, at, offset in (
        (Limit.OPENING_HOURS, "closes", hours.closes, profile.chair_minutes),
        (Limit.MIXING_HOURS, "ends", hours.mixing_until if mixing else None, profile.mixing_ready),
        (Limit.LAST_DRUG_END, "", hours.last_drug_end if drug else None, profile.drug_ends),
    ):
        if at and begins + offset > minute_of(at):
            yield _edge(limit, edge, begins + offset, minute_of(at))


def _edge(limit: Limit, edge: str, used: int, allowed: int) -> Refusal:
    return Refusal(limit=limit, at=time_of(used), used=used, allowed=allowed, detail=edge)


def _first_excess(used: Counts, added: Counts, limits: DayLimits) -> Refusal | None:
    """Return the first cell, measures in the desk's order, that the addition takes over its limit."""
    over = (added > 0) & (used + added > limits.allowed)
    for row in _explaining_order(limits.layout):
        if over[row].any():
            return _excess(used, added, limits, row, int(over[row].argmax()))
    return None


@lru_cache(maxsize=64)
def _explaining_order(layout: Layout) -> tuple[int, ...]:
    kinds = list(Limit)
    return tuple(
        sorted(
            range(len(layout.measures)),
            key=lambda row: kinds.index(_limit(layout.measures[row])[0]),
        )
    )


LIMITS = {
    CHAIRS: Limit.CHAIRS,
    "need": Limit.CHAIR_NEED,
    IV_STARTS: Limit.IV_STARTS,
    IN_CHAIRS: Limit.PATIENTS,
    NURSE_LOAD: Limit.NURSE_LOAD,
    "competency": Limit.COMPETENCY,
    MIXING: Limit.MIXING,
}


def _limit(measure: str) -> tuple[Limit, str]:
    kind, _, name = measure.partition(":")
    return LIMITS[kind], name


def _excess(used: Counts, added: Counts, limits: DayLimits, row: int, slot: int) -> Refusal:
    limit, detail = _limit(limits.layout.measures[row])
    return Refusal(
        limit=limit,
        at=limits.grid.at(slot),
        used=int(used[row, slot]),
        allowed=int(limits.allowed[row, slot]),
        wanted=int(added[row, slot]),
        detail=detail,
    )


def _add(counts: Counts, wanted: Footprint, slot: int, *, times: int) -> None:
    """Add a footprint in place; what runs past the grid (cleaning after closing) is cut off."""
    slots = max(0, min(wanted.slots, counts.shape[1] - slot))
    counts[:, slot : slot + slots] += times * wanted.counts[:, :slots]


def place(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> DayLoad:
    """Return the day with the visit added; checks nothing."""
    counts = load.counts.copy()
    _add(counts, limits.footprint(profile), slot, times=1)
    return DayLoad(counts=counts)


def remove(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> DayLoad:
    """Return the day with the visit taken out; the inverse of ``place``."""
    counts = load.counts.copy()
    _add(counts, limits.footprint(profile), slot, times=-1)
    return DayLoad(counts=counts)


def load_of(limits: DayLimits, visits: Iterable[tuple[VisitProfile, int]]) -> DayLoad:
    """Return the day recomputed from its visits and their slots: what the stored day must equal.

    Needed whenever layout, slots or the nurse rule change, for footprints follow them.
    """
    counts = np.zeros_like(limits.allowed)
    for profile, slot in visits:
        _add(counts, limits.footprint(profile), slot, times=1)
    return DayLoad(counts=counts)


def over_capacity(load: DayLoad, limits: DayLimits) -> tuple[Refusal, ...]:
    """Return, for each measure that is exceeded, the slot in which it is exceeded most."""
    excess = load.counts.astype(np.int32) - limits.allowed
    nothing = np.zeros_like(load.counts)
    return tuple(
        _excess(load.counts, nothing, limits, row, int(excess[row].argmax()))
        for row in _explaining_order(limits.layout)
        if excess[row].max() > 0
    )


def from_slot(load: DayLoad, limits: DayLimits, slot: int) -> DayLoad:
    """Return the day as far as it can still be changed: what is over before the slot is past mending."""
    counts = load.counts.copy()
    counts[:, :slot] = np.minimum(counts[:, :slot], limits.allowed[:, :slot])
    return DayLoad(counts=counts)


def refuse_change(before: DayLoad, after: DayLoad, limits: DayLimits) -> Refusal | None:
    """Return the first limit that a change exceeds more than it was exceeded before, or None."""
    return _first_excess(before.counts, after.counts - before.counts, limits)


def free_slots(load: DayLoad, limits: DayLimits, profile: VisitProfile) -> NDArray[np.bool_]:
    """Return for each slot whether the visit can start in it, as ``refuse`` would say."""
    return free_slots_of_days([load], [limits], profile)[0]


@dataclass(frozen=True, slots=True)
class DayStack:
    """Days of one grid, layout and rule side by side; ``indices`` say where they stood among all.

    ``used`` and ``allowed`` are [day x measure x slot].
    """

    indices: list[int]
    limits: list[DayLimits]
    used: Counts
    allowed: Counts


def stacked(loads: Sequence[DayLoad], limits: Sequence[DayLimits]) -> list[DayStack]:
    """Return days side by side, those together that have the same grid, layout and rule."""
    groups: dict[tuple[Grid, Layout, NurseRule], list[int]] = {}
    of: dict[int, list[int]] = {}  # most days share their limits with others: those are hashed once
    for index, day in enumerate(limits):
        found = of.get(id(day))
        if found is None:
            found = of[id(day)] = groups.setdefault((day.grid, day.layout, day.rule), [])
        found.append(index)
    return [_stack(indices, loads, limits) for indices in groups.values()]


def _stack(indices: list[int], loads: Sequence[DayLoad], limits: Sequence[DayLimits]) -> DayStack:
    own = [limits[i] for i in indices]
    shape = (len(indices), *own[0].allowed.shape)
    used = np.concatenate([loads[i].counts for i in indices]).reshape(shape)
    if all(day is own[0] for day in own):
        allowed = np.broadcast_to(own[0].allowed, shape)
    else:
        allowed = np.concatenate([day.allowed for day in own]).reshape(shape)
    return DayStack(indices=indices, limits=own, used=used, allowed=allowed)


def free_slots_of_days(
    loads: Sequence[DayLoad], limits: Sequence[DayLimits], profile: VisitProfile
) -> tuple[NDArray[np.bool_], ...]:
    """Return ``free_slots`` of many days, computed at once for days of the same grid."""
    free: dict[int, NDArray[np.bool_]] = {}
    for stack in stacked(loads, limits):
        free.update(zip(stack.indices, free_in(stack, profile), strict=True))
    return tuple(free[index] for index in range(len(limits)))


def free_in(stack: DayStack, profile: VisitProfile) -> NDArray[np.bool_]:
    """Return [day x slot] whether the visit can start."""
    room = _fits(stack.allowed - stack.used, stack.limits[0].footprint(profile))
    in_hours = {day.hours: _in_hours(day, profile) for day in _one_each(stack.limits)}
    if len(in_hours) == 1:
        return room & next(iter(in_hours.values()))
    return room & np.stack([in_hours[day.hours] for day in stack.limits])


def _one_each(limits: Sequence[DayLimits]) -> list[DayLimits]:
    """Return the limits that are different objects."""
    return list({id(day): day for day in limits}.values())


def _in_hours(limits: DayLimits, profile: VisitProfile) -> NDArray[np.bool_]:
    grid = limits.grid
    begins = grid.first + grid.slot_minutes * np.arange(grid.slots)
    return (begins >= limits.earliest_start(profile)) & (begins <= limits.latest_start(profile))


def _fits(room: Counts, wanted: Footprint) -> NDArray[np.bool_]:
    """Return [day x slot] whether every run of the footprint finds enough room from that slot on."""
    fits = np.full((room.shape[0], room.shape[-1]), not wanted.uncounted)
    for run in wanted.runs:
        fits &= ~highest_ahead(room[:, run.row] < run.value, run.begins, run.ends)
    return fits


def highest_ahead(values: NDArray[Any], begins: int, ends: int) -> NDArray[Any]:
    """Return [day x slot] the highest value ``begins`` to ``ends`` slots after each; after the day all are 0."""
    days, slots = values.shape
    ahead = np.zeros((days, slots + ends - 1), dtype=values.dtype)
    ahead[:, :slots] = values
    ahead, seen = ahead[:, begins:], 1
    while seen < ends - begins:
        step = min(seen, ends - begins - seen)
        ahead, seen = np.maximum(ahead[:, :-step], ahead[:, step:]), seen + step
    return ahead
