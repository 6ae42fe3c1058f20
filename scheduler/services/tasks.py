"""Tasks: what a person must do, who does it, each attempt to reach somebody, how it ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    DoseId,
    PatientId,
    PlanId,
    StaffId,
    TaskId,
)
from scheduler.domain.names import require_writable
from scheduler.domain.people import CallOutcome, TaskKind, TaskOutcome
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans, tasks
from scheduler.persistence.models import ContactAttempt, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, note_change

CLOSED = "task closed"


class TaskClosedError(DomainError):
    """Somebody closed the task already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to raise; raised once per (kind, subject, lead).

    Args:
        center_id: Whose worklist it is on.
        patient_id: About whom; None for a week that is short.
        kind: Its queue.
        subject_id: What it is about: appointment, dose, plan or contact.
        due_on: The day by which it should be done.
        detail: What to do or say, in words.
        lead: Which of several about the same subject ("P3D").
    """

    center_id: CenterId
    patient_id: PatientId | None
    kind: TaskKind
    subject_id: UUID
    due_on: date
    detail: str
    lead: str = ""
    appointment_id: AppointmentId | None = None
    dose_id: DoseId | None = None
    plan_id: PlanId | None = None
    contact_id: ContactId | None = None


def concerns(kind: TaskKind, actor: Actor) -> bool:
    """Say whether a kind of task is for a person: weeks that are short only for who manages the center."""
    return kind is not TaskKind.SHORT_WEEK or actor.may(Permission.MANAGE_CENTER)


def raise_task(uow: UnitOfWork, new: NewTask, *, now: Instant) -> TaskId:
    """Raise a task, or open the same one again; a task that is open stays as it is."""
    with uow:
        task = want_task(uow, new, now=now)
        uow.commit()
        return task.id


def want_task(uow: UnitOfWork, new: NewTask, *, now: Instant) -> Task:
    """Add a task, or open the same one again, in a unit of work that the caller commits."""
    task = tasks.same(uow, new.kind, new.subject_id, new.lead)
    if task is None:
        return add_task(uow, new, now=now)
    if task.closed_at is not None:
        _reopen(task, new)
    return task


def add_task(uow: UnitOfWork, new: NewTask, *, now: Instant) -> Task:
    """Add a task that is known to be new; the caller commits."""
    task = Task(
        center_id=new.center_id,
        patient_id=new.patient_id,
        kind=new.kind,
        subject_id=new.subject_id,
        lead=new.lead,
        due_on=new.due_on,
        detail=new.detail,
        appointment_id=new.appointment_id,
        dose_id=new.dose_id,
        plan_id=new.plan_id,
        contact_id=new.contact_id,
        created_at=now,
    )
    uow.add(task)
    return task


def open_again(task: Task) -> None:
    """Take back how a task ended; the caller commits."""
    task.closed_at, task.closed_by, task.outcome, task.outcome_note = None, "", None, ""


def _reopen(task: Task, new: NewTask) -> None:
    open_again(task)
    task.due_on, task.detail, task.next_try_on = new.due_on, new.detail, None
    task.appointment_id = new.appointment_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCall:
    """One attempt to reach somebody.

    Args:
        task_id: For which task.
        outcome: Reached closes the task; the others repeat it.
        spoke_with: Who answered; needed when reached.
        note: Anything worth keeping.
        next_try_on: When to try again; the next day if not said.
    """

    task_id: TaskId
    outcome: CallOutcome
    spoke_with: str = ""
    note: str = ""
    next_try_on: date | None = None


def require_task(uow: UnitOfWork, task_id: TaskId) -> None:
    """Refuse a task that nobody has, before anything else is asked.

    Raises:
        NotFoundError: there is no such task here.
    """
    with uow:
        tasks.get(uow, task_id)


def log_call(uow: UnitOfWork, call: LogCall, *, today: date, now: Instant, actor: Actor) -> None:
    """Keep an attempt; reached closes the task, left word and no answer set the next try.

    Raises:
        InvalidError: reached, but nobody is named; the next try lies in the past; or it is about no patient.
        TaskClosedError: somebody closed the task already.
    """
    actor.require(Permission.BOOK)
    spoke_with = require_writable(call.spoke_with, field="spoke_with")
    note = require_writable(call.note, field="note")
    if call.outcome is CallOutcome.REACHED and not spoke_with:
        raise InvalidError("Say who you spoke with.", field="spoke_with")
    if call.next_try_on is not None and call.next_try_on < today:
        raise InvalidError("Try again today or later.", field="next_try_on")
    with uow:
        task = _task_for(uow, call.task_id, actor)
        if task.patient_id is None:
            raise InvalidError("No patient is to be called about this. Close it instead.")
        uow.add(
            ContactAttempt(
                task_id=task.id,
                at=now,
                outcome=call.outcome,
                spoke_with=spoke_with,
                note=note,
                staff_name=actor.name,
            )
        )
        if call.outcome is CallOutcome.REACHED:
            _close(task, TaskOutcome.DONE, "", now=now, actor=actor)
        else:
            task.next_try_on = call.next_try_on or today + timedelta(days=1)
        uow.audit(
            actor, "call", "task", task.id, at=now, patient_id=task.patient_id, after=call.outcome
        )
        uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask:
    """How a task ended; an outcome is the only way off the worklist."""

    task_id: TaskId
    outcome: TaskOutcome
    note: str = ""


def close_task(uow: UnitOfWork, closing: CloseTask, *, now: Instant, actor: Actor) -> None:
    """Close a task with its outcome; who closed it may take that back for half a minute.

    Raises:
        InvalidError: declined or not needed without a reason.
        TaskClosedError: somebody closed it already.
    """
    actor.require(Permission.BOOK)
    needs_reason = closing.outcome in (TaskOutcome.DECLINED, TaskOutcome.NOT_NEEDED)
    note = require_writable(closing.note, field="note")
    if needs_reason and not note:
        raise InvalidError("Say why, in a few words.", field="note")
    with uow:
        task = _task_for(uow, closing.task_id, actor)
        _note_closed(uow, task, closing.outcome, now=now, actor=actor)
        _close(task, closing.outcome, note, now=now, actor=actor)
        uow.audit(
            actor,
            "close",
            "task",
            task.id,
            at=now,
            patient_id=task.patient_id,
            after=closing.outcome,
        )
        uow.commit()


def _note_closed(
    uow: UnitOfWork, task: Task, outcome: TaskOutcome, *, now: Instant, actor: Actor
) -> None:
    before: Kept = {
        "task": task.id.hex,
        "note": task.outcome_note,  # why a decision was put off
        "plan": plan_status(uow, task),
    }
    words = f"Task closed: {outcome.value.replace('_', ' ')}."
    note_change(uow, CLOSED, words, [before], now=now, actor=actor)


def plan_status(uow: UnitOfWork, task: Task) -> str:
    """Return where the plan of a task stands; empty when it is about none."""
    return plans.plan(uow, task.plan_id).status.value if task.plan_id else ""


def own_task(
    uow: UnitOfWork, task_id: TaskId, owner_id: StaffId | None, *, now: Instant, actor: Actor
) -> None:
    """Give a task to a member of staff, or to nobody."""
    actor.require(Permission.BOOK)
    with uow:
        task = _task_for(uow, task_id, actor)
        task.owner_id = owner_id
        uow.audit(actor, "own", "task", task.id, at=now, patient_id=task.patient_id)
        uow.commit()


def settle_tasks(
    uow: UnitOfWork,
    kind: TaskKind,
    subject_id: UUID,
    outcome: TaskOutcome,
    *,
    now: Instant,
    actor: Actor,
    lead: str | None = None,
) -> None:
    """Close what an event made unnecessary, such as an overdue dose that was booked; the caller commits.

    ``lead`` names one of several about the subject; without it all of them are closed.
    """
    for task in tasks.open_about(uow, kind, subject_id):
        if lead is None or task.lead == lead:
            _close(task, outcome, "", now=now, actor=actor)


def _task_for(uow: UnitOfWork, task_id: TaskId, actor: Actor) -> Task:
    """Return an open task, if it is for the person.

    Raises:
        NotAllowedError: it is for who manages the center.
    """
    task = open_task(uow, task_id)
    if not concerns(task.kind, actor):
        actor.require(Permission.MANAGE_CENTER)
    return task


def open_task(uow: UnitOfWork, task_id: TaskId) -> Task:
    """Return a task that nobody has closed.

    Raises:
        NotFoundError: not one of this organization.
        TaskClosedError: somebody closed it already.
    """
    task = tasks.get(uow, task_id)
    if task.closed_at is not None:
        raise TaskClosedError(f"{task.closed_by or 'Somebody'} closed this task already.")
    return task


def _close(task: Task, outcome: TaskOutcome, note: str, *, now: Instant, actor: Actor) -> None:
    task.closed_at, task.closed_by = now, actor.name
    task.outcome, task.outcome_note = outcome, note
