"""What a patient does behind a link in a mail: the birth date, three answers, and stopping the mails."""

import hmac
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import MessageId, PlanId
from scheduler.domain.people import AddressStatus, TaskKind, TaskOutcome
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import attendance, links, message_visits, patients
from scheduler.persistence.models import Appointment, PatientLink
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import verify_address, withdraw
from scheduler.services.link_holders import LinkHolder
from scheduler.services.tasks import NewTask, raise_task, settle_tasks

MOST_FAILURES = 5


class LinkClosedError(DomainError):
    """Too many wrong birth dates: the link does not open any more."""

    status = 403


class VisitOverError(DomainError):
    """The visit is over, cancelled, or has begun: there is nothing to answer."""


class Answer(StrEnum):
    """The three buttons."""

    COMING = "coming"
    CALL_ME = "call_me"
    CANNOT_COME = "cannot_come"


TASKS = {
    Answer.CALL_ME: (TaskKind.CALL_BACK, "The patient asks to be called about this visit."),
    Answer.CANNOT_COME: (
        TaskKind.REBOOK,
        "The patient cannot come. The visit is still booked: call, then move or cancel it.",
    ),
}


def check_birth_date(
    uow: UnitOfWork, holder: LinkHolder, birth_date: date, *, now: Instant
) -> bool:
    """Say whether this is the patient's birth date; after five wrong ones the link is closed.

    The first right one shows that the mail reached its contact, so the address counts as verified. A closed
    link becomes a task: the patient cannot answer any more, or somebody else reads these mails.

    Raises:
        LinkClosedError: too many wrong ones.
    """
    with uow:
        link = _link(uow, holder.link_id)
        stored = patients.patient(uow, holder.patient_id).birth_date
        right = hmac.compare_digest(stored.isoformat(), birth_date.isoformat())
        if right and link.used_at is None:
            link.used_at = now
            _verify(uow, holder, now=now)
        _count(link, now=now, right=right)
        closed = link.revoked_at is not None
        if closed and not right:
            _raise_closed(uow, holder, now=now)
        uow.commit()
    if closed:
        raise LinkClosedError("Too many wrong dates. Please call us; the link is closed now.")
    return right


def tries_left(uow: UnitOfWork, holder: LinkHolder) -> int:
    """Return how many more wrong birth dates a link takes until it closes; says nothing of the date itself."""
    with uow:
        return max(0, MOST_FAILURES - _link(uow, holder.link_id).failures)


def _count(link: PatientLink, *, now: Instant, right: bool) -> None:
    if link.revoked_at is None:
        link.failures = 0 if right else link.failures + 1
        link.revoked_at = now if link.failures >= MOST_FAILURES else None


def _raise_closed(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> None:
    task = NewTask(
        center_id=holder.center_id,
        patient_id=holder.patient_id,
        kind=TaskKind.CALL_BACK,
        subject_id=holder.link_id,
        due_on=local_day(now, ZoneInfo(holder.zone)),
        detail="Five wrong birth dates closed the link in a mail. Call, and check the address.",
        appointment_id=holder.appointment_id,
        contact_id=holder.contact_id,
    )
    raise_task(uow, task, now=now)


def _verify(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> None:
    contact = patients.contact(uow, holder.contact_id)
    if contact.status is AddressStatus.UNVERIFIED:
        verify_address(uow, contact.id, how="link opened", now=now, actor=holder.actor)


def _link(uow: UnitOfWork, link_id: MessageId) -> PatientLink:
    found = links.link(uow, link_id)
    if found is None:
        raise NotFoundError
    return found


def answer_visit(uow: UnitOfWork, holder: LinkHolder, answer: Answer, *, now: Instant) -> None:
    """Keep what the patient answers; "call me" and "cannot come" become tasks, the visit stays booked.

    Raises:
        VisitOverError: it is not a coming visit any more.
    """
    with uow:
        visit = visit_of_link(uow, holder, now=now)
        if visit is None or visit.status is not AppointmentStatus.BOOKED or visit.starts_at <= now:
            raise VisitOverError("This visit cannot be answered any more. Please call us.")
        _keep(visit, answer, now)
        for kind, _ in TASKS.values():
            settle_tasks(uow, kind, visit.id, TaskOutcome.DONE, now=now, actor=holder.actor)
        if answer in TASKS:
            _raise(uow, holder, visit, answer, now=now)
        attendance.show_change(uow, visit.clinic_day_id)
        uow.audit(
            holder.actor,
            answer.value,
            "appointment",
            visit.id,
            at=now,
            patient_id=visit.patient_id,
        )
        uow.commit()


def _keep(visit: Appointment, answer: Answer, now: Instant) -> None:
    visit.confirmed_at = now if answer is Answer.COMING else None
    visit.call_wanted_at = now if answer is Answer.CALL_ME else None
    visit.cannot_come_at = now if answer is Answer.CANNOT_COME else None


def _raise(
    uow: UnitOfWork, holder: LinkHolder, visit: Appointment, answer: Answer, *, now: Instant
) -> None:
    kind, words = TASKS[answer]
    dose = message_visits.doses_of(uow, [visit.id]).get(visit.id)
    task = NewTask(
        center_id=visit.center_id,
        patient_id=visit.patient_id,
        kind=kind,
        subject_id=visit.id,
        due_on=local_day(now, ZoneInfo(holder.zone)),
        detail=words,
        appointment_id=visit.id,
        dose_id=dose.dose_id if dose else None,
        plan_id=PlanId(dose.plan_id) if dose else None,
        contact_id=holder.contact_id,
    )
    raise_task(uow, task, now=now)


def stop_mails(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> None:
    """Note that the contact wants no more mails; visits are told by phone from then on."""
    withdraw(uow, holder.contact_id, how="link in a mail", now=now, actor=holder.actor)


def visit_of_link(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> Appointment | None:
    """Return the visit a link is about; for a link to all visits, the next one."""
    if holder.appointment_id is not None:
        return message_visits.appointment(uow, holder.appointment_id)
    return next(iter(message_visits.of_patient(uow, holder.patient_id, after=now)), None)
