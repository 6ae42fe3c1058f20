"""A visit or an unbooked dose as the forms about it name it: who, what, when, and what holds it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.five_steps import ToldLength, five_steps
from scheduler.domain.ids import AppointmentId, ChairId, DoseId, PatientId, PlanId
from scheduler.domain.timing import Instant, local
from scheduler.persistence import appointments, organizations, patients, plans
from scheduler.persistence import centers as center_rows
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plans import regimen_of_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCard:
    """A dose: its plan, patient, and the five steps in minutes."""

    id: DoseId
    ordinal: int
    plan_id: PlanId
    patient_id: PatientId
    patient: str
    birth_date: date
    title: str
    product: str
    amount: str
    due_on: date
    earliest: date
    latest: date
    not_before: date | None
    steps: tuple[ToldLength, ...]
    minutes: int
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCard:
    """A visit: patient, doses, and its place; ``moving`` names every day that moves with it."""

    id: AppointmentId
    version: int
    patient_id: PatientId
    patient: str
    birth_date: date
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus
    chair_id: UUID | None
    chair: str
    doses: tuple[DoseCard, ...]
    moving: tuple[AppointmentId, ...]
    chairs: tuple[tuple[ChairId, str], ...]

    @property
    def days(self) -> int:
        """How many days it has: one, or those of its course."""
        return len(self.moving)


def dose_card(uow: UnitOfWork, dose_id: DoseId) -> DoseCard:
    """Return a dose as a form names it.

    Raises:
        NotFoundError: there is no such dose here.
    """
    with uow:
        dose = plans.dose(uow, dose_id)
        return _dose(uow, dose, _run_of(uow, dose))


def visit_card(uow: UnitOfWork, appointment_id: AppointmentId) -> VisitCard:
    """Return a visit as a form names it.

    Raises:
        NotFoundError: there is no such visit here.
    """
    with uow:
        row = appointments.appointment(uow, appointment_id)
        zone = ZoneInfo(organizations.center(uow, row.center_id).zone)
        patient = patients.patient(uow, row.patient_id)
        items = appointments.items(uow, [row.id])
        doses = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
        chairs = center_rows.chairs_of(uow, row.center_id)
        chair = next((each for each in chairs if each.key == row.chair_key), None)
        course = appointments.course(uow, row.course_id) if row.course_id else [row]
        return VisitCard(
            id=row.id,
            version=row.version,
            patient_id=patient.id,
            patient=patient.name,
            birth_date=patient.birth_date,
            starts_at=local(row.starts_at, zone),
            ends_at=local(row.ends_at, zone),
            status=row.status,
            chair_id=chair.id if chair else None,
            chair=chair.name if chair else "",
            doses=tuple(_dose(uow, dose, 1) for dose in doses.values()),
            moving=tuple(each.id for each in course if each.live),
            chairs=tuple((each.id, each.name) for each in chairs),
        )


def starts_of(uow: UnitOfWork, appointment_id: AppointmentId) -> Instant:
    """Return when a visit starts."""
    with uow:
        return appointments.appointment(uow, appointment_id).starts_at


def _run_of(uow: UnitOfWork, dose: PlannedDose) -> int:
    if dose.course is None:
        return 1
    same = [
        row
        for row in plans.doses_of(uow, dose.plan_id)
        if (row.phase, row.course) == (dose.phase, dose.course)
    ]
    return len(same)


def _dose(uow: UnitOfWork, dose: PlannedDose, run: int) -> DoseCard:
    plan = plans.plan(uow, dose.plan_id)
    order = plans.order(uow, plan.order_id)
    patient = patients.patient(uow, plan.patient_id)
    amount = f"{dose.amount.normalize():f} {dose.unit}" if dose.amount is not None else ""
    return DoseCard(
        id=dose.id,
        ordinal=dose.ordinal,
        plan_id=plan.id,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        title=regimen_of_plan(uow, plan).title,
        product=order.product,
        amount=amount,
        due_on=dose.due_on,
        earliest=dose.earliest,
        latest=dose.latest,
        not_before=dose.not_before,
        steps=five_steps(dose),
        minutes=dose.patient_minutes,
        run=run,
    )
