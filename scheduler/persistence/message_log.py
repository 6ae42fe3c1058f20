"""The newest messages of a center with whom they are about and to whom they go."""

from sqlalchemy import select

from scheduler.domain.ids import CenterId
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Contact, Message, Patient
from scheduler.persistence.unit_of_work import UnitOfWork

MOST = 200


def newest(
    uow: UnitOfWork, center_id: CenterId, *, status: str, before: Instant
) -> list[tuple[Message, Patient, Contact]]:
    """Return messages by when they are due, the latest first; ``status`` empty: all."""
    wanted = (
        select(Message, Patient, Contact)
        .join(Patient, Patient.id == Message.patient_id)
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.center_id == center_id, Message.send_after < before)
    )
    if status:
        wanted = wanted.where(Message.status == status)
    rows = uow.session.execute(
        wanted.order_by(Message.send_after.desc(), Message.id.desc()).limit(MOST)
    )
    return [(message, patient, contact) for message, patient, contact in rows]
