"""The worklist of a center: open tasks with patient, owner, attempts and the number to call, by queue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PatientId, PlanId, TaskId
from scheduler.domain.people import CallOutcome, TaskKind
from scheduler.domain.plans import PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence import messages, staff, tasks
from scheduler.persistence.models import Contact, ContactAttempt, Patient, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.phase_tasks import phase_asked_about


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """One try to reach somebody."""

    at: Instant
    outcome: CallOutcome
    spoke_with: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A task as the worklist shows it.

    Args:
        kind: Its queue. A dose to book again whose window is over is overdue, with all that was tried.
        patient_id: About whom; None for a week of the center.
        phones: (whom, number).
        days_over: Days since the latest day of the dose's window; 0 while it is open.
        on_hold: Its plan is on hold.
        lead: Which of several about the same subject it is.
        visit_at: When the visit that it is about starts.
        phase: The phase that somebody decides on, if it asks that.
        put_off: Why the decision was put off.
    """

    id: TaskId
    kind: TaskKind
    due_on: date
    next_try_on: date | None
    detail: str
    owner_id: UUID | None
    owner: str
    attempts: tuple[AttemptLine, ...]
    appointment_id: AppointmentId | None
    dose_id: DoseId | None
    plan_id: PlanId | None
    patient_id: PatientId | None = None
    patient: str = ""
    birth_date: date | None = None
    phones: tuple[tuple[str, str], ...] = ()
    days_over: int = 0
    on_hold: bool = False
    lead: str = ""
    visit_at: Instant | None = None
    phase: str = ""
    put_off: str = ""


def worklist(uow: UnitOfWork, center_id: CenterId, *, today: date) -> tuple[WorkLine, ...]:
    """Return the open tasks of a center, the most urgent first, in a fixed number of queries."""
    with uow:
        rows = tasks.open_tasks(uow, center_id)
        tried = tasks.attempts(uow, [row[0].id for row in rows])
        contacts = messages.contacts_by_patient(uow, {row[1].id for row in rows if row[1]})
        names: dict[UUID, str] = {person.id: person.name for person in staff.members(uow)}
        lines = []
        for task, patient, latest, status, visit_at in rows:
            line = _line(task, tried[task.id], names)
            line = replace(line, on_hold=status is PlanStatus.ON_HOLD, visit_at=visit_at)
            if patient is not None:
                line = _about(line, patient, contacts.get(patient.id, []))
            lines.append(_overdue(line, latest, today))
        return tuple(lines)


def _overdue(line: WorkLine, latest: date | None, today: date) -> WorkLine:
    if line.kind not in (TaskKind.REBOOK, TaskKind.OVERDUE) or latest is None or latest >= today:
        return line
    return replace(line, kind=TaskKind.OVERDUE, days_over=(today - latest).days)


def _about(line: WorkLine, patient: Patient, contacts: Sequence[Contact]) -> WorkLine:
    """Return the line with the patient that it is about, and the numbers to call."""
    return replace(
        line,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        phones=tuple((one.name or "patient", one.phone) for one in contacts if one.phone),
    )


def _line(task: Task, tried: Sequence[ContactAttempt], names: dict[UUID, str]) -> WorkLine:
    return WorkLine(
        id=task.id,
        kind=task.kind,
        due_on=task.due_on,
        next_try_on=task.next_try_on,
        detail=task.detail,
        owner_id=task.owner_id,
        owner=names.get(task.owner_id, "") if task.owner_id else "",
        attempts=tuple(
            AttemptLine(at=a.at, outcome=a.outcome, spoke_with=a.spoke_with, note=a.note)
            for a in tried
        ),
        appointment_id=task.appointment_id,
        dose_id=task.dose_id,
        plan_id=task.plan_id,
        lead=task.lead,
        phase=phase_asked_about(task),
        put_off=task.outcome_note,
    )
