"""A regimen as part of a center's mix: its usual visit, and how often a year patients come."""

from scheduler.domain.capacity_plan import Share
from scheduler.domain.dates import Interval
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.visits import VisitProfile

DAYS_OF_A_YEAR = 365.25
LATE = 99
"""A dose so late that every visit is the one of a patient who is used to it."""


def share_of(regimen: Regimen, share: float) -> Share:
    """Return the part of a mix that patients on a regimen are, in maintenance."""
    phase = _lasting(regimen)
    rules = [rule for rule in regimen.visits if rule.holds(phase.id, LATE) and not rule.requires]
    minutes = (rules or list(regimen.visits))[-1].minutes
    visit = VisitProfile(
        intake=minutes.intake,
        iv_start=minutes.iv_start,
        premedication=minutes.premedication,
        infusion=minutes.infusion,
        observation=minutes.observation,
        discharge=minutes.discharge,
        turnover=minutes.turnover,
    )
    return Share(visit=visit, share=share, visits_a_year=_a_year(phase))


def _lasting(regimen: Regimen) -> Phase:
    """Return the phase that goes on by itself, without a longer interval that somebody has to choose."""
    lasting = [phase for phase in regimen.phases if phase.every is not None and not phase.clinical]
    return lasting[0] if lasting else regimen.phases[-1]


def _a_year(phase: Phase) -> float:
    if phase.every is None:
        return float(max(1, len(phase.offsets), phase.count or 0))
    return DAYS_OF_A_YEAR / _days(phase.every)


def _days(every: Interval) -> float:
    return every.months * DAYS_OF_A_YEAR / 12 + every.days
