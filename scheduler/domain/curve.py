"""The curve under the board: chairs, nurse load and IV starts of each slot against their limits."""

from dataclasses import dataclass
from datetime import time

from scheduler.domain.day_limits import DayLimits, DayLoad
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, NURSE_LOAD
from scheduler.domain.nursing import NURSE


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One slot of the curve; nurse load ("acuity") is in nurses busy."""

    at: time
    chairs: int
    chairs_allowed: int
    iv_starts: int
    iv_starts_allowed: int
    patients: int
    patients_allowed: int
    nurse_load: float
    nurse_load_allowed: float

    @property
    def over(self) -> bool:
        """Whether any of them is over capacity in this slot."""
        return (
            self.chairs > self.chairs_allowed
            or self.iv_starts > self.iv_starts_allowed
            or self.patients > self.patients_allowed
            or self.nurse_load > self.nurse_load_allowed
        )


def curve(load: DayLoad, limits: DayLimits) -> tuple[CurvePoint, ...]:
    """Return the points of a day, one per slot."""
    rows = [limits.layout.row(name) for name in (CHAIRS, IV_STARTS, IN_CHAIRS, NURSE_LOAD)]
    used = load.counts[rows].T.tolist()
    allowed = limits.allowed[rows].T.tolist()
    return tuple(
        _point(limits.grid.at(slot), used[slot], allowed[slot]) for slot in range(len(used))
    )


def _point(at: time, used: list[int], allowed: list[int]) -> CurvePoint:
    return CurvePoint(
        at=at,
        chairs=used[0],
        chairs_allowed=allowed[0],
        iv_starts=used[1],
        iv_starts_allowed=allowed[1],
        patients=used[2],
        patients_allowed=allowed[2],
        nurse_load=used[3] / NURSE,
        nurse_load_allowed=allowed[3] / NURSE,
    )
