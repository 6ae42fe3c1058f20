"""Visits that cannot stay and cannot move: each becomes a task that says so."""

from collections.abc import Sequence
from datetime import timedelta

from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.people import TaskKind
from scheduler.domain.timing import Instant, local, local_day
from scheduler.persistence import appointments as stored
from scheduler.persistence import tasks
from scheduler.persistence.models import Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import TO_COME
from scheduler.services.center_facts import facts_of
from scheduler.services.tasks import NewTask, want_task

SOONER = timedelta(days=7)


def ask_about(
    uow: UnitOfWork, center_id: CenterId, left: Sequence[AppointmentId], *, now: Instant
) -> list[Task]:
    """Raise a task for each visit that has no other place; the caller commits. Return the new ones."""
    zone = facts_of(uow, center_id).zone
    today = local_day(now, zone)
    raised = []
    for row in stored.by_id(uow, left):
        if row.status not in TO_COME or row.center_id != center_id:
            continue
        at = local(row.starts_at, zone)
        words = f"{at:%a, %b} {at.day}, {at:%-H:%M}"
        items = stored.items(uow, [row.id])
        dose_id = next((item.dose_id for item in items if item.dose_id), None)
        known = tasks.same(uow, TaskKind.REBOOK, dose_id or row.id, "")
        new = NewTask(
            center_id=center_id,
            patient_id=row.patient_id,
            kind=TaskKind.REBOOK,
            subject_id=dose_id or row.id,
            due_on=max(today, at.date() - SOONER),
            detail=f"The visit of {words} cannot stay there, and no other day of its window has room."
            " Move it by hand or cancel it.",
            appointment_id=row.id,
            dose_id=dose_id,
        )
        if known is None or known.closed_at is not None:
            raised.append(want_task(uow, new, now=now))
    return raised
