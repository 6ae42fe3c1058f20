"""A treatment plan with its doses as other programs read it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.dose_reasons import paragraph, reasons_from_text
from scheduler.domain.ids import AppointmentId, DoseId, PatientId, PlanId
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plans import regimen_of_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRead:
    """One planned dose.

    Args:
        minutes: From arrival to leaving.
        why: The reasons for its day in one sentence.
    """

    id: DoseId
    ordinal: int
    phase: str
    due_on: date
    planned_on: date | None
    earliest: date
    latest: date
    not_before: date | None
    amount: Decimal | None
    unit: str
    minutes: int
    state: DoseState
    why: str
    appointment_id: AppointmentId | None
    starts_at: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead:
    """A treatment plan with its doses in order."""

    id: PlanId
    patient_id: PatientId
    regimen: str
    title: str
    status: PlanStatus
    version: int
    doses: tuple[DoseRead, ...]


def read_plan(uow: UnitOfWork, plan_id: PlanId) -> PlanRead:
    """Return a plan with its doses, in a fixed number of queries.

    Raises:
        NotFoundError: not one of this organization.
    """
    with uow:
        plan = stored.plan(uow, plan_id)
        rule = regimen_of_plan(uow, plan)
        booked = stored.booked_doses(uow, [plan_id])
        doses = stored.doses_of(uow, plan_id)
        return PlanRead(
            id=plan.id,
            patient_id=plan.patient_id,
            regimen=rule.id,
            title=rule.title,
            status=plan.status,
            version=plan.version,
            doses=tuple(_dose(row, booked.get(row.id)) for row in doses),
        )


def plan_of_dose(uow: UnitOfWork, dose_id: DoseId) -> PlanId:
    """Return the plan that a dose belongs to.

    Raises:
        NotFoundError: not one of this organization.
    """
    with uow:
        return stored.dose(uow, dose_id).plan_id


def _dose(row: PlannedDose, booked: BookedDose | None) -> DoseRead:
    return DoseRead(
        id=row.id,
        ordinal=row.ordinal,
        phase=row.phase,
        due_on=row.due_on,
        planned_on=row.planned_day,
        earliest=row.earliest,
        latest=row.latest,
        not_before=row.not_before,
        amount=row.amount,
        unit=row.unit,
        minutes=row.patient_minutes,
        state=row.state,
        why=paragraph(reasons_from_text(row.reasons)),
        appointment_id=booked.appointment_id if booked else None,
        starts_at=booked.starts_at if booked else None,
    )
