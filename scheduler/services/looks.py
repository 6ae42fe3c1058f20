"""Who looked at a patient's record: noted in the audit like a change."""

from uuid import UUID

from scheduler.domain.people import Viewed
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import looks
from scheduler.persistence.unit_of_work import UnitOfWork


def note_look(
    uow: UnitOfWork, viewed: Viewed, viewed_id: UUID, *, now: Instant, actor: Actor
) -> None:
    """Note in the audit that somebody was shown something of a patient's record; a short write of its own.

    Raises:
        NotFoundError: there is none of that id here.
    """
    with uow:
        patient_id = looks.patient_of(uow, viewed, viewed_id)
        uow.audit(actor, "viewed", viewed, viewed_id, at=now, patient_id=patient_id)
        uow.commit()
