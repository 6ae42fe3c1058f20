"""Room on a clinic day: what is used and allowed per measure and slot, and why a visit does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.chairs import ChairFacts
from scheduler.domain.grid import Grid, Layout
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseRule, NurseShift
from scheduler.domain.visits import Counts, VisitProfile

UNLIMITED = 32_767


class Limit(StrEnum):
    """What can refuse a start, in the order in which a desk explains it."""

    CLOSED = "closed"
    OPENING_HOURS = "opening_hours"
    MIXING_HOURS = "mixing_hours"
    LAST_DRUG_END = "last_drug_end"
    IV_STARTS = "iv_starts"
    CHAIRS = "chairs"
    CHAIR_NEED = "chair_need"
    PATIENTS = "patients"
    NURSE_LOAD = "nurse_load"
    COMPETENCY = "competency"
    MIXING = "mixing"
    CHAIR_ASSIGNMENT = "chair_assignment"
    NOT_BEFORE = "not_before"
    WINDOW = "window"
    HORIZON = "horizon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a visit cannot start in a slot: which limit, when, how much of it is used.

    Args:
        limit: What refuses.
        at: When it does, on the center's clock.
        used: How much was taken before this visit (nurse load in units of ``NURSE``).
        allowed: How much there is.
        detail: The need, competency, or reason that belongs to the limit.
    """

    limit: Limit
    at: time
    used: int = 0
    allowed: int = 0
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The refusal as a desk reads it, one English sentence."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayLoad:
    """What is used on a clinic day: int16 matrix [measure x slot], read-only."""

    counts: Counts

    def to_bytes(self) -> bytes:
        """Return the matrix as little-endian int16, row by row."""
        raise NotImplementedError

    @classmethod
    def from_bytes(cls, data: bytes, layout: Layout, grid: Grid) -> "DayLoad":
        """Return the matrix that ``to_bytes`` wrote.

        Raises:
            ValueError: the bytes are not a matrix of that layout and grid.
        """
        raise NotImplementedError

    @classmethod
    def empty(cls, layout: Layout, grid: Grid) -> "DayLoad":
        """Return a day without visits."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySetup:
    """What a center has on one day: the facts that limits are made of.

    Args:
        hours: When it is open.
        chairs: Its places with their spans out of service.
        nurses: Who is there, from when to when.
        rule: How many patients a nurse watches and what the steps take of her.
        iv_starts_per_slot: A limit of the center beside "one start per nurse".
        mixing_places: Preparations that the pharmacy mixes side by side.
    """

    hours: DayHours
    chairs: tuple[ChairFacts, ...]
    nurses: tuple[NurseShift, ...]
    rule: NurseRule
    iv_starts_per_slot: int | None = None
    mixing_places: int | None = None


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

    def tolerating(self, before: DayLoad) -> "DayLimits":
        """Return limits under which what is over capacity already may stay, but not get worse."""
        return replace(self, allowed=np.maximum(self.allowed, before.counts))

    def without_nurse_limits(self) -> "DayLimits":
        """Return limits that hold when a charge nurse exceeds nurse limits with a reason."""
        raise NotImplementedError


def limits_of(setup: DaySetup, grid: Grid, layout: Layout) -> DayLimits:
    """Return what a day allows; slots outside the hours allow nobody in a chair."""
    raise NotImplementedError


def refuse(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> Refusal | None:
    """Return the first limit that forbids starting ``profile`` in ``slot``, or None.

    Limits are asked in the order in which a desk would explain them: opening hours,
    IV starts, chairs of the visit's needs, nurse load, mixing.
    """
    raise NotImplementedError


def place(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> DayLoad:
    """Return the day with the visit added; checks nothing."""
    raise NotImplementedError


def remove(load: DayLoad, limits: DayLimits, profile: VisitProfile, slot: int) -> DayLoad:
    """Return the day with the visit taken out; the inverse of ``place``."""
    raise NotImplementedError


def over_capacity(load: DayLoad, limits: DayLimits) -> tuple[Refusal, ...]:
    """Return, for each measure that is exceeded, the slot in which it is exceeded most."""
    raise NotImplementedError


def refuse_change(before: DayLoad, after: DayLoad, limits: DayLimits) -> Refusal | None:
    """Return the first limit that a change exceeds more than it was exceeded before, or None."""
    raise NotImplementedError


def free_slots(load: DayLoad, limits: DayLimits, profile: VisitProfile) -> NDArray[np.bool_]:
    """Return for each slot whether the visit can start in it, as ``refuse`` would say."""
    raise NotImplementedError


def free_slots_of_days(
    loads: Sequence[DayLoad], limits: Sequence[DayLimits], profile: VisitProfile
) -> tuple[NDArray[np.bool_], ...]:
    """Return ``free_slots`` of many days, computed at once for days of the same grid."""
    raise NotImplementedError
