"""The curve under the board: chairs, nurse load and IV starts of each slot against their limits."""

from dataclasses import dataclass
from datetime import time

from scheduler.domain.capacity import DayLimits, DayLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One slot of the curve; nurse load is in nurses busy."""

    at: time
    chairs: int
    chairs_allowed: int
    iv_starts: int
    iv_starts_allowed: int
    patients: int
    patients_allowed: int
    nurse_load: float
    nurse_load_allowed: float
    over: bool


def curve(load: DayLoad, limits: DayLimits) -> tuple[CurvePoint, ...]:
    """Return the points of a day, one per slot."""
    raise NotImplementedError
