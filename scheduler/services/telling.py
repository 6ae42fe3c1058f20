"""What contacts know: noted when a mail was sent, or settled while a demonstration is simulated."""

from collections.abc import Sequence

from scheduler.domain.ids import AppointmentId
from scheduler.domain.messages import MessageKind, MessageStatus
from scheduler.domain.timing import Instant
from scheduler.domain.told import written
from scheduler.persistence import message_visits, messages, organizations
from scheduler.persistence.models import Appointment, ContactTold, Message
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.message_facts import told_facts

SETTLED = "settled without mail before the demonstration opened"
MOST_AT_ONCE = 10_000


def note_told(uow: UnitOfWork, row: Message, *, now: Instant) -> None:
    """Note what a contact has now been told of each visit of a message."""
    if row.kind == MessageKind.CANCELLED.value:
        return
    visits = _visits(uow, row, now)
    known = messages.told_of(uow, [visit.id for visit in visits])
    facts = _facts(uow, row, visits)
    for visit in visits:
        entry = known.get((AppointmentId(visit.id), row.contact_id))
        if entry is None:
            entry = ContactTold(contact_id=row.contact_id, appointment_id=visit.id)
            uow.add(entry)
        alone = row.subject_kind == "appointment"
        entry.notice_revision = row.notice_revision if alone else visit.notice_revision
        entry.facts, entry.at = facts[visit.id], now


def _visits(uow: UnitOfWork, row: Message, now: Instant) -> Sequence[Appointment]:
    if row.subject_kind == "plan" and row.plan_id is not None:
        return message_visits.of_plan(uow, row.plan_id, after=now)
    if row.subject_kind == "course":
        return message_visits.of_course(uow, row.subject_id)
    return [message_visits.appointment(uow, row.subject_id)]


def _facts(
    uow: UnitOfWork, row: Message, visits: Sequence[Appointment]
) -> dict[AppointmentId, str]:
    """Return the facts by visit: those of the message, of a series or course each visit's own.

    The facts of a series are its first visit's, also when only a later one is still to come.
    """
    if row.subject_kind == "appointment":
        return {visits[0].id: row.facts}
    center = organizations.center(uow, row.center_id)
    doses = message_visits.doses_of(uow, [visit.id for visit in visits])
    return {visit.id: written(told_facts(visit, center, doses.get(visit.id))) for visit in visits}


def settle_due(uow: UnitOfWork, *, now: Instant) -> int:
    """Count what is due as sent without mail, at its own time, and return how many; for demonstrations."""
    with uow:
        rows = messages.due(uow, now=now, limit=MOST_AT_ONCE)
        for row in rows:
            row.status, row.outcome = MessageStatus.SENT.value, SETTLED
            row.closed_at = max(row.send_after, row.created_at)
            note_told(uow, row, now=now)
        uow.commit()
    return len(rows)
