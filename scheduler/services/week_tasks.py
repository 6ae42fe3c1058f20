"""A task for each week, months ahead, that cannot hold its doses; looked for once a day."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.counting import counted
from scheduler.domain.ids import CenterId
from scheduler.domain.look_ahead import WeekAhead, monday_of
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import organizations, tasks
from scheduler.persistence.models import Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.looking_ahead import short_weeks
from scheduler.services.tasks import NewTask, settle_tasks, want_task

KIND = TaskKind.SHORT_WEEK

DECIDED = timedelta(weeks=8)
"""So long before a week somebody should have decided: shifts are not given out yet, few patients were told a day."""


def raise_short_weeks(
    reading: UnitOfWork, uow: UnitOfWork, center_id: CenterId, *, now: Instant
) -> int:
    """Ask about the weeks that cannot hold their doses, unless the center was looked at today.

    A week is asked about once. What a person closed stays closed; a week that holds again, or is over, is closed
    here, and comes back if it turns short once more.

    Args:
        reading: Where the months are reckoned, so that nobody who writes waits for it.
        uow: Where the tasks are written.
        center_id: Which center.
        now: The time.

    Returns:
        How many weeks are on a worklist anew.
    """
    with reading:
        center = organizations.center(reading, center_id)
        today = local_day(now, ZoneInfo(center.zone))
        if center.looked_ahead_on == today:
            return 0
    return _look(reading, uow, center_id, today, now)


def _look(
    reading: UnitOfWork, uow: UnitOfWork, center_id: CenterId, today: date, now: Instant
) -> int:
    wanted = {
        week.monday.isoformat(): _task(center_id, week, today)
        for week in short_weeks(reading, center_id, now=now)
    }
    with uow:
        known = tasks.by_lead(uow, KIND, center_id)
        count = sum(_ask(uow, new, known.get(lead), now) for lead, new in wanted.items())
        for lead, task in known.items():
            if task.closed_at is None and lead not in wanted:
                over = date.fromisoformat(lead) < monday_of(today)
                ended = TaskOutcome.NOT_NEEDED if over else TaskOutcome.DONE
                settle_tasks(uow, KIND, center_id, ended, now=now, actor=WORKER, lead=lead)
        organizations.note_looked_ahead(uow, center_id, today)
        uow.commit()
        return count


def _ask(uow: UnitOfWork, new: NewTask, task: Task | None, now: Instant) -> bool:
    """Raise the task, or keep what it says up to date; say whether it is on the worklist anew."""
    if task is None or (task.closed_at is not None and task.closed_by == WORKER.name):
        want_task(uow, new, now=now)
        return True
    if task.closed_at is None and task.detail != new.detail:
        task.detail = new.detail
    return False


def _task(center_id: CenterId, week: WeekAhead, today: date) -> NewTask:
    return NewTask(
        center_id=center_id,
        patient_id=None,
        kind=KIND,
        subject_id=center_id,
        lead=week.monday.isoformat(),
        due_on=max(today, week.monday - DECIDED),
        detail=_detail(week),
    )


def _detail(week: WeekAhead) -> str:
    monday, doses = week.monday, counted(week.short, "dose")
    why, do = "closed", "Open on a day of that week"
    if week.open_days:
        why, do = week.scarcest, "Add a nurse or hours there"
    return (
        f"The week of {monday:%B} {monday.day}, {monday.year} cannot hold {doses}, even when spread ({why})."
        f" {do}, or ask prescribers about other days."
    )
