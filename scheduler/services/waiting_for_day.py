"""Doses that are planned on a day and not booked yet."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.ids import DoseId
from scheduler.domain.visits import VisitProfile
from scheduler.persistence.look_ahead import doses_ahead
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import needs_of, profile_of
from scheduler.services.center_facts import CenterFacts
from scheduler.services.plans import regimen_of_plan

MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A dose, whose it is, and what its visit takes."""

    dose_id: DoseId
    patient: str
    what: str
    profile: VisitProfile


def waiting_for(uow: UnitOfWork, facts: CenterFacts, day: date) -> tuple[Waiting, ...]:
    """Return the doses planned on a day that are not booked; days of a course are booked together."""
    rows = [
        row
        for row in doses_ahead(uow, facts.id, day, day)
        if row.starts_at is None and row.dose.course is None and row.dose.planned_day == day
    ]
    return tuple(
        Waiting(
            dose_id=row.dose.id,
            patient=row.patient.name,
            what=f"{regimen_of_plan(uow, row.plan).title}, dose {row.dose.ordinal}",
            profile=profile_of(row.dose, needs_of(row.patient, day)),
        )
        for row in rows[:MOST]
    )
