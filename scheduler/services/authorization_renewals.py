"""Renewals of prior authorizations as tasks: each once, a month before the first dose that it does not cover."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.authorization_renewals import Uncovered, first_uncovered, renewal_words
from scheduler.domain.authorizations import DoseToCome
from scheduler.domain.ids import CenterId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import AuthorizationStatus
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import requirements as records
from scheduler.persistence import waiting
from scheduler.persistence.models import Authorization, Center, Order, Task, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.persistence.waiting import DoseAhead
from scheduler.services.allotting import NOTHING, fact_of, units_taken
from scheduler.services.tasks import NewTask, add_task, open_again, settle_tasks

# Payers take weeks and want to read how the last dose went: a month ahead, the dose before it of a drug that
# is given every four weeks has just been given or is about to be.
AHEAD = timedelta(days=30)
LEAD = "authorization"

Centers = Mapping[CenterId, Center]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A renewal to ask for: of which authorization of a plan, the day of the first dose without, and the words."""

    plan: TreatmentPlan
    authorization_id: UUID
    due_on: date
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """A plan with its authorizations, oldest first, what was used of them, and its doses that come by then."""

    plan: TreatmentPlan
    order: Order
    authorizations: list[Authorization]
    used: Mapping[UUID, records.Used]
    ahead: list[DoseAhead]


def raise_authorization_renewals(uow: UnitOfWork, centers: Centers, now: Instant) -> int:
    """Raise a task for each authorization that ends, or is used up, before a dose of the coming month.

    One task an authorization: it follows the dose, ends when the dose is covered, another authorization is asked
    for or the plan rests, and what a person closed stays closed. The number of queries does not grow with the
    plans; the caller commits.

    Returns:
        How many tasks are new, or open again.
    """
    wanted = {each.authorization_id: each for each in _wanted(uow, centers, now)}
    rows = waiting.reviews_about(uow, LEAD, wanted)
    known: dict[UUID, Task] = {task.subject_id: task for task in rows}
    _settle(uow, [task for key, task in known.items() if key not in wanted], now=now)
    return sum(_ask(uow, one, known.get(key), now=now) for key, one in wanted.items())


def _settle(uow: UnitOfWork, gone: Sequence[Task], *, now: Instant) -> None:
    """Close tasks that nobody needs to answer any more: done when somebody has recorded an authorization since."""
    plans = [task.plan_id for task in gone if task.plan_id]
    rows = records.authorizations_of(uow, plans) if plans else []
    for task in gone:
        since = [r for r in rows if r.plan_id == task.plan_id and r.changed_at > task.created_at]
        recorded = any(row.status is not AuthorizationStatus.DENIED for row in since)
        ended = TaskOutcome.DONE if recorded else TaskOutcome.NOT_NEEDED
        settle_tasks(uow, task.kind, task.subject_id, ended, now=now, actor=WORKER, lead=LEAD)


def _ask(uow: UnitOfWork, one: Wanted, task: Task | None, *, now: Instant) -> bool:
    """Raise the task about an authorization, or let it follow its dose; say whether it is on the worklist anew."""
    if task is None:
        add_task(uow, _new_task(one), now=now)
        return True
    closed = task.closed_at is not None
    if closed and task.closed_by != WORKER.name:
        return False
    if closed:
        open_again(task)
    if (task.due_on, task.detail) != (one.due_on, one.detail):
        task.due_on, task.detail = one.due_on, one.detail
    return closed


def _new_task(one: Wanted) -> NewTask:
    return NewTask(
        center_id=one.plan.center_id,
        patient_id=one.plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=one.authorization_id,
        lead=LEAD,
        due_on=one.due_on,
        detail=one.detail,
        plan_id=one.plan.id,
    )


def _wanted(uow: UnitOfWork, centers: Centers, now: Instant) -> Iterator[Wanted]:
    for each in _treated(uow, centers, now):
        today = _day_at(centers[each.plan.center_id], now)
        days = {ahead.dose.id: _day_of(ahead, centers) for ahead in each.ahead}
        doses = [
            DoseToCome(
                id=row.dose.id,
                day=max(days[row.dose.id], today),  # what is overdue can come today at the soonest
                units=units_taken(uow, each.plan, each.order, row.dose),
            )
            for row in each.ahead
            if days[row.dose.id] <= today + AHEAD
        ]
        facts = [fact_of(row, each.used.get(row.id, NOTHING)) for row in each.authorizations]
        found = first_uncovered(facts, doses)
        if found is not None:
            yield _renewal(each, found, planned=days[found.dose.id], today=today)


def _renewal(each: Treated, found: Uncovered, *, planned: date, today: date) -> Wanted:
    number = next(row.number for row in each.authorizations if row.id == found.by.id)
    booked = any(row.starts_at for row in each.ahead if row.dose.id == found.dose.id)
    return Wanted(
        plan=each.plan,
        authorization_id=found.by.id,
        due_on=planned,
        detail=renewal_words(found, number=number, planned=planned, booked=booked, today=today),
    )


def _treated(uow: UnitOfWork, centers: Centers, now: Instant) -> Iterator[Treated]:
    """Yield the plans whose authorization may give out by then, in four queries for all."""
    horizon = now + AHEAD + timedelta(days=2)  # wherever the center is, its day is not later
    plans = records.running_authorized(uow, until=horizon.date()) if centers else []
    if not plans:
        return
    ids = [plan.id for plan, _ in plans]
    rows: dict[PlanId, list[Authorization]] = defaultdict(list)
    for row in records.authorizations_of(uow, ids):
        rows[row.plan_id].append(row)
    used = records.used_of(uow, [row.id for mine in rows.values() for row in mine])
    doses: dict[PlanId, list[DoseAhead]] = defaultdict(list)
    for dose in waiting.doses_ahead(uow, ids, by=horizon):
        doses[dose.dose.plan_id].append(dose)
    for plan, order in plans:
        yield Treated(
            plan=plan,
            order=order,
            authorizations=rows[plan.id],
            used=used,
            ahead=doses[plan.id],
        )


def _day_of(ahead: DoseAhead, centers: Centers) -> date:
    """Return the day a dose is booked, else planned, else due."""
    if ahead.starts_at is not None and ahead.center_id is not None:
        return _day_at(centers[ahead.center_id], ahead.starts_at)
    return ahead.dose.planned_day or ahead.dose.due_on


def _day_at(center: Center, at: Instant) -> date:
    return local_day(at, ZoneInfo(center.zone))
