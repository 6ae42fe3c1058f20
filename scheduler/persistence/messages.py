"""Queries on the message log, what contacts were told, and what messages are made of."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    MessageId,
    PatientId,
    PlanId,
)
from scheduler.domain.messages import UNSENT, Lead, MessageKind, MessageStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Contact,
    ContactTold,
    Message,
    MessageAttempt,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


def message(uow: UnitOfWork, message_id: MessageId) -> Message:
    """Return a message of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Message, message_id)
    if found is None:
        raise NotFoundError("message")
    return found


def of_appointments(
    uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]
) -> dict[AppointmentId, list[Message]]:
    """Return the messages of each visit, oldest first."""
    found: dict[AppointmentId, list[Message]] = {}
    rows = uow.session.scalars(
        select(Message)
        .where(Message.appointment_id.in_(list(appointment_ids)))
        .order_by(Message.created_at, Message.id)
    )
    for row in rows:
        if row.appointment_id is not None:
            found.setdefault(row.appointment_id, []).append(row)
    return found


def exists(
    uow: UnitOfWork,
    subject_id: UUID,
    contact_id: ContactId,
    revision: int,
    kind: MessageKind,
) -> bool:
    """Say whether that message is owed already, whatever became of it."""
    found = uow.session.scalar(
        select(Message.id).where(
            Message.subject_id == subject_id,
            Message.contact_id == contact_id,
            Message.notice_revision == revision,
            Message.kind == kind.value,
        )
    )
    return found is not None


LAST_REVISION = kept(
    select(func.max(Message.notice_revision)).where(
        Message.subject_id == bindparam("subject_id"), Message.kind == bindparam("kind")
    )
)


def last_revision(uow: UnitOfWork, subject_id: UUID, kind: MessageKind) -> int:
    """Return the highest notice revision of a subject's messages of a kind; 0 when there is none."""
    asked = {"subject_id": subject_id, "kind": kind.value}
    return uow.session.scalar(LAST_REVISION, asked) or 0


def last_lead_owed(uow: UnitOfWork, center_id: CenterId, *, now: Instant) -> Instant | None:
    """Return when a message some days before a visit was last owed, so far as those now due tell."""
    return uow.session.scalar(
        select(Message.created_at)
        .where(
            Message.center_id == center_id,
            Message.send_after <= now,
            Message.lead.in_((Lead.THREE_DAYS, Lead.ONE_DAY)),
        )
        .order_by(Message.send_after.desc(), Message.created_at.desc())
        .limit(1)
    )


def told_of(
    uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]
) -> dict[tuple[AppointmentId, ContactId], ContactTold]:
    """Return what contacts were last told of visits."""
    rows = uow.session.scalars(
        select(ContactTold).where(ContactTold.appointment_id.in_(list(appointment_ids)))
    )
    return {(row.appointment_id, row.contact_id): row for row in rows}


def contacts_by_patient(
    uow: UnitOfWork, patient_ids: Iterable[PatientId]
) -> dict[PatientId, list[Contact]]:
    """Return the contacts of several patients, oldest first."""
    found: dict[PatientId, list[Contact]] = {}
    rows = uow.session.scalars(
        select(Contact).where(Contact.patient_id.in_(list(patient_ids))).order_by(Contact.id)
    )
    for row in rows:
        found.setdefault(row.patient_id, []).append(row)
    return found


def unsent(
    uow: UnitOfWork,
    *,
    appointment_id: AppointmentId | None = None,
    plan_id: PlanId | None = None,
    patient_id: PatientId | None = None,
) -> list[Message]:
    """Return unsent messages of a visit, a plan, a patient; of what meets all that are named."""
    wanted = select(Message).where(Message.status.in_(UNSENT))
    if appointment_id is not None:
        wanted = wanted.where(Message.appointment_id == appointment_id)
    if plan_id is not None:
        wanted = wanted.where(Message.plan_id == plan_id)
    if patient_id is not None:
        wanted = wanted.where(Message.patient_id == patient_id)
    return list(uow.session.scalars(wanted))


def on_their_way(
    uow: UnitOfWork, appointment_id: AppointmentId, plan_id: PlanId | None
) -> list[Message]:
    """Return written messages about a visit of which nobody knows yet whether they arrived.

    They are at the mail server now, or were when the worker was killed.
    """
    about = Message.appointment_id == appointment_id
    if plan_id is not None:
        about |= (Message.plan_id == plan_id) & Message.appointment_id.is_(None)
    at_the_server = Message.status == MessageStatus.CLAIMED.value
    unheard = (Message.status == MessageStatus.OWED.value) & (Message.attempts == 0)
    return list(
        uow.session.scalars(
            select(Message).where(
                about, at_the_server | unheard, Message.rendered_sealed.is_not(None)
            )
        )
    )


def due(uow: UnitOfWork, *, now: Instant, limit: int) -> list[Message]:
    """Return owed messages that are due, locked; what another worker is taking is left out."""
    wanted = (
        select(Message)
        .where(Message.status == MessageStatus.OWED.value, Message.send_after <= now)
        .order_by(Message.send_after, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(uow.session.scalars(wanted))


def release_lapsed(uow: UnitOfWork, *, now: Instant) -> int:
    """Make messages owed again whose claim has lapsed, and return how many."""
    return _release(uow, Message.claimed_until < now)


def release_all_but(uow: UnitOfWork, worker: str) -> int:
    """Make messages owed again that any other worker has claimed, and return how many."""
    return _release(uow, Message.claimed_by != worker)


def _release(uow: UnitOfWork, which: ColumnElement[bool]) -> int:
    result = uow.session.execute(
        update(Message)
        .where(Message.status == MessageStatus.CLAIMED.value, which)
        .values(status=MessageStatus.OWED.value, claimed_by=None, claimed_until=None)
    )
    return int(getattr(result, "rowcount", 0))


def attempts_of(uow: UnitOfWork, message_ids: Iterable[MessageId]) -> list[MessageAttempt]:
    """Return the attempts of messages, oldest first."""
    return list(
        uow.session.scalars(
            select(MessageAttempt)
            .where(MessageAttempt.message_id.in_(list(message_ids)))
            .order_by(MessageAttempt.at, MessageAttempt.id)
        )
    )


def of_patient(uow: UnitOfWork, patient_id: PatientId, *, limit: int = 200) -> list[Message]:
    """Return a patient's messages, newest first."""
    return list(
        uow.session.scalars(
            select(Message)
            .where(Message.patient_id == patient_id)
            .order_by(Message.created_at.desc(), Message.id.desc())
            .limit(limit)
        )
    )
