"""What a clinic day uses and allows, as matrices of measures and slots."""

from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache

import numpy as np

from scheduler.domain.chairs import ChairFacts
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, MIXING, NURSE_LOAD, Grid, Layout
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NURSE, NurseRule, NurseShift, on_duty
from scheduler.domain.timing import minute_of
from scheduler.domain.visits import Counts, Footprint, VisitProfile, footprint

UNLIMITED = 32_767


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayLoad:
    """What is used on a clinic day: int16 matrix [measure x slot], read-only."""

    counts: Counts

    def __post_init__(self) -> None:
        self.counts.setflags(write=False)

    def to_bytes(self) -> bytes:
        """Return the matrix as little-endian int16, row by row."""
        return self.counts.astype("<i2").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, layout: Layout, grid: Grid) -> "DayLoad":
        """Return the matrix that ``to_bytes`` wrote.

        Raises:
            ValueError: the bytes are not a matrix of that layout and grid.
        """
        shape = (len(layout.measures), grid.slots)
        stored = np.frombuffer(data, dtype="<i2").reshape(shape)
        return cls(counts=stored.astype(np.int16, copy=False))

    @classmethod
    def empty(cls, layout: Layout, grid: Grid) -> "DayLoad":
        """Return a day without visits."""
        return cls(counts=np.zeros((len(layout.measures), grid.slots), dtype=np.int16))

    def same_as(self, other: "DayLoad") -> bool:
        """Say whether both days are used alike, cell by cell."""
        return bool(np.array_equal(self.counts, other.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySetup:
    """What a center has on one day: the facts that limits are made of.

    Args:
        hours: When it is open.
        chairs: Its places with their spans out of service.
        nurses: Who is there, from when to when.
        rule: How many patients a nurse watches and what the steps take of her.
        iv_starts_per_slot: A limit of the center beside that of its nurses.
        starts_per_nurse: IV starts that one nurse does in a slot.
        mixing_places: Preparations that the pharmacy mixes side by side.
    """

    hours: DayHours
    chairs: tuple[ChairFacts, ...]
    nurses: tuple[NurseShift, ...]
    rule: NurseRule
    iv_starts_per_slot: int | None = None
    mixing_places: int | None = None
    starts_per_nurse: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayLimits:
    """What is allowed on a clinic day, per measure and slot.

    Args:
        layout: What is counted.
        grid: The slots.
        hours: When visits can begin, be mixed and end.
        rule: What steps take of a nurse.
        allowed: int16 matrix [measure x slot], read-only.
    """

    layout: Layout
    grid: Grid
    hours: DayHours
    rule: NurseRule
    allowed: Counts

    def __post_init__(self) -> None:
        self.allowed.setflags(write=False)

    def tolerating(self, before: DayLoad) -> "DayLimits":
        """Return limits under which what is over capacity already may stay, but not get worse."""
        return replace(self, allowed=np.maximum(self.allowed, before.counts))

    def without_nurse_limits(self) -> "DayLimits":
        """Return limits that hold when a charge nurse exceeds nurse limits with a reason."""
        allowed = self.allowed.copy()
        for row, measure in enumerate(self.layout.measures):
            if measure in (IV_STARTS, IN_CHAIRS, NURSE_LOAD) or measure.startswith("competency:"):
                allowed[row] = UNLIMITED
        return replace(self, allowed=allowed)

    def slot_at(self, at: time) -> int:
        """Return the slot that begins at a wall time.

        Raises:
            OffGridError: none does.
        """
        return self.grid.slot_at(at, self.hours)

    def footprint(self, profile: VisitProfile) -> Footprint:
        """Return what a visit adds to this day's matrix."""
        return footprint(profile, self.layout, self.grid.slot_minutes, self.rule.work)

    def earliest_start(self, profile: VisitProfile) -> int:
        """Return the first minute after midnight at which hours and mixing let the visit begin."""
        starts = [minute_of(at) for at in (self.hours.opens, self.hours.doors) if at]
        if profile.mixing and self.hours.mixing_from:
            starts.append(minute_of(self.hours.mixing_from) - profile.mixing_begins)
        return max(starts)

    def latest_start(self, profile: VisitProfile) -> int:
        """Return the last minute after midnight at which the visit still ends in time."""
        ends = [minute_of(self.hours.closes) - profile.chair_minutes]
        if profile.infusion and self.hours.last_drug_end:
            ends.append(minute_of(self.hours.last_drug_end) - profile.drug_ends)
        if profile.mixing and self.hours.mixing_until:
            ends.append(minute_of(self.hours.mixing_until) - profile.mixing_ready)
        return min(ends)


@lru_cache(maxsize=1024)
def limits_of(setup: DaySetup, grid: Grid, layout: Layout) -> DayLimits:
    """Return what a day allows; slots outside the hours allow nobody in a chair."""
    columns = [_allowed_in(setup, grid, layout, slot) for slot in range(grid.slots)]
    allowed = np.array(columns, dtype=np.int16).T.copy()
    return DayLimits(layout=layout, grid=grid, hours=setup.hours, rule=setup.rule, allowed=allowed)


def _allowed_in(setup: DaySetup, grid: Grid, layout: Layout, slot: int) -> list[int]:
    begins = grid.begins(slot)
    ends = begins + grid.slot_minutes
    chairs = [chair for chair in setup.chairs if chair.in_service(begins, ends)]
    opens, closes = minute_of(setup.hours.opens), minute_of(setup.hours.closes)
    is_open = begins < closes and ends > opens
    there = on_duty(setup.nurses, max(begins, opens), min(ends, closes)) if is_open else ()
    by_nurses = len(there) * setup.starts_per_nurse
    starts = by_nurses if setup.iv_starts_per_slot is None else setup.iv_starts_per_slot
    allowed = {
        CHAIRS: len(chairs),
        IV_STARTS: min(by_nurses, starts),
        IN_CHAIRS: sum(_watches(nurse, setup.rule) for nurse in there),
        NURSE_LOAD: len(there) * NURSE,
        MIXING: UNLIMITED if setup.mixing_places is None else setup.mixing_places,
    }
    for need in layout.needs:
        allowed[f"need:{need}"] = sum(need in chair.offers for chair in chairs)
    for name in layout.competencies:
        able = [nurse for nurse in there if name in nurse.competencies]
        allowed[f"competency:{name}"] = len(able) * NURSE
    return [min(allowed[measure], UNLIMITED) for measure in layout.measures]


def _watches(nurse: NurseShift, rule: NurseRule) -> int:
    return rule.patients_per_nurse if nurse.watches is None else nurse.watches
