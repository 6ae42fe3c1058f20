"""The worklist of a center: open tasks with patient, owner, attempts and the number to call, by queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PatientId, PlanId, TaskId
from scheduler.domain.people import CallOutcome, TaskKind
from scheduler.domain.timing import Instant
from scheduler.persistence import messages, staff, tasks
from scheduler.persistence.models import Contact, ContactAttempt, Patient, Task
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """One try to reach somebody."""

    at: Instant
    outcome: CallOutcome
    spoke_with: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A task as the worklist shows it; ``phones`` are (whom, number)."""

    id: TaskId
    kind: TaskKind
    patient_id: PatientId
    patient: str
    birth_date: date
    due_on: date
    next_try_on: date | None
    detail: str
    owner_id: UUID | None
    owner: str
    attempts: tuple[AttemptLine, ...]
    phones: tuple[tuple[str, str], ...]
    appointment_id: AppointmentId | None
    dose_id: DoseId | None
    plan_id: PlanId | None


def worklist(uow: UnitOfWork, center_id: CenterId) -> tuple[WorkLine, ...]:
    """Return the open tasks of a center, the most urgent first, in a fixed number of queries."""
    with uow:
        rows = tasks.open_tasks(uow, center_id)
        tried = tasks.attempts(uow, [task.id for task, _ in rows])
        contacts = messages.contacts_by_patient(uow, {patient.id for _, patient in rows})
        names: dict[UUID, str] = {person.id: person.name for person in staff.members(uow)}
        return tuple(
            _line(task, patient, tried[task.id], contacts.get(patient.id, []), names)
            for task, patient in rows
        )


def _line(
    task: Task,
    patient: Patient,
    tried: Sequence[ContactAttempt],
    contacts: Sequence[Contact],
    names: dict[UUID, str],
) -> WorkLine:
    return WorkLine(
        id=task.id,
        kind=task.kind,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        due_on=task.due_on,
        next_try_on=task.next_try_on,
        detail=task.detail,
        owner_id=task.owner_id,
        owner=names.get(task.owner_id, "") if task.owner_id else "",
        attempts=tuple(
            AttemptLine(at=a.at, outcome=a.outcome, spoke_with=a.spoke_with, note=a.note)
            for a in tried
        ),
        phones=tuple((one.name or "patient", one.phone) for one in contacts if one.phone),
        appointment_id=task.appointment_id,
        dose_id=task.dose_id,
        plan_id=task.plan_id,
    )
