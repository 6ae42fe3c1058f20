"""What a change to a visit owes the patient: called inside the change's own transaction."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.ids import AppointmentId, ContactId, PatientId, PlanId
from scheduler.domain.messages import (
    ContactFacts,
    Lead,
    MessageKind,
    MessageStatus,
    owed_at_once,
)
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.told import Told, changed, next_revision, read
from scheduler.persistence import messages, organizations, patients
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Appointment, Message, Patient
from scheduler.persistence.tasks import was_done
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.calling_off import call_off, settle_off
from scheduler.services.message_facts import (
    contacts_of,
    dose_of,
    nobody,
    policy_of,
    told_facts,
)
from scheduler.services.owing import Subject, call, owe
from scheduler.services.tasks import settle_tasks
from scheduler.services.telling import note_told


def owe_booked(
    uow: UnitOfWork, appointment: Appointment, *, now: Instant, dose: VisitDose | None = None
) -> None:
    """Owe the confirmation of a new visit to each contact who is to be told.

    The days of a course share one message. A tentative visit is not promised, so nothing is owed.
    """
    if appointment.status is not AppointmentStatus.BOOKED or appointment.starts_at <= now:
        return
    kind = MessageKind.COURSE if appointment.course_id else MessageKind.CONFIRMATION
    _owe_to_all(uow, _subject(uow, appointment, dose), kind, now=now)


def owe_series(
    uow: UnitOfWork, plan_id: PlanId, appointments: Sequence[Appointment], *, now: Instant
) -> None:
    """Owe one mail that lists all visits of a series booked together, instead of one for each.

    Tentative ones are not promised, so they do not count.
    """
    promised = (row for row in appointments if row.status is AppointmentStatus.BOOKED)
    coming = sorted((row for row in promised if row.starts_at > now), key=_start)
    if not coming:
        return
    if len(coming) == 1:
        owe_booked(uow, coming[0], now=now)
        return
    uow.session.flush()
    base = _subject(uow, coming[0])
    subject = Subject(
        visit=base.visit,
        center=base.center,
        dose=base.dose,
        facts=base.facts,
        subject_kind="plan",
        subject_id=AppointmentId(plan_id),
    )
    revision = messages.last_revision(uow, plan_id, MessageKind.SERIES_SUMMARY) + 1
    _owe_to_all(uow, subject, MessageKind.SERIES_SUMMARY, now=now, revision=revision)


def owe_promised(
    uow: UnitOfWork, plan_id: PlanId, appointments: Sequence[Appointment], *, now: Instant
) -> None:
    """Owe what visits need that were tentative and are promised now: one mail of all the new ones, or the change."""
    log = messages.of_appointments(uow, [row.id for row in appointments])
    known = {r.id for r in appointments if r.id in log or was_done(uow, TaskKind.PHONE, r.id)}
    for row in appointments:
        if row.id in known:
            owe_moved(uow, row, now=now)
    owe_series(uow, plan_id, [row for row in appointments if row.id not in known], now=now)


def _start(row: Appointment) -> Instant:
    return row.starts_at


def take_back_promise(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Void what a visit owed that is tentative again, and call who was told of an older time."""
    subject = _subject(uow, appointment)
    appointment.notice_revision += 1  # promised once more, it is confirmed once more
    log = messages.of_appointments(uow, [appointment.id]).get(appointment.id, [])
    _void(log, "visit changed since", now)
    _settle_calls(uow, appointment.id, now=now)
    call_off(uow, subject, _told(uow, appointment.id).values(), now=now)


