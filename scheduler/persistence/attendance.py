"""Queries on one visit as its day happens."""

from collections.abc import Sequence

from sqlalchemy import select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, ClinicDayId, DoseId
from scheduler.persistence.models import Appointment, AppointmentItem, ClinicDay
from scheduler.persistence.unit_of_work import UnitOfWork


def lock_visit(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit with its row locked until the transaction ends.

    Raises:
        NotFoundError: there is none of that id here.
    """
    wanted = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    found = uow.session.scalar(wanted)
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
