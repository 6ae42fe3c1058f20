"""Who looked at a patient's record: noted in the audit like a change."""

from uuid import UUID

from scheduler.domain.people import Viewed
from scheduler.domain.roles import Actor, ActorKind
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
        uow.audit(actor, looks.VIEWED, viewed, viewed_id, at=now, patient_id=patient_id)
        uow.commit()


def note_told_again(
    uow: UnitOfWork, viewed: Viewed, viewed_id: UUID, *, now: Instant, actor: Actor
) -> None:
    """Note that a call sent again is answered with what the first one made, as it stands now.

    Commits the caller's unit of work, in which nothing else was changed. Only a program is told in the answer
    itself; a person is led on to a page, whose reading is noted there.
    """
    if actor.kind is ActorKind.API:
        note_look(uow, viewed, viewed_id, now=now, actor=actor)
        uow.commit()


def has_looked(
    uow: UnitOfWork, viewed: Viewed, viewed_id: UUID, *, since: Instant, actor: Actor
) -> bool:
    """Say whether somebody was shown something since a time, as the audit has it."""
    with uow:
        return looks.looked_since(uow, viewed, viewed_id, actor.id, since=since)
