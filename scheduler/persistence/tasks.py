"""Queries on tasks and the attempts to reach somebody for them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from scheduler.domain.appointments import LIVE
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, DoseId, PatientId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    ContactAttempt,
    Patient,
    PlannedDose,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


def get(uow: UnitOfWork, task_id: TaskId) -> Task:
    """Return a task.

    Raises:
        NotFoundError: not one of this organization.
    """
    task = uow.session.get(Task, task_id)
    if task is None:
        raise NotFoundError("task")
    return task


SAME = kept(
    select(Task).where(
        Task.kind == bindparam("kind"),
        Task.subject_id == bindparam("subject_id"),
        Task.lead == bindparam("lead"),
    )
)


def same(uow: UnitOfWork, kind: TaskKind, subject_id: UUID, lead: str) -> Task | None:
    """Return the task of that kind about that subject and lead, open or closed."""
    return uow.session.scalar(SAME, {"kind": kind, "subject_id": subject_id, "lead": lead})


def known(uow: UnitOfWork, kind: TaskKind, subject_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Return which (subject, lead) of that kind have a task already, open or closed."""
    rows = uow.session.execute(
        select(Task.subject_id, Task.lead).where(
            Task.kind == kind, Task.subject_id.in_(subject_ids)
        )
    )
    return {(subject_id, lead) for subject_id, lead in rows}


def by_subject(uow: UnitOfWork, kind: TaskKind, subject_ids: Sequence[UUID]) -> dict[UUID, Task]:
    """Return the task of that kind about each of these subjects, open or closed."""
    wanted = select(Task).where(Task.kind == kind, Task.subject_id.in_(subject_ids))
    return {task.subject_id: task for task in uow.session.scalars(wanted)}


def by_lead(uow: UnitOfWork, kind: TaskKind, subject_id: UUID) -> dict[str, Task]:
    """Return the tasks of that kind about a subject, open or closed, by lead."""
    wanted = select(Task).where(Task.kind == kind, Task.subject_id == subject_id)
    return {task.lead: task for task in uow.session.scalars(wanted)}


def open_tasks(
    uow: UnitOfWork, center_id: CenterId
) -> list[tuple[Task, Patient | None, date | None, PlanStatus | None, Instant | None]]:
    """Return a center's open tasks, most urgent first.

    Each with its patient, if it is about one, the latest day of its dose, the status of its plan, and when its
    visit starts, while it stands.
    """
    rows = uow.session.execute(
        select(Task, Patient, PlannedDose.latest, TreatmentPlan.status, Appointment.starts_at)
        .outerjoin(Patient, Patient.id == Task.patient_id)
        .outerjoin(PlannedDose, PlannedDose.id == Task.dose_id)
        .outerjoin(TreatmentPlan, TreatmentPlan.id == Task.plan_id)
        .outerjoin(
            Appointment,
            and_(Appointment.id == Task.appointment_id, Appointment.status.in_(LIVE)),
        )
        .where(Task.center_id == center_id, Task.closed_at.is_(None))
        .order_by(Task.due_on, Task.created_at, Task.id)
    )
    return [
        (task, patient, latest, status, visit_at)
        for task, patient, latest, status, visit_at in rows
    ]


def open_of_patient(uow: UnitOfWork, patient_id: PatientId) -> list[Task]:
    """Return a patient's open tasks by due day."""
    return list(
        uow.session.scalars(
            select(Task)
            .where(Task.patient_id == patient_id, Task.closed_at.is_(None))
            .order_by(Task.due_on)
        )
    )


def attempts(uow: UnitOfWork, task_ids: Sequence[TaskId]) -> dict[TaskId, list[ContactAttempt]]:
    """Return the attempts of each task, the first one first."""
    found: dict[TaskId, list[ContactAttempt]] = {task_id: [] for task_id in task_ids}
    rows = uow.session.scalars(
        select(ContactAttempt)
        .where(ContactAttempt.task_id.in_(task_ids))
        .order_by(ContactAttempt.at, ContactAttempt.id)
    )
    for row in rows:
        found[row.task_id].append(row)
    return found


def booked_at(uow: UnitOfWork, dose_ids: Sequence[DoseId], at: Instant) -> list[Task]:
    """Return the tasks about these doses that a booking answered at that instant."""
    return list(
        uow.session.scalars(
            select(Task).where(
                Task.subject_id.in_(dose_ids),
                Task.outcome == TaskOutcome.BOOKED,
                Task.closed_at == at,
            )
        )
    )


def open_about(uow: UnitOfWork, kind: TaskKind, subject_id: UUID) -> list[Task]:
    """Return the open tasks of a kind about a subject, whatever their lead."""
    return list(
        uow.session.scalars(
            select(Task).where(
                Task.kind == kind, Task.subject_id == subject_id, Task.closed_at.is_(None)
            )
        )
    )


def was_done(uow: UnitOfWork, kind: TaskKind, subject_id: UUID) -> bool:
    """Say whether a task of a kind about a subject was done: the patient was reached, for a phone call."""
    wanted = select(Task.id).where(
        Task.kind == kind, Task.subject_id == subject_id, Task.outcome == TaskOutcome.DONE
    )
    return uow.session.scalar(wanted.limit(1)) is not None
