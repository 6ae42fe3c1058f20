"""What a visit takes of a clinic day: its steps in minutes, and its footprint over slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import InvalidError
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, MIXING, NURSE_LOAD, Layout
from scheduler.domain.nursing import NurseWork

Counts: TypeAlias = NDArray[np.int16]
"""A matrix [measure x slot] of small integers."""


class VisitError(InvalidError):
    """Steps that no visit can have."""

    field = "minutes"


class Step(StrEnum):
    """The steps of a visit in order; preparation is premedication or the wait for the drug."""

    INTAKE = "intake"
    IV_START = "iv_start"
    PREPARATION = "preparation"
    INFUSION = "infusion"
    OBSERVATION = "observation"
    DISCHARGE = "discharge"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpan:
    """A step's minutes, counted from the start of the visit."""

    step: Step
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitProfile:
    """A visit as capacity sees it; all times in minutes.

    Args:
        intake: Weight, vital signs, screening.
        iv_start: Getting the line in; 0 when there is none (an injection, teaching).
        premedication: Premedication and its wait.
        mixing: Wait for the drug to be mixed; runs beside premedication.
        infusion: The drug, all flushes included.
        observation: After it, in the chair.
        discharge: Line out, papers.
        turnover: Cleaning: takes the chair, not the nurse.
        needs: What its place must offer.
        competencies: What its nurse must be able to do.
    """

    intake: int = 0
    iv_start: int = 15
    premedication: int = 0
    mixing: int = 0
    infusion: int = 0
    observation: int = 0
    discharge: int = 0
    turnover: int = 0
    needs: frozenset[ChairNeed] = frozenset()
    competencies: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if min(self._minutes()) < 0 or self.turnover < 0 or self.mixing < 0:
            raise VisitError("A step of a visit cannot take less than 0 minutes.")
        if self.chair_minutes == 0:
            raise VisitError("A visit takes at least a minute.")

    def _minutes(self) -> tuple[int, ...]:
        preparation = max(self.premedication, self.mixing)
        return (
            self.intake,
            self.iv_start,
            preparation,
            self.infusion,
            self.observation,
            self.discharge,
        )

    @property
    def chair_minutes(self) -> int:
        """Chair time: what the patient is told, without turnover."""
        return sum(self._minutes())

    @property
    def occupied_minutes(self) -> int:
        """Chair time and turnover: how long nobody else can sit there."""
        return self.chair_minutes + self.turnover

    @property
    def steps(self) -> tuple[StepSpan, ...]:
        """The steps that take time, in order."""
        spans, begins = [], 0
        for step, minutes in zip(Step, self._minutes(), strict=True):
            if minutes:
                spans.append(StepSpan(step=step, begins=begins, ends=begins + minutes))
            begins += minutes
        return tuple(spans)

    @property
    def prepared_from(self) -> int:
        """Minute of the visit at which mixing and premedication begin."""
        return self.intake + self.iv_start

    @property
    def mixing_ready(self) -> int:
        """Minute of the visit at which the drug can be ready."""
        return self.prepared_from + self.mixing

    @property
    def mixing_begins(self) -> int:
        """Minute of the visit at which mixing must begin at the latest, beside premedication."""
        return self.prepared_from + max(self.premedication, self.mixing) - self.mixing

    @property
    def drug_ends(self) -> int:
        """Minute of the visit at which the infusion ends."""
        return sum(self._minutes()[:4])


