"""A simulated day's visits: who comes and when, what is given, in part or not; up to some moment of the day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.appointments import DayStep
from scheduler.domain.ids import AppointmentId, DoseId
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments, plans
from scheduler.persistence.days import StoredStay, stays
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, discharge
from scheduler.services.day_steps import TakeStep, take_step
from scheduler.services.demonstration.booking import note_next
from scheduler.services.demonstration.simulation import Simulation
from scheduler.services.footprints import read as read_footprint
from scheduler.services.giving import DoseOutcome
from scheduler.services.no_shows import mark_no_show

NO_SHOW, PART, NOT_GIVEN = 0.012, 0.008, 0.010
UNREACHED = 0.3
WAITED = timedelta(minutes=40)
EARLIEST = timedelta(minutes=14)
"""How long before the start somebody arrives at the earliest, if not called for."""
LOTS = ("K4471", "K4502", "M1180", "M1203", "R0077")
REASONS = {
    GivenOutcome.PART: "Infusion reaction: stopped, prescriber informed.",
    GivenOutcome.NONE: "Fever at check-in; prescriber asked to wait.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens at an instant of the day."""

    at: Instant
    run: Callable[[], object]


def visits_on(uow: UnitOfWork, sim: Simulation, day: date) -> Sequence[StoredStay]:
    """Return the live visits of a day in order of start."""
    return stays(uow, sim.center_id, [day])


def live_day(
    uow: UnitOfWork,
    sim: Simulation,
    day: date,
    *,
    until: Instant | None = None,
    steps: bool = False,
) -> None:
    """Let a day's visits happen in the order of the clock.

    Args:
        uow: The transaction of the day.
        sim: The simulation.
        day: Which day.
        until: Only what happens before.
        steps: Whether each step is noted, or arrival, chair and discharge alone.
    """
    found = visits_on(uow, sim, day)
    doses = _doses(uow, [visit.id for visit in found])
    events = [
        each
        for visit in found
        for each in _visit(uow, sim, visit, doses.get(visit.id, ()), steps=steps)
        if until is None or each.at <= until
    ]
    if until is not None:
        events += _next_one_waits(uow, sim, found, until)
    for each in sorted(events, key=lambda event: event.at):
        each.run()


def _next_one_waits(
    uow: UnitOfWork, sim: Simulation, found: Sequence[StoredStay], until: Instant
) -> Iterator[Happening]:
    """Yield the early arrival of whoever is next to come."""
    coming = [visit for visit in found if visit.starts_at > until + EARLIEST]
    for visit in coming[:1]:
        when = until - timedelta(minutes=sim.dice.randint(2, 9))
        yield _step(uow, visit.id, DayStep.ARRIVED, when, sim.cast.desk)


def _doses(
    uow: UnitOfWork, visits: Sequence[AppointmentId]
) -> dict[AppointmentId, tuple[PlannedDose, ...]]:
    items = [item for item in appointments.items(uow, visits) if item.dose_id is not None]
    rows = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
    found: dict[AppointmentId, tuple[PlannedDose, ...]] = {}
    for item in items:
        dose = rows[DoseId(item.dose_id)] if item.dose_id else None
        if dose is not None:
            known = found.get(AppointmentId(item.appointment_id), ())
            found[AppointmentId(item.appointment_id)] = (*known, dose)
    return found


def _visit(
    uow: UnitOfWork,
    sim: Simulation,
    visit: StoredStay,
    doses: Sequence[PlannedDose],
    *,
    steps: bool,
) -> Iterator[Happening]:
    if sim.dice.random() < NO_SHOW:
        yield _missed(uow, sim, visit, doses)
        return
    moments = _moments(sim, visit)
    noted = [step for step in moments if steps or step in (DayStep.ARRIVED, DayStep.IN_CHAIR)]
    for step in noted:
        if step is not DayStep.DISCHARGED:
            actor = sim.cast.desk if step is DayStep.ARRIVED else sim.cast.nurse
            yield _step(uow, visit.id, step, moments[step], actor)
    yield _end(uow, sim, visit, doses, moments[DayStep.DISCHARGED])


def _moments(sim: Simulation, visit: StoredStay) -> dict[DayStep, Instant]:
    """Return when each step of a visit really happens, near to its plan."""
    length = round((visit.ends_at - visit.starts_at).total_seconds() / 60)
    profile, dice = read_footprint(visit.footprint, length), sim.dice
    arrived = visit.starts_at + timedelta(minutes=dice.randint(-14, 4))
    chair = max(arrived, visit.starts_at) + timedelta(minutes=dice.randint(0, 6))
    before = profile.intake + profile.iv_start + profile.premedication
    infusing = chair + timedelta(minutes=before + dice.randint(-5, 8))
    watched = infusing + timedelta(minutes=profile.infusion + dice.randint(-3, 8))
    left = watched + timedelta(
        minutes=profile.observation + profile.discharge + dice.randint(-2, 6)
    )
    return {
        DayStep.ARRIVED: arrived,
        DayStep.IN_CHAIR: chair,
        DayStep.INFUSING: infusing,
        DayStep.OBSERVATION: watched,
        DayStep.DISCHARGED: left,
    }


def _step(
    uow: UnitOfWork, visit: AppointmentId, step: DayStep, when: Instant, actor: Actor
) -> Happening:
    def run() -> None:
        take_step(uow, TakeStep(appointment_id=visit, step=step), now=when, actor=actor)

    return Happening(at=when, run=run)


def _missed(
    uow: UnitOfWork, sim: Simulation, visit: StoredStay, doses: Sequence[PlannedDose]
) -> Happening:
    when = visit.starts_at + WAITED

    def run() -> None:
        mark_no_show(uow, visit.id, now=when, actor=sim.cast.desk)
        _book_again(sim, doses, when)

    return Happening(at=when, run=run)


def _end(
    uow: UnitOfWork,
    sim: Simulation,
    visit: StoredStay,
    doses: Sequence[PlannedDose],
    when: Instant,
) -> Happening:
    outcomes = tuple(_outcome(sim, dose) for dose in doses)

    def run() -> None:
        request = Discharge(appointment_id=visit.id, outcomes=outcomes)
        discharge(uow, request, now=when, actor=sim.cast.nurse)
        if any(each.outcome is GivenOutcome.NONE for each in outcomes):
            _book_again(sim, doses, when)
        for dose in doses:
            note_next(uow, sim, dose.plan_id, after=when.date())

    return Happening(at=when, run=run)


def _outcome(sim: Simulation, dose: PlannedDose) -> DoseOutcome:
    chance, lot = sim.dice.random(), sim.dice.choice(LOTS)
    if chance < PART and dose.amount:
        amount = (dose.amount * Decimal("0.4")).quantize(Decimal(1))
        outcome = GivenOutcome.PART
        return DoseOutcome(
            dose_id=dose.id, outcome=outcome, amount=amount, reason=REASONS[outcome], lot=lot
        )
    if chance > 1 - NOT_GIVEN:
        outcome = GivenOutcome.NONE
        return DoseOutcome(dose_id=dose.id, outcome=outcome, reason=REASONS[outcome])
    return DoseOutcome(dose_id=dose.id, lot=lot)


def _book_again(sim: Simulation, doses: Sequence[PlannedDose], when: Instant) -> None:
    if sim.dice.random() < UNREACHED:
        sim.unreached |= {dose.plan_id for dose in doses}
    for dose in doses:
        sim.to_book[when.date() + timedelta(days=1)].append(dose.plan_id)
