"""Queries for looking months ahead: every dose that is still to be given, and where it is booked."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from scheduler.domain.ids import CenterId, DoseId
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Patient,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork


class DoseAhead(NamedTuple):
    """A dose to come with its plan, and the start of its visit when it is booked."""

    dose: PlannedDose
    plan: TreatmentPlan
    patient: Patient
    starts_at: Instant | None


def doses_ahead(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> list[DoseAhead]:
    """Return the doses of a center's active plans whose windows touch a span, by plan and ordinal."""
    live = and_(
        AppointmentItem.dose_id == PlannedDose.id,
        AppointmentItem.live,
        AppointmentItem.dropped_at.is_(None),
    )
    wanted = (
        select(PlannedDose, TreatmentPlan, Patient, Appointment.starts_at)
        .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
        .join(Patient, Patient.id == PlannedDose.patient_id)
        .outerjoin(AppointmentItem, live)
        .outerjoin(Appointment, Appointment.id == AppointmentItem.appointment_id)
        .where(
            TreatmentPlan.center_id == center_id,
            TreatmentPlan.status == PlanStatus.ACTIVE,
            PlannedDose.state == DoseState.PLANNED,
            PlannedDose.latest >= first,
            PlannedDose.earliest <= last,
            Patient.deceased_on.is_(None),
        )
        .order_by(PlannedDose.plan_id, PlannedDose.ordinal)
    )
    return [DoseAhead._make(row) for row in uow.session.execute(wanted)]


def lock_doses(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> dict[DoseId, PlannedDose]:
    """Return planned doses with their rows locked, in order, as they are stored now."""
    wanted = (
        select(PlannedDose)
        .where(PlannedDose.id.in_(list(dose_ids)))
        .order_by(PlannedDose.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in uow.session.scalars(wanted)}


def waiting_minutes(
    uow: UnitOfWork, center_id: CenterId, first: date, last: date
) -> dict[tuple[date, date], int]:
    """Return the chair minutes of doses that are planned and not booked, by first and last possible day."""
    planned = func.coalesce(PlannedDose.leveled_on, PlannedDose.planned_on)
    begins = case(
        (PlannedDose.not_before > PlannedDose.earliest, PlannedDose.not_before),
        else_=PlannedDose.earliest,
    )
    steps = (PlannedDose.intake, PlannedDose.iv_start, PlannedDose.premedication)
    later = (PlannedDose.infusion, PlannedDose.observation, PlannedDose.discharge)
    minutes = sum((*steps, *later), PlannedDose.turnover + 0)
    live = select(AppointmentItem.id).where(
        AppointmentItem.dose_id == PlannedDose.id,
        AppointmentItem.live,
        AppointmentItem.dropped_at.is_(None),
    )
    wanted = (
        select(begins, PlannedDose.latest, func.sum(minutes))
        .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
        .where(
            TreatmentPlan.center_id == center_id,
            TreatmentPlan.status == PlanStatus.ACTIVE,
            PlannedDose.state == DoseState.PLANNED,
            PlannedDose.latest >= first,
            planned.between(first, last),
            ~live.exists(),
        )
        .group_by(begins, PlannedDose.latest)
    )
    return {(on, until): int(total) for on, until, total in uow.session.execute(wanted)}
