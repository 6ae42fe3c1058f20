"""Queries on one visit as its day happens."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, ClinicDayId, DoseId, PatientId, PlanId
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    ClinicDay,
    Patient,
    PlannedDose,
)
from scheduler.persistence.unit_of_work import UnitOfWork


def visit(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Appointment, appointment_id)
    if found is None:
        raise NotFoundError("visit")
    return found


def lock_visit(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit with its patient, its clinic day and its row locked, in this order, until the transaction ends.

    Raises:
        NotFoundError: there is none of that id here.
    """
    if uow.is_postgresql:  # on SQLite the writer holds the whole database
        patient = select(Appointment.patient_id).where(Appointment.id == appointment_id)
        first = select(Patient.id).where(Patient.id == patient.scalar_subquery())
        uow.session.execute(first.with_for_update())
        day = select(Appointment.clinic_day_id).where(Appointment.id == appointment_id)
        locked = select(ClinicDay.id).where(ClinicDay.id == day.scalar_subquery())
        uow.session.execute(locked.with_for_update())
    wanted = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    found = uow.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError("visit")
    return found


def show_change(uow: UnitOfWork, clinic_day_id: ClinicDayId) -> None:
    """Raise the clinic day's revision, so that boards fetch it anew."""
    uow.session.execute(
        update(ClinicDay)
        .where(ClinicDay.id == clinic_day_id)
        .values(revision=ClinicDay.revision + 1)
    )


def take_up_items(
    uow: UnitOfWork, appointment_id: AppointmentId, dose_ids: Sequence[DoseId]
) -> None:
    """Put doses back on a visit from which they were dropped because they were not given."""
    uow.session.execute(
        update(AppointmentItem)
        .where(
            AppointmentItem.appointment_id == appointment_id,
            AppointmentItem.dose_id.in_(list(dose_ids)),
        )
        .values(dropped_at=None)
    )


def show_plan(uow: UnitOfWork, plan_id: PlanId, *, after: Instant) -> None:
    """Raise the revision of the clinic days on which a plan has visits to come."""
    days = (
        select(Appointment.clinic_day_id)
        .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
        .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
        .where(
            PlannedDose.plan_id == plan_id,
            Appointment.live,
            Appointment.starts_at >= after - timedelta(hours=12),
        )
    )
    uow.session.execute(
        update(ClinicDay)
        .where(ClinicDay.id.in_(days))
        .values(revision=ClinicDay.revision + 1)
        .execution_options(synchronize_session=False)
    )


def show_all(uow: UnitOfWork, *, after: Instant) -> None:
    """Raise the revision of every clinic day to come: something shared by many plans has changed."""
    uow.session.execute(
        update(ClinicDay)
        .where(ClinicDay.day >= (after - timedelta(hours=12)).date())
        .values(revision=ClinicDay.revision + 1)
        .execution_options(synchronize_session=False)
    )


def show_patient(uow: UnitOfWork, patient_id: PatientId, *, after: Instant) -> None:
    """Raise the revision of the clinic days on which a patient has visits to come."""
    days = select(Appointment.clinic_day_id).where(
        Appointment.patient_id == patient_id,
        Appointment.live,
        Appointment.starts_at >= after - timedelta(hours=12),
    )
    uow.session.execute(
        update(ClinicDay)
        .where(ClinicDay.id.in_(days))
        .values(revision=ClinicDay.revision + 1)
        .execution_options(synchronize_session=False)
    )