def together(profiles: Sequence[VisitProfile]) -> VisitProfile:
    """Return one stay that serves several profiles: one intake, one IV start, one discharge.

    Infusions run one after the other; the drugs are mixed side by side.
    """
    return VisitProfile(
        intake=max(p.intake for p in profiles),
        iv_start=max(p.iv_start for p in profiles),
        premedication=max(p.premedication for p in profiles),
        mixing=max(p.mixing for p in profiles),
        infusion=sum(p.infusion for p in profiles),
        observation=max(p.observation for p in profiles),
        discharge=max(p.discharge for p in profiles),
        turnover=max(p.turnover for p in profiles),
        needs=frozenset().union(*(p.needs for p in profiles)),
        competencies=frozenset().union(*(p.competencies for p in profiles)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Neighboring slots of one row that a visit fills with the same value."""

    row: int
    begins: int
    ends: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footprint:
    """What a visit adds to the day's matrix, slot by slot from its start.

    Args:
        counts: int16 matrix [measure x slot of the visit], read-only.
        runs: The same, as runs of equal values, zeros left out.
        uncounted: Needs that the layout does not know; a competency that it does not know is not asked for.
    """

    counts: Counts
    runs: tuple[Run, ...]
    uncounted: tuple[str, ...]

    @property
    def slots(self) -> int:
        """Slots from the start until the chair is free again."""
        return int(self.counts.shape[1])


@lru_cache(maxsize=4096)
def footprint(
    profile: VisitProfile, layout: Layout, slot_minutes: int, work: NurseWork
) -> Footprint:
    """Return what a visit that begins with a slot adds to each measure of the following slots.

    Nurse load is weighted by the minutes of each step in the slot, rounded up.
    """
    stay = _slots(profile.chair_minutes, slot_minutes)
    counts = np.zeros(
        (len(layout.measures), _slots(profile.occupied_minutes, slot_minutes)), dtype=np.int16
    )
    load = _nurse_load(profile, slot_minutes, work)
    known = set(layout.measures)
    wanted = [f"need:{need}" for need in sorted(profile.needs)]
    skills = [f"competency:{name}" for name in sorted(profile.competencies)]
    for measure in (CHAIRS, *(name for name in wanted if name in known)):
        counts[layout.row(measure)] = 1
    counts[layout.row(IN_CHAIRS), :stay] = 1
    for measure in (NURSE_LOAD, *(name for name in skills if name in known)):
        counts[layout.row(measure), :stay] = load
    counts[layout.row(IV_STARTS), _iv_slots(profile, slot_minutes)] = 1
    counts[layout.row(MIXING), _mixing_slots(profile, slot_minutes)] = 1
    counts.setflags(write=False)
    missing = tuple(name for name in wanted if name not in known)
    return Footprint(counts=counts, runs=_runs(counts), uncounted=missing)


def _slots(minutes: int, slot_minutes: int) -> int:
    return -(-minutes // slot_minutes)


def _nurse_load(profile: VisitProfile, slot_minutes: int, work: NurseWork) -> list[int]:
    weights = {
        Step.INTAKE: work.intake,
        Step.IV_START: work.iv_start,
        Step.PREPARATION: work.premedication,
        Step.INFUSION: work.infusion,
        Step.OBSERVATION: work.observation,
        Step.DISCHARGE: work.discharge,
    }
    loads = []
    for slot in range(_slots(profile.chair_minutes, slot_minutes)):
        begins = slot * slot_minutes
        weighted = sum(
            weights[span.step]
            * max(0, min(span.ends, begins + slot_minutes) - max(span.begins, begins))
            for span in profile.steps
        )
        loads.append(_slots(weighted, slot_minutes))
    return loads


def _iv_slots(profile: VisitProfile, slot_minutes: int) -> slice:
    first = profile.intake // slot_minutes
    return slice(first, first + _slots(profile.iv_start, slot_minutes))


def _mixing_slots(profile: VisitProfile, slot_minutes: int) -> slice:
    begins = profile.prepared_from
    if not profile.mixing:
        return slice(0, 0)
    return slice(begins // slot_minutes, _slots(begins + profile.mixing, slot_minutes))


def _runs(counts: Counts) -> tuple[Run, ...]:
    runs: list[Run] = []
    for row, values in enumerate(counts.tolist()):
        edges = [0, *(i for i in range(1, len(values)) if values[i] != values[i - 1]), len(values)]
        runs.extend(
            Run(row=row, begins=begins, ends=ends, value=values[begins])
            for begins, ends in pairwise(edges)
            if values[begins]
        )
    return tuple(runs)