def owe_moved(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe the change if what the patient was told has changed; raise the notice revision then.

    Who has not been told of the visit yet gets the confirmation with the new facts; who was told exactly
    these facts last (a move taken back) gets nothing. Of a visit that is tentative now nothing is promised;
    who was told of its old time is called.
    """
    subject = _subject(uow, appointment)
    settle_off(uow, subject, now=now)
    log = messages.of_appointments(uow, [appointment.id]).get(appointment.id, [])
    revision = next_revision(appointment.notice_revision, _last_facts(log), subject.facts)
    if revision == appointment.notice_revision:
        return
    for row in _on_their_way(uow, subject):
        if row.subject_kind == "appointment":
            note_told(uow, row, now=now)
    appointment.notice_revision = revision
    _void(log, "visit changed since", now)
    _settle_calls(uow, appointment.id, now=now)
    if appointment.status is not AppointmentStatus.BOOKED or appointment.starts_at <= now:
        call_off(uow, subject, _told(uow, appointment.id).values(), now=now)
        return
    if appointment.course_id:
        _owe_to_all(uow, subject, MessageKind.COURSE, now=now)
        return
    before = _told(uow, appointment.id)
    contacts = _contacts(uow, appointment.patient_id)
    new = [c for c in contacts if c.id not in before and c.by_mail]
    other = [c for c in contacts if c not in new]
    moved = [c for c in other if c.id not in before or changed(before[c.id], subject.facts)]
    _owe_to(uow, subject, MessageKind.CONFIRMATION, new, now=now)
    _owe_to(uow, subject, MessageKind.MOVED, moved, now=now)
    _call_if_nobody(uow, subject, MessageKind.MOVED, contacts, now=now)


def owe_cancelled(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe the cancellation to whoever was told of the visit, and void what is unsent."""
    subject = _subject(uow, appointment)
    before = {row.contact_id for row in _on_their_way(uow, subject)}
    before.update(_told(uow, appointment.id))
    void_unsent(uow, appointment_id=appointment.id, why="visit cancelled", now=now)
    _settle_calls(uow, appointment.id, now=now)
    appointment.notice_revision += 1
    if appointment.cancellation is CancellationReason.DECEASED or appointment.starts_at <= now:
        return
    contacts = _contacts(uow, appointment.patient_id)
    knowing = [c for c in contacts if c.id in before or not c.by_mail]
    _owe_to(uow, subject, MessageKind.CANCELLED, knowing, now=now)
    _call_if_nobody(uow, subject, MessageKind.CANCELLED, contacts, now=now)


def owe_restored(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe what a cancellation that was taken back needs: nothing, unless the patient was told of it."""
    log = messages.of_appointments(uow, [appointment.id]).get(appointment.id, [])
    kind = MessageKind.CANCELLED.value
    told = any(row.kind == kind and row.status == MessageStatus.SENT.value for row in log)
    appointment.notice_revision += 1
    _void([row for row in log if row.kind == kind], "visit is on again", now)
    _settle_calls(uow, appointment.id, now=now)
    known = _told(uow, appointment.id)
    if told or not known:
        owe_booked(uow, appointment, now=now)


def void_unsent(
    uow: UnitOfWork,
    *,
    appointment_id: AppointmentId | None = None,
    plan_id: PlanId | None = None,
    patient_id: PatientId | None = None,
    why: str,
    now: Instant,
) -> int:
    """Void unsent messages of a visit, a plan or a patient, and return how many.

    Raises:
        ValueError: none of the three is named.
    """
    if appointment_id is None and plan_id is None and patient_id is None:
        raise ValueError("name a visit, a plan or a patient")
    uow.session.flush()
    rows = messages.unsent(
        uow, appointment_id=appointment_id, plan_id=plan_id, patient_id=patient_id
    )
    return _void(rows, why, now)


def _void(rows: Iterable[Message], why: str, now: Instant) -> int:
    unsent = [r for r in rows if r.status in (MessageStatus.OWED, MessageStatus.CLAIMED)]
    for row in unsent:
        row.status, row.outcome, row.closed_at = MessageStatus.VOID.value, why, now
        row.claimed_by = row.claimed_until = None
    return len(unsent)


def _settle_calls(uow: UnitOfWork, appointment_id: UUID, *, now: Instant) -> None:
    settle_tasks(uow, TaskKind.PHONE, appointment_id, TaskOutcome.NOT_NEEDED, now=now, actor=WORKER)


def _subject(uow: UnitOfWork, appointment: Appointment, dose: VisitDose | None = None) -> Subject:
    uow.session.flush()
    center = organizations.center(uow, appointment.center_id)
    dose = dose or dose_of(uow, appointment)
    return Subject(
        visit=appointment,
        center=center,
        dose=dose,
        facts=told_facts(appointment, center, dose),
        subject_kind="course" if appointment.course_id else "appointment",
        subject_id=appointment.course_id,
    )


def _contacts(uow: UnitOfWork, patient_id: PatientId) -> list[ContactFacts]:
    return contacts_of(uow, patients.contacts_of(uow, patient_id))


def _on_their_way(uow: UnitOfWork, subject: Subject) -> list[Message]:
    """Return mails of which the patient may know without our knowing it yet."""
    return messages.on_their_way(uow, AppointmentId(subject.visit.id), subject.plan_id)


def _last_facts(log: Sequence[Message]) -> Told | None:
    known = [row for row in log if row.facts and row.outcome != "visit changed since"]
    return read(known[-1].facts) if known else None


def _told(uow: UnitOfWork, appointment_id: AppointmentId) -> dict[ContactId, Told]:
    rows = messages.told_of(uow, [appointment_id])
    known = {contact: read(row.facts) for (_, contact), row in rows.items()}
    return {contact: facts for contact, facts in known.items() if facts is not None}


def _owe_to_all(
    uow: UnitOfWork,
    subject: Subject,
    kind: MessageKind,
    *,
    now: Instant,
    revision: int | None = None,
) -> None:
    contacts = _contacts(uow, subject.visit.patient_id)
    _owe_to(uow, subject, kind, contacts, now=now, revision=revision)
    _call_if_nobody(uow, subject, kind, contacts, now=now)


def _call_if_nobody(
    uow: UnitOfWork,
    subject: Subject,
    kind: MessageKind,
    contacts: Iterable[ContactFacts],
    *,
    now: Instant,
) -> None:
    if nobody(contacts) and not silent(_patient(uow, subject), subject, now):
        call(uow, subject, kind, Lead.BOOKING, None, now=now)


def _patient(uow: UnitOfWork, subject: Subject) -> Patient:
    return patients.patient(uow, subject.visit.patient_id)


def _owe_to(
    uow: UnitOfWork,
    subject: Subject,
    kind: MessageKind,
    contacts: Iterable[ContactFacts],
    *,
    now: Instant,
    revision: int | None = None,
) -> None:
    if silent(_patient(uow, subject), subject, now):
        return
    at = subject.visit.notice_revision if revision is None else revision
    last = subject.visit.starts_at
    until = max(last, now + timedelta(days=1)) if kind is MessageKind.CANCELLED else last
    span = (now + policy_of(subject.center).undo, until)
    subject_id = subject.subject_id or subject.visit.id
    for owed in owed_at_once(kind, at, contacts, span):
        if not messages.exists(uow, subject_id, owed.contact.id, at, kind):
            owe(uow, subject, owed, now=now)


def silent(patient: Patient, subject: Subject, now: Instant) -> bool:
    """Say whether nothing is said of this patient at all: dead, or messages paused."""
    paused = patient.messages_paused_until
    today = local_day(now, policy_of(subject.center).zone)
    return patient.deceased_on is not None or (paused is not None and today <= paused)
