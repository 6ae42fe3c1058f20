"""What the board's side panel says of one visit beyond its block."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.board_visits import CAME_FOR
from scheduler.persistence.encryption import unseal
from scheduler.persistence.models import (
    Allergy,
    Appointment,
    AppointmentItem,
    Chair,
    Message,
    Patient,
    PlannedDose,
    Requirement,
)
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDose:
    """A dose of the visit with its window."""

    ordinal: int
    phase: str
    due_on: date
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRequirement:
    """A requirement of one of the visit's plans, met or not."""

    code: str
    kind: str
    status: RequirementStatus
    result_on: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMessage:
    """The last message about the visit."""

    kind: str
    status: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRead:
    """Everything of the panel that is not on the block."""

    mrn: str
    chair: str
    allergies: tuple[str, ...]
    doses: tuple[PanelDose, ...]
    requirements: tuple[PanelRequirement, ...]
    message: PanelMessage | None


def panel(uow: UnitOfWork, center_id: CenterId, appointment_id: AppointmentId) -> PanelRead | None:
    """Return what the panel says of a visit; None when it is not one of this center."""
    wanted = (
        select(Appointment.patient_id, Chair.name, Patient.mrn_sealed)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Chair, Chair.key == Appointment.chair_key)
        .where(Appointment.id == appointment_id, Appointment.center_id == center_id)
    )
    row = uow.session.execute(wanted).one_or_none()
    if row is None:
        return None
    allergies = select(Allergy).where(
        Allergy.patient_id == row.patient_id, Allergy.ended_at.is_(None)
    )
    return PanelRead(
        mrn=unseal(row.mrn_sealed, table="patient", column="mrn", id=row.patient_id),
        chair=row.name,
        allergies=tuple(one.text for one in uow.session.scalars(allergies)),
        doses=_doses(uow, appointment_id),
        requirements=_requirements(uow, appointment_id),
        message=_message(uow, appointment_id),
    )


def _doses(uow: UnitOfWork, appointment_id: AppointmentId) -> tuple[PanelDose, ...]:
    wanted = (
        select(PlannedDose)
        .join(AppointmentItem, AppointmentItem.dose_id == PlannedDose.id)
        .join(Appointment, Appointment.id == AppointmentItem.appointment_id)
        .where(AppointmentItem.appointment_id == appointment_id, CAME_FOR)
        .order_by(AppointmentItem.id)
    )
    return tuple(
        PanelDose(
            ordinal=dose.ordinal,
            phase=dose.phase,
            due_on=dose.due_on,
            earliest=dose.earliest,
            latest=dose.latest,
        )
        for dose in uow.session.scalars(wanted)
    )


def _requirements(uow: UnitOfWork, appointment_id: AppointmentId) -> tuple[PanelRequirement, ...]:
    wanted = (
        select(Requirement)
        .join(PlannedDose, PlannedDose.plan_id == Requirement.plan_id)
        .join(AppointmentItem, AppointmentItem.dose_id == PlannedDose.id)
        .where(
            AppointmentItem.appointment_id == appointment_id,
            AppointmentItem.dropped_at.is_(None),
            Requirement.dose_id.is_(None) | (Requirement.dose_id == PlannedDose.id),
        )
        .order_by(Requirement.kind.desc(), Requirement.code, Requirement.id)
    )
    return tuple(
        PanelRequirement(
            code=one.code,
            kind=one.kind,
            status=one.status,
            result_on=one.result_on,
            valid_until=one.valid_until,
        )
        for one in uow.session.scalars(wanted).unique()
    )


def _message(uow: UnitOfWork, appointment_id: AppointmentId) -> PanelMessage | None:
    wanted = (
        select(Message.kind, Message.status, Message.send_after, Message.closed_at)
        .where(Message.appointment_id == appointment_id, Message.status != "void")
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    )
    row = uow.session.execute(wanted).one_or_none()
    if row is None:
        return None
    return PanelMessage(kind=row.kind, status=row.status, at=row.closed_at or row.send_after)
