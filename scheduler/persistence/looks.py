"""Whose record something belongs to: what a page showed, by its own id."""

from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import PatientId
from scheduler.domain.people import Viewed
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    Audit,
    Message,
    Patient,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

VIEWED = "viewed"
"""The action of a look, as the audit names it."""
OWNERS = {
    viewed: kept(select(owner).where(own_id == bindparam("viewed_id")))
    for viewed, owner, own_id in (
        (Viewed.PATIENT, Patient.id, Patient.id),
        (Viewed.PLAN, TreatmentPlan.patient_id, TreatmentPlan.id),
        (Viewed.DOSE, PlannedDose.patient_id, PlannedDose.id),
        (Viewed.VISIT, Appointment.patient_id, Appointment.id),
        (Viewed.MESSAGE, Message.patient_id, Message.id),
    )
}


def patient_of(uow: UnitOfWork, viewed: Viewed, viewed_id: UUID) -> PatientId:
    """Return the patient whose plan, dose, visit or message it is.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.scalar(OWNERS[viewed], {"viewed_id": viewed_id})
    if found is None:
        raise NotFoundError(viewed)
    return PatientId(found)


def looked_since(
    uow: UnitOfWork, viewed: Viewed, viewed_id: UUID, actor_id: UUID | None, *, since: Instant
) -> bool:
    """Say whether somebody's look at something is in the record, not older than ``since``.

    Raises:
        NotFoundError: there is none of that id here.
    """
    wanted = (
        select(Audit.id)
        .where(
            Audit.patient_id == patient_of(uow, viewed, viewed_id),
            Audit.action == VIEWED,
            Audit.entity_id == viewed_id,
            Audit.actor_id == actor_id,
            Audit.at >= since,
        )
        .order_by(Audit.sequence.desc())
        .limit(1)
    )
    return uow.session.scalar(wanted) is not None
