"""The evening before the opening: the desk calls patients of later days for places that stayed free."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments, plans
from scheduler.persistence.days import StoredStay
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.demonstration.attendance import visits_on
from scheduler.services.demonstration.center import CHAIRS, HOURS, TRAINING_FROM
from scheduler.services.demonstration.opening import half_days, open_days
from scheduler.services.demonstration.simulation import Simulation, at
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.offer_lines import OfferLine

NEAR = timedelta(days=14)
FROM_FARTHER = timedelta(days=31)
THIN = 0.79
"""Share of open chair time, turnover included, below which the desk calls."""
FULL = 0.91
"""Share above which the desk asks patients to come on another day."""
CALLS = 80


def fill_thin_days(uow: UnitOfWork, sim: Simulation, evening: date) -> None:
    """Put visits off from the fullest days of the next two weeks, and bring others forward to thin ones.

    All stay inside their windows.
    """
    for day in open_days(sim.opening.day + timedelta(days=1), sim.opening.day + NEAR):
        _ease(uow, sim, day, now=at(evening, 16, 30))
    for day in open_days(sim.opening.day, sim.opening.day + NEAR):
        calls = _visits_after(uow, sim, day)
        for number, visit in enumerate(calls):
            if number == CALLS or _share(uow, sim, day) >= THIN:
                break
            _call(uow, sim, visit, day, now=at(evening, 17, number))


def _ease(uow: UnitOfWork, sim: Simulation, day: date, *, now: Instant) -> None:
    """Ask patients of a full day to come later, the longest visits first."""
    if _share(uow, sim, day) <= FULL:
        return
    visits = visits_on(uow, sim, day)
    doses = _single_doses(uow, visits)
    for visit in sorted(visits, key=lambda v: v.starts_at - v.chair_free_at):
        if _share(uow, sim, day) <= FULL:
            return
        later = _day_with_room(uow, sim, doses.get(visit.id), day)
        if later is not None:
            _call(uow, sim, visit.id, later, now=now)


def _day_with_room(
    uow: UnitOfWork, sim: Simulation, dose: PlannedDose | None, day: date
) -> date | None:
    """Return the next day of a dose's window that is not full."""
    if dose is None:
        return None
    coming = open_days(day + timedelta(days=1), dose.latest)
    fitting = (each for each in coming if _may_come(dose, each))
    return next((each for each in fitting if _share(uow, sim, each) < THIN), None)


def _may_come(dose: PlannedDose, day: date) -> bool:
    allowed = dose.not_before is None or dose.not_before <= day
    return allowed and dose.earliest <= day <= dose.latest


def _visits_after(uow: UnitOfWork, sim: Simulation, day: date) -> Iterator[AppointmentId]:
    """Yield visits that may come on ``day`` from later days that are not thin: the nearest day first, of a day the longest."""
    last_near = sim.opening.day + NEAR
    for later in open_days(day + timedelta(days=1), last_near + FROM_FARTHER):
        if later <= last_near and _share(uow, sim, later) < THIN + 0.03:
            continue
        visits = visits_on(uow, sim, later)
        doses = _single_doses(uow, visits)
        longest = sorted(visits, key=lambda v: v.starts_at - v.chair_free_at)
        yield from (v.id for v in longest if v.id in doses and _may_come(doses[v.id], day))


def _single_doses(
    uow: UnitOfWork, visits: Sequence[StoredStay]
) -> dict[AppointmentId, PlannedDose]:
    items = [item for item in appointments.items(uow, [v.id for v in visits]) if item.dose_id]
    doses = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
    return {
        item.appointment_id: doses[item.dose_id]
        for item in items
        if item.dose_id and doses[item.dose_id].course_day is None
    }


def _call(
    uow: UnitOfWork, sim: Simulation, visit: AppointmentId, day: date, *, now: Instant
) -> None:
    asked = MoveAppointment(appointment_id=visit, day=day, reason="The desk called.")
    try:
        move_appointment(uow, asked, now=now, actor=sim.cast.desk)
    except DomainError as refusal:
        _take_the_nearest(uow, sim, visit, day, refusal, now=now)


def _take_the_nearest(
    uow: UnitOfWork,
    sim: Simulation,
    visit: AppointmentId,
    day: date,
    refusal: DomainError,
    *,
    now: Instant,
) -> None:
    offers = [offer for offer in refusal.offers if isinstance(offer, OfferLine)]
    starts = [offer.starts_at for offer in offers if offer.day == day]
    for starts_at in starts[:1]:
        asked = MoveAppointment(
            appointment_id=visit, starts_at=starts_at, reason="The desk called."
        )
        try:
            move_appointment(uow, asked, now=now, actor=sim.cast.desk)
        except DomainError:
            return  # somebody else has it; the visit stays where it is


def _share(uow: UnitOfWork, sim: Simulation, day: date) -> float:
    """Return which part of a day's open chair time is taken."""
    closes = TRAINING_FROM if half_days(day, day) else HOURS[0].closes
    hours = datetime.combine(day, closes) - datetime.combine(day, HOURS[0].opens)
    taken = sum(
        (visit.chair_free_at - visit.starts_at for visit in visits_on(uow, sim, day)), timedelta()
    )
    return taken / (hours * len(CHAIRS))
