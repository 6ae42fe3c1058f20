"""Queries on who looks after whom on a day."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, func, select

from scheduler.domain.ids import AppointmentId, CenterId, PatientId, StaffId
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    ClinicDay,
    NurseAssignment,
    PlannedDose,
)
from scheduler.persistence.unit_of_work import UnitOfWork


class CaredFor(NamedTuple):
    """A live visit of a day with what its nurse has to know."""

    id: AppointmentId
    patient_id: PatientId
    starts_at: Instant
    ends_at: Instant
    footprint: str
    ordinal: int | None


def cared_for_on(uow: UnitOfWork, center_id: CenterId, day: date) -> list[CaredFor]:
    """Return the live visits of a day, in order of start, each with its lowest dose ordinal."""
    wanted = (
        select(
            Appointment.id,
            Appointment.patient_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.footprint,
            func.min(PlannedDose.ordinal).label("ordinal"),
        )
        .outerjoin(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
        .outerjoin(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
        .join(ClinicDay, ClinicDay.id == Appointment.clinic_day_id)
        .where(ClinicDay.center_id == center_id, ClinicDay.day == day, Appointment.live)
        .group_by(
            Appointment.id,
            Appointment.patient_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.footprint,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [CaredFor._make(row) for row in uow.session.execute(wanted)]


def assigned(uow: UnitOfWork, center_id: CenterId, day: date) -> dict[AppointmentId, StaffId]:
    """Return the nurse of each visit of a day."""
    mine = NurseAssignment.center_id == center_id, NurseAssignment.day == day
    rows = uow.session.scalars(select(NurseAssignment).where(*mine))
    return {row.appointment_id: row.staff_id for row in rows}


def usual_nurses(
    uow: UnitOfWork, patients: Iterable[PatientId], *, since: date, before: date
) -> dict[PatientId, StaffId]:
    """Return who looked after each patient most often in a span of days; the later one of equals."""
    wanted = (
        select(
            Appointment.patient_id,
            NurseAssignment.staff_id,
            func.count().label("times"),
            func.max(NurseAssignment.day).label("last"),
        )
        .join(Appointment, Appointment.id == NurseAssignment.appointment_id)
        .where(
            Appointment.patient_id.in_(list(patients)),
            NurseAssignment.day >= since,
            NurseAssignment.day < before,
        )
        .group_by(Appointment.patient_id, NurseAssignment.staff_id)
    )
    rows = sorted(uow.session.execute(wanted), key=lambda row: (row.times, row.last))
    return {row.patient_id: row.staff_id for row in rows}


def forget(uow: UnitOfWork, visits: Iterable[AppointmentId]) -> None:
    """Take visits away from their nurses."""
    uow.session.execute(
        delete(NurseAssignment).where(NurseAssignment.appointment_id.in_(list(visits)))
    )
