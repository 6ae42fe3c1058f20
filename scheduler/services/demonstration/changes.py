"""What does not go as planned: visits that patients move or cancel some days before."""

from datetime import date, timedelta

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import DomainError
from scheduler.persistence import appointments, plans
from scheduler.persistence.days import StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.demonstration.attendance import visits_on
from scheduler.services.demonstration.simulation import Simulation, at
from scheduler.services.moving import MoveAppointment, move_appointment

NOTICE = timedelta(days=2)
MOVED, CANCELLED = 0.03, 0.012
LATE_BY = (2, 4, 7, 14, 21)


def change_some(uow: UnitOfWork, sim: Simulation, day: date) -> None:
    """Let a few patients whose visit is in two days call to move or cancel it."""
    for number, visit in enumerate(visits_on(uow, sim, day + NOTICE)):
        chance = sim.dice.random()
        if chance < MOVED:
            _move(uow, sim, visit, day, minute=number % 60)
        elif chance < MOVED + CANCELLED:
            _cancel(uow, sim, visit, day, minute=number % 60)


def _move(uow: UnitOfWork, sim: Simulation, visit: StoredStay, day: date, *, minute: int) -> None:
    to = day + NOTICE + timedelta(days=sim.dice.choice(LATE_BY))
    request = MoveAppointment(
        appointment_id=visit.id,
        day=to,
        reason="The patient called.",
        outside_window_reason="The patient is away; the prescriber agrees.",
    )
    try:
        move_appointment(uow, request, now=at(day, 11, minute), actor=sim.cast.charge)
    except DomainError:
        return  # no place there: the visit stays where it is, as the patient is told on the phone


def _cancel(uow: UnitOfWork, sim: Simulation, visit: StoredStay, day: date, *, minute: int) -> None:
    request = CancelAppointment(
        appointment_id=visit.id, reason=CancellationReason.PATIENT, note="Has a cold."
    )
    items = appointments.items(uow, [visit.id])
    rows = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
    try:
        cancel_appointment(uow, request, now=at(day, 11, minute), actor=sim.cast.desk)
    except DomainError:
        return
    for row in rows.values():
        sim.to_book[day + timedelta(days=1)].append(row.plan_id)
