"""What only a patient's page asks for: messages, who looked, visits of the record."""

from sqlalchemy import select

from scheduler.domain.ids import PatientId
from scheduler.persistence.models import Appointment, Audit, Message
from scheduler.persistence.unit_of_work import UnitOfWork


def messages_of(uow: UnitOfWork, patient_id: PatientId, *, limit: int = 60) -> list[Message]:
    """Return a patient's messages, newest first."""
    wanted = (
        select(Message)
        .where(Message.patient_id == patient_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return list(uow.session.scalars(wanted))


def record_of(uow: UnitOfWork, patient_id: PatientId, *, limit: int = 200) -> list[Audit]:
    """Return what the audit says about a patient, newest first."""
    wanted = (
        select(Audit)
        .where(Audit.patient_id == patient_id)
        .order_by(Audit.sequence.desc())
        .limit(limit)
    )
    return list(uow.session.scalars(wanted))


def visits_of(uow: UnitOfWork, patient_id: PatientId, *, limit: int = 80) -> list[Appointment]:
    """Return a patient's visits, cancelled ones too, newest first."""
    wanted = (
        select(Appointment)
        .where(Appointment.patient_id == patient_id)
        .order_by(Appointment.starts_at.desc())
        .limit(limit)
    )
    return list(uow.session.scalars(wanted))
