"""The desk books: what falls due in the coming weeks, and before the opening months ahead."""

from datetime import date, timedelta

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.domain.timing import Instant
from scheduler.persistence import plans
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import BookDose, book_dose
from scheduler.services.booking_series import BookSeries, SeriesMode, book_series
from scheduler.services.demonstration.simulation import Simulation, at
from scheduler.services.offers import OffersWanted, offers_for_dose

AHEAD = timedelta(days=24)
CALLED = 0.85
"""The share of doses without room that somebody finds another time for at once."""
FARTHER = ((0.30, 182), (0.45, 120), (0.75, 60), (1.0, 17))
"""Shares of the patients who are booked at most so many days ahead when the demonstration opens."""


def book_due(uow: UnitOfWork, sim: Simulation, day: date) -> None:
    """Book what the desk has put down for a day or earlier."""
    waiting = [each for each in sim.to_book if each <= day]
    for each in sorted(waiting):
        for number, plan_id in enumerate(sim.to_book.pop(each)):
            _book(uow, sim, plan_id, day, day + AHEAD, minute=number % 60)


def book_ahead(uow: UnitOfWork, sim: Simulation, plan_id: PlanId, day: date) -> None:
    """Book a patient months ahead, some farther than others."""
    share = sim.dice.random()
    days = next(days for part, days in FARTHER if share <= part)
    _book(uow, sim, plan_id, day, sim.opening.day + timedelta(days=days), minute=30)


def _book(
    uow: UnitOfWork, sim: Simulation, plan_id: PlanId, day: date, until: date, *, minute: int
) -> None:
    if plan_id in sim.unreached:
        return
    request = BookSeries(plan_id=plan_id, mode=SeriesMode.FITTING, until=until)
    made = book_series(uow, request, now=at(day, 9, minute), actor=sim.cast.desk)
    for line in made.refused:
        if sim.dice.random() < CALLED:
            _book_elsewhen(uow, sim, line.dose_id, at(day, 9, minute))
    note_next(uow, sim, plan_id, after=until)


def _book_elsewhen(uow: UnitOfWork, sim: Simulation, dose_id: DoseId, now: Instant) -> None:
    """Call a patient whose window has no room, and take the nearest time outside it."""
    try:
        wanted = OffersWanted(dose_id=dose_id, limit=1)
        for offer in offers_for_dose(uow, wanted, now=now).offers[:1]:
            request = BookDose(
                dose_id=dose_id,
                starts_at=offer.starts_at,
                outside_window_reason="No room in the window; the prescriber agrees.",
            )
            book_dose(uow, request, now=now, actor=sim.cast.charge)
    except DomainError:
        return  # the task asks again


def note_next(uow: UnitOfWork, sim: Simulation, plan_id: PlanId, *, after: date) -> None:
    """Put down when the desk books the plan's next dose: some weeks before it is due."""
    coming = [
        row.planned_on or row.due_on
        for row in plans.doses_of(uow, plan_id)
        if row.state is DoseState.PLANNED and (row.planned_on or row.due_on) > after
    ]
    if coming:
        sim.to_book[min(coming) - AHEAD + timedelta(days=3)].append(plan_id)
