"""Queries on the message log, what contacts were told, and what messages are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    DoseId,
    MessageId,
    PatientId,
    PlanId,
)
from scheduler.domain.messages import UNSENT, MessageKind, MessageStatus
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Contact,
    ContactTold,
    Message,
    MessageAttempt,
    Patient,
    PlannedDose,
    Requirement,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork

OPEN_REQUIREMENTS = (
    RequirementStatus.NEEDED,
    RequirementStatus.REQUESTED,
    RequirementStatus.TO_REVIEW,
    RequirementStatus.FAILED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDose:
    """The dose a visit is for, as far as messages care."""

    dose_id: DoseId
    plan_id: PlanId
    ingredient: str
    phase: str
    ordinal: int


def message(uow: UnitOfWork, message_id: MessageId) -> Message:
    """Return a message of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Message, message_id)
    if found is None:
        raise NotFoundError("message")
    return found


def appointment(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Appointment, appointment_id)
    if found is None:
        raise NotFoundError("visit")
    return found


def doses_of(
    uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]
) -> dict[AppointmentId, VisitDose]:
    """Return, by visit, the first dose it is for; visits without one are left out."""
    rows = uow.session.execute(
        select(AppointmentItem.appointment_id, PlannedDose, TreatmentPlan.ingredient)
        .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
        .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
        .where(
            AppointmentItem.appointment_id.in_(list(appointment_ids)),
            AppointmentItem.dropped_at.is_(None),
        )
        .order_by(AppointmentItem.id.desc())
    )
    return {
        appointment_id: VisitDose(
            dose_id=dose.id,
            plan_id=dose.plan_id,
            ingredient=ingredient,
            phase=dose.phase,
            ordinal=dose.ordinal,
        )
        for appointment_id, dose, ingredient in rows
    }


def unready(uow: UnitOfWork, doses: Sequence[VisitDose]) -> set[DoseId]:
    """Return the doses with a requirement that must be met before the day and is not."""
    rows = uow.session.execute(
        select(Requirement.plan_id, Requirement.dose_id).where(
            Requirement.plan_id.in_([dose.plan_id for dose in doses]),
            Requirement.kind == "before_day",
            Requirement.status.in_(OPEN_REQUIREMENTS),
        )
    ).all()
    plans = {plan_id for plan_id, dose_id in rows if dose_id is None}
    single = {dose_id for _, dose_id in rows if dose_id is not None}
    return {dose.dose_id for dose in doses if dose.plan_id in plans or dose.dose_id in single}


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


def last_revision(uow: UnitOfWork, subject_id: UUID, kind: MessageKind) -> int:
    """Return the highest notice revision of a subject's messages of a kind; 0 when there is none."""
    return (
        uow.session.scalar(
            select(func.max(Message.notice_revision)).where(
                Message.subject_id == subject_id, Message.kind == kind.value
            )
        )
        or 0
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


def patients_by_id(uow: UnitOfWork, patient_ids: Iterable[PatientId]) -> dict[PatientId, Patient]:
    """Return several patients."""
    rows = uow.session.scalars(select(Patient).where(Patient.id.in_(list(patient_ids))))
    return {row.id: row for row in rows}


def upcoming(
    uow: UnitOfWork, center_id: CenterId, *, after: Instant, before: Instant
) -> list[Appointment]:
    """Return a center's booked visits that start in a span."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .where(
                Appointment.center_id == center_id,
                Appointment.status == AppointmentStatus.BOOKED,
                Appointment.starts_at > after,
                Appointment.starts_at <= before,
            )
            .order_by(Appointment.starts_at, Appointment.id)
        )
    )


def of_course(uow: UnitOfWork, course_id: AppointmentId) -> list[Appointment]:
    """Return the days of a course that are not over, in order of time."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .where(Appointment.course_id == course_id)
            .order_by(Appointment.starts_at)
        )
    )


def of_plan(uow: UnitOfWork, plan_id: PlanId, *, after: Instant) -> list[Appointment]:
    """Return the booked visits of a plan after an instant, in order of time."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
            .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
            .where(
                PlannedDose.plan_id == plan_id,
                AppointmentItem.dropped_at.is_(None),
                Appointment.status == AppointmentStatus.BOOKED,
                Appointment.starts_at > after,
            )
            .order_by(Appointment.starts_at)
        ).unique()
    )


def unsent(uow: UnitOfWork, *where: ColumnElement[bool]) -> list[Message]:
    """Return unsent messages that meet conditions."""
    return list(uow.session.scalars(select(Message).where(Message.status.in_(UNSENT), *where)))


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


def release(uow: UnitOfWork, *where: ColumnElement[bool]) -> int:
    """Make claimed messages owed again, and return how many."""
    result = uow.session.execute(
        update(Message)
        .where(Message.status == MessageStatus.CLAIMED.value, *where)
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
