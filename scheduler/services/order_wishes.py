"""On which weekdays a patient can wish to come."""

from datetime import date, timedelta

from scheduler.domain.hours import DayHours
from scheduler.domain.ids import CenterId
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of

DAYS_OF_A_WEEK = 7


def open_weekdays(uow: UnitOfWork, center_id: CenterId, today: date) -> frozenset[int]:
    """Return the weekdays (Monday is 0) on which a center is regularly open, closures left out."""
    with uow:
        facts = facts_of(uow, center_id)
    week = [today + timedelta(days=number) for number in range(DAYS_OF_A_WEEK)]
    return frozenset(
        day.weekday() for day in week if isinstance(facts.regular_hours(day), DayHours)
    )
