"""How far two doses of one plan lie apart at least, wherever they are booked or planned."""

from datetime import date, timedelta

from scheduler.domain.dates import not_before
from scheduler.domain.regimen import Phase
from scheduler.services.floors import FOLLOWS_ANY_PLAN


def soonest(previous: date, phase: Phase | None) -> date:
    """Return the first day on which a dose of the phase may follow one on ``previous``."""
    apart = phase.spread.gap if phase and phase.spread else 1
    soonest = previous + timedelta(days=apart)
    gap = phase.min_gap if phase else None
    if gap is None or gap.start not in FOLLOWS_ANY_PLAN:
        return soonest
    return max(soonest, not_before(previous, gap.span))


def last_for(following: date, phase: Phase | None, day: date) -> date:
    """Return the last day, not before ``day``, that leaves the gap to the dose that follows."""
    last = following - timedelta(days=1)
    while last > day and soonest(last, phase) > following:
        last -= timedelta(days=1)
    return last
