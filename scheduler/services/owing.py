"""Putting owed messages into the log: a mail to be sent, or a phone task where no mail can go."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.ids import AppointmentId, PlanId
from scheduler.domain.last_check import VoidReason
from scheduler.domain.messages import (
    ContactFacts,
    Lead,
    MessageKind,
    MessageStatus,
    OwedMessage,
)
from scheduler.domain.people import TaskKind
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.told import Told, written
from scheduler.messaging.facts import VisitTime
from scheduler.messaging.phone import what_to_say
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Appointment, Center, Message
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.message_facts import policy_of, sections_for, sender_of
from scheduler.services.tasks import NewTask, want_task

PREPARING = (MessageKind.PREPARATION, MessageKind.REMINDER)
BY_PHONE = "told by phone: see the worklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What messages are about.

    Args:
        visit: The visit, or the first of a series or course.
        facts: What the patient is told of it.
        subject_kind: ``appointment``, ``course`` or ``plan``.
        subject_id: The visit, the course or the plan.
    """

    visit: Appointment
    center: Center
    dose: VisitDose | None
    facts: Told
    subject_kind: str = "appointment"
    subject_id: AppointmentId | None = None

    @property
    def plan_id(self) -> PlanId | None:
        """The plan of the visit's dose."""
        return self.dose.plan_id if self.dose else None


def owe(uow: UnitOfWork, subject: Subject, owed: OwedMessage, *, now: Instant) -> Message:
    """Log an owed message; where no mail can go it is closed at once and a phone task raised."""
    row = Message(
        patient_id=subject.visit.patient_id,
        contact_id=owed.contact.id,
        center_id=subject.center.id,
        subject_kind=subject.subject_kind,
        subject_id=subject.subject_id or subject.visit.id,
        appointment_id=None if subject.subject_kind == "plan" else subject.visit.id,
        plan_id=subject.plan_id,
        notice_revision=owed.notice_revision,
        kind=owed.kind.value,
        lead=owed.lead.value,
        contact_revision=owed.contact.revision,
        language=owed.contact.language,
        level=owed.contact.effective_level,
        facts=written(subject.facts),
        send_after=owed.send_after,
        useful_until=owed.useful_until,
        status=MessageStatus.OWED.value,
        created_at=now,
    )
    uow.add(row)
    if now >= subject.visit.starts_at:
        _close(row, VoidReason.OVER, now)
    elif now >= owed.useful_until:
        _close(row, VoidReason.TOO_LATE, now)
    elif not owed.by_mail:
        _close(row, BY_PHONE, now)
        call(uow, subject, owed.kind, owed.lead, owed.contact, now=now)
    return row


def _close(row: Message, why: str, now: Instant) -> None:
    row.status, row.outcome, row.closed_at = MessageStatus.VOID.value, why, now


def call(
    uow: UnitOfWork,
    subject: Subject,
    kind: MessageKind,
    lead: Lead,
    contact: ContactFacts | None,
    *,
    now: Instant,
) -> None:
    """Raise the phone task for a visit and lead, with what to say; one for each, opened again if closed."""
    today = local_day(now, policy_of(subject.center).zone)
    dose = subject.dose
    task = NewTask(
        center_id=subject.center.id,
        patient_id=subject.visit.patient_id,
        kind=TaskKind.PHONE,
        subject_id=subject.subject_id or subject.visit.id,
        due_on=today,
        detail=_what_to_say(subject, kind, lead, today),
        lead=lead.value if lead in (Lead.THREE_DAYS, Lead.ONE_DAY) else kind.value,
        appointment_id=subject.visit.id,
        plan_id=subject.plan_id,
        dose_id=dose.dose_id if dose else None,
        contact_id=contact.id if contact else None,
    )
    want_task(uow, task, now=now)


def _what_to_say(subject: Subject, kind: MessageKind, lead: Lead, today: date) -> str:
    row = subject.visit
    visit = VisitTime(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at)
    sections = sections_for(subject.dose, lead, "en") if kind in PREPARING else ()
    return what_to_say(kind, visit, sender_of(subject.center, ""), today=today, sections=sections)
