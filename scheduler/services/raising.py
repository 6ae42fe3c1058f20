"""Raising the tasks that nobody asked for: overdue doses, patients not ready, orders that end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.ids import AppointmentId, CenterId, DoseId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.requirements import Readiness
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, instant_at, local_day
from scheduler.persistence import organizations, tasks, waiting
from scheduler.persistence.models import Center, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorization_renewals import raise_authorization_renewals
from scheduler.services.phase_tasks import raise_phases
from scheduler.services.readiness import readiness_of
from scheduler.services.renewals import raise_renewals
from scheduler.services.tasks import NewTask, raise_task, settle_tasks

WORKING_DAYS = 3
ORDER_ENDS = timedelta(days=21)
SATURDAY = 5
MIDNIGHT = time(0)
ORDER = "order"

Coming = Sequence[tuple[DoseId, AppointmentId, TreatmentPlan]]


def raise_due(uow: UnitOfWork, *, now: Instant) -> int:
    """Raise what has fallen due for a person to look at; each once. Returns how many tasks.

    Overdue: the window is over and no visit is booked. Not ready: something is missing in three working
    days. Review: the order, or an enrolment in a REMS program, ends within three weeks, a phase that waits for
    the prescriber may begin by then, or a dose of the coming month is beyond its prior authorization.
    """
    with uow:
        centers = {center.id: center for center in organizations.centers(uow)}
        count = _overdue(uow, centers, now) + _not_ready(uow, centers, now)
        count += _ending(uow, centers, now) + raise_renewals(uow, centers, now)
        count += raise_authorization_renewals(uow, centers, now)
        count += raise_phases(uow, centers, now)
        uow.commit()
        return count


def working_days_later(day: date, count: int) -> date:
    """Return the day so many weekdays after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _today(center: Center, now: Instant) -> date:
    return local_day(now, ZoneInfo(center.zone))


def _overdue(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> int:
    if not centers:
        return 0
    latest = max(_today(center, now) for center in centers.values())
    found = [
        (dose, plan, _today(centers[plan.center_id], now))
        for dose, plan in waiting.overdue_doses(uow, before=latest)
    ]
    due = [(dose, plan, today) for dose, plan, today in found if dose.latest < today]
    for dose, plan, today in due:
        detail = (
            f"Dose {dose.ordinal} was due on {dose.due_on:%B} {dose.due_on.day} and its window ended on"
            f" {dose.latest:%B} {dose.latest.day}. Call the patient and find a time."
        )
        new = _task(plan, TaskKind.OVERDUE, dose.id, today, detail)
        raise_task(uow, replace(new, dose_id=dose.id), now=now)
    return len(due)


def _task(
    plan: TreatmentPlan, kind: TaskKind, subject_id: UUID, due_on: date, detail: str
) -> NewTask:
    return NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=kind,
        subject_id=subject_id,
        due_on=due_on,
        detail=detail,
        plan_id=plan.id,
    )


def _not_ready(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> int:
    coming = _coming(uow, centers, now)
    ready = readiness_of(uow, [dose for dose, _, _ in coming])
    _settle(uow, coming, ready, now=now)
    missing = [each for each in coming if each[0] in ready and not ready[each[0]].ready]
    known = tasks.by_subject(uow, TaskKind.NOT_READY, [dose for dose, _, _ in missing])
    count = 0
    for dose_id, visit_id, plan in missing:
        detail, task = _missing_words(ready[dose_id]), known.get(dose_id)
        if task is not None and task.closed_at is None:
            task.detail = detail
        elif task is None or task.closed_by == WORKER.name:
            today = _today(centers[plan.center_id], now)
            new = _task(plan, TaskKind.NOT_READY, dose_id, today, detail)
            raise_task(uow, replace(new, dose_id=dose_id, appointment_id=visit_id), now=now)
            count += 1
    return count


def _missing_words(readiness: Readiness) -> str:
    said = "; ".join(need.sentence for need in readiness.missing if need.sentence)
    return said[:1].upper() + said[1:] or "Something is missing for this visit."


def _coming(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> Coming:
    """Return the doses of visits up to the end of the third working day from now."""
    if not centers:
        return ()
    ends = []
    for center in centers.values():
        last = working_days_later(_today(center, now), WORKING_DAYS)
        zone = ZoneInfo(center.zone)
        ends.append(instant_at(last + timedelta(days=1), MIDNIGHT, zone))
    return waiting.coming_doses(uow, after=now, before=max(ends))


def _settle(
    uow: UnitOfWork, coming: Coming, ready: dict[DoseId, Readiness], *, now: Instant
) -> None:
    """Close the tasks of doses that are ready now, or whose visit is no longer to come."""
    still = {dose for dose, _, _ in coming if dose in ready and not ready[dose].ready}
    cleared = {dose for dose in ready if ready[dose].ready}
    for task in waiting.open_not_ready(uow):
        if task.subject_id not in still:
            ended = TaskOutcome.DONE if task.subject_id in cleared else TaskOutcome.NOT_NEEDED
            settle_tasks(uow, TaskKind.NOT_READY, task.subject_id, ended, now=now, actor=WORKER)


def _ending(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> int:
    days = [_today(center, now) for center in centers.values()]
    if not days:
        return 0
    found = waiting.ending_orders(uow, first=min(days), last=max(days) + ORDER_ENDS)
    known = tasks.known(uow, TaskKind.REVIEW, [order.id for order, _ in found])
    new = [(order, plan) for order, plan in found if (order.id, ORDER) not in known]
    for order, plan in new:
        ends = order.valid_until
        detail = f"The order ends on {ends:%B} {ends.day}, {ends.year}: ask the prescriber for a new one."
        task = _task(plan, TaskKind.REVIEW, order.id, ends, detail)
        raise_task(uow, replace(task, lead=ORDER), now=now)
    return len(new)
