"""Queries of the pages on which a center is set up: sets of hours, shifts, chairs, who comes when."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from scheduler.domain.ids import AppointmentId, CenterId, StaffId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.board_visits import patient_name
from scheduler.persistence.models import (
    Appointment,
    CenterHours,
    CenterLimits,
    Chair,
    ClinicDay,
    NurseShift,
    Patient,
    Staff,
    StaffRole,
)
from scheduler.persistence.unit_of_work import UnitOfWork


def stored_from(uow: UnitOfWork, center_id: CenterId, first: date) -> list[date]:
    """Return the clinic days from a day on that anything was ever booked on."""
    counted = func.length(ClinicDay.occupancy) > 0
    wanted = select(ClinicDay.day).where(
        ClinicDay.center_id == center_id, ClinicDay.day >= first, counted
    )
    return list(uow.session.scalars(wanted.order_by(ClinicDay.day)))


def drop_hours(uow: UnitOfWork, center_id: CenterId, since: date) -> None:
    """Remove the set of hours that holds from exactly that day."""
    mine = CenterHours.center_id == center_id, CenterHours.effective_from == since
    uow.session.execute(delete(CenterHours).where(*mine))


def limits_from(uow: UnitOfWork, center_id: CenterId, since: date) -> CenterLimits | None:
    """Return the limits that hold from exactly that day, if there are any."""
    mine = CenterLimits.center_id == center_id, CenterLimits.effective_from == since
    return uow.session.scalar(select(CenterLimits).where(*mine))


def drop_shifts(uow: UnitOfWork, center_id: CenterId, staff_id: StaffId, since: date) -> None:
    """Remove a nurse's weekly shifts that begin on that day or later."""
    mine = (
        NurseShift.center_id == center_id,
        NurseShift.staff_id == staff_id,
        NurseShift.day.is_(None),
        NurseShift.effective_from >= since,
    )
    uow.session.execute(delete(NurseShift).where(*mine))


def end_shifts(uow: UnitOfWork, center_id: CenterId, staff_id: StaffId, since: date) -> None:
    """Let a nurse's weekly shifts that hold before a day end on the day before it."""
    wanted = select(NurseShift).where(
        NurseShift.center_id == center_id,
        NurseShift.staff_id == staff_id,
        NurseShift.day.is_(None),
        NurseShift.effective_from < since,
    )
    for row in uow.session.scalars(wanted):
        if row.effective_until is None or row.effective_until >= since:
            row.effective_until = since - timedelta(days=1)


def nurses_at(uow: UnitOfWork, center_id: CenterId) -> list[Staff]:
    """Return the active nurses of a center."""
    wanted = (
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(StaffRole.center_id == center_id, StaffRole.role == Role.NURSE, Staff.active)
    )
    return list(uow.session.scalars(wanted.order_by(Staff.created_at, Staff.id)))


def all_chairs(uow: UnitOfWork, center_id: CenterId) -> list[Chair]:
    """Return the chairs of a center, also those given up, in their order."""
    wanted = select(Chair).where(Chair.center_id == center_id)
    return list(uow.session.scalars(wanted.order_by(Chair.position, Chair.key)))


def booked_in(uow: UnitOfWork, chair_key: int, after: Instant) -> int:
    """Return how many live visits a chair still has to come."""
    wanted = select(func.count()).where(
        Appointment.chair_key == chair_key, Appointment.live, Appointment.ends_at > after
    )
    return uow.session.scalar(wanted) or 0


def names_of(uow: UnitOfWork, visits: Iterable[AppointmentId]) -> dict[AppointmentId, str]:
    """Return the patient's name of each visit."""
    wanted = (
        select(
            Appointment.id,
            Patient.id.label("patient_id"),
            Patient.given_name_sealed,
            Patient.family_name_sealed,
            Patient.name_to_use_sealed,
        )
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(Appointment.id.in_(list(visits)))
    )
    return {row.id: patient_name(row) for row in uow.session.execute(wanted)}
