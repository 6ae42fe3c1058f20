"""Calling a patient whose visit went to a time that is not promised: the time they were told of is off."""

from collections.abc import Iterable

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.told import Told, changed
from scheduler.persistence import tasks
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.message_facts import policy_of
from scheduler.services.owing import Subject
from scheduler.services.tasks import NewTask, settle_tasks, want_task

OFF = "off"


def call_off(uow: UnitOfWork, subject: Subject, told: Iterable[Told], *, now: Instant) -> None:
    """Ask for a call when a tentative visit is no longer when the patient was told; the caller commits."""
    if subject.visit.status is not AppointmentStatus.PENDING:
        return
    old = next((each for each in told if changed(each, subject.facts)), None)
    if old is None and not tasks.was_done(uow, TaskKind.PHONE, subject.visit.id):
        return
    when = f" of {old.day:%A, %B} {old.day.day}, {old.start:%-H:%M}," if old else ""
    new = NewTask(
        center_id=subject.center.id,
        patient_id=subject.visit.patient_id,
        kind=TaskKind.PHONE,
        subject_id=subject.visit.id,
        due_on=local_day(now, policy_of(subject.center).zone),
        detail=f"The visit{when} that the patient knows of is off; its new time is not promised yet. Tell them.",
        lead=OFF,
        appointment_id=subject.visit.id,
    )
    want_task(uow, new, now=now)


def settle_off(uow: UnitOfWork, subject: Subject, *, now: Instant) -> None:
    """Close that call: the visit has moved again, is promised, or is back where it was."""
    settle_tasks(
        uow,
        TaskKind.PHONE,
        subject.visit.id,
        TaskOutcome.NOT_NEEDED,
        now=now,
        actor=WORKER,
        lead=OFF,
    )
