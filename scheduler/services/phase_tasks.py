"""Tasks to decide on a phase that waits for the prescriber, before treatment would end without a decision."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.authorizations import spoken_day
from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import CenterId, PlanId, RegimenVersionId, TaskId
from scheduler.domain.names import require_writable
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.phase_numbers import phase_name
from scheduler.domain.plans import DoseState
from scheduler.domain.regimen import Regimen
from scheduler.domain.roles import WORKER, Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import formulary, given, tasks, waiting
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import Center, PlannedDose, Task, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_events import add_event, today_at
from scheduler.services.plan_facts import Known, read_order, uncorrected
from scheduler.services.plan_reasons import waiting_of
from scheduler.services.regimens import choices_of, regimen_of
from scheduler.services.tasks import NewTask, add_task, open_again, open_task, settle_tasks

AHEAD = timedelta(days=21)
LEAD = "phase "
NOT_NOW = "phase not now"
LONGEST_WAIT = timedelta(days=400)

Subject = tuple[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A phase of a plan that somebody decides on, and the first day on which it may begin."""

    plan: TreatmentPlan
    phase: str
    from_day: date

    @property
    def subject(self) -> Subject:
        """What its task is about."""
        return self.plan.id, lead_of(self.phase)


def lead_of(phase: str) -> str:
    """Return the lead of the task about a phase of a plan."""
    return f"{LEAD}{phase}"


def phase_asked_about(task: Task) -> str:
    """Return the phase that a task asks to decide on; empty for any other task."""
    asks = task.kind is TaskKind.REVIEW and task.lead.startswith(LEAD)
    return task.lead.removeprefix(LEAD) if asks else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponePhase:
    """The decision "not now" about a phase: look at it again on a day; ``reason`` says who said so, and why."""

    task_id: TaskId
    again_on: date
    reason: str = ""


def postpone_phase(uow: UnitOfWork, request: PostponePhase, *, now: Instant, actor: Actor) -> None:
    """Put off the decision about a phase that waits; the plan's own history keeps the reason.

    Raises:
        NotAllowedError: the role may not change plans.
        NotFoundError: there is no such task here, or it asks about no phase.
        TaskClosedError: somebody decided already.
        InvalidError: no reason is given, or the day is not after today and within a year or so.
    """
    actor.require(Permission.CHANGE_PLAN)
    reason = require_writable(request.reason, field="reason").rstrip(".")
    with uow:
        task = open_task(uow, request.task_id)
        phase = phase_asked_about(task)
        if task.plan_id is None or not phase:
            raise NotFoundError("task")
        plan = lock_plan(uow, task.plan_id)
        today = today_at(uow, plan, now)
        if not reason:
            raise InvalidError("Say who decided, and why not now.", field="reason")
        if not today < request.again_on <= today + LONGEST_WAIT:
            raise InvalidError("Look again after today and within a year or so.", field="again_on")
        task.next_try_on, task.outcome_note = request.again_on, reason
        said = f"{phase}: {reason}. Look again on {spoken_day(request.again_on)}."
        add_event(uow, plan, NOT_NOW, reason=said, now=now, actor=actor)
        uow.commit()


def raise_phases(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> int:
    """Raise a task for each phase that may begin within three weeks and that nothing else comes before or after.

    An interval that could be exchanged for another one goes on by itself and asks nobody. One task a plan and
    phase: it follows the day as that moves, ends when nobody waits any more, and what a person closed comes
    back only for another day. The number of queries does not grow with the plans; the caller commits.

    Returns:
        How many tasks are new, or open again.
    """
    wanted = {each.subject: each for each in _wanted(uow, centers, now)} if centers else {}
    known: dict[Subject, Task] = {
        (task.subject_id, task.lead): task for task in waiting.reviews_of_phases(uow, LEAD)
    }
    for subject, task in known.items():
        if subject not in wanted and task.closed_at is None:
            gone, (plan_id, lead) = TaskOutcome.NOT_NEEDED, subject
            settle_tasks(uow, task.kind, plan_id, gone, now=now, actor=WORKER, lead=lead)
    return sum(_ask(uow, one, known.get(subject), now=now) for subject, one in wanted.items())


def settle_phase(
    uow: UnitOfWork, plan_id: PlanId, phase: str, *, now: Instant, actor: Actor
) -> tuple[TaskId, ...]:
    """Close the task about a phase that was asked for, and return it; the caller commits."""
    done, lead = TaskOutcome.DONE, lead_of(phase)
    about = tasks.open_about(uow, TaskKind.REVIEW, plan_id)
    settle_tasks(uow, TaskKind.REVIEW, plan_id, done, now=now, actor=actor, lead=lead)
    return tuple(task.id for task in about if task.lead == lead)


def _ask(uow: UnitOfWork, one: Wanted, task: Task | None, *, now: Instant) -> bool:
    """Raise the task about a phase, or let it follow its day; say whether it is on the worklist anew."""
    if task is None:
        add_task(uow, _new_task(one), now=now)
        return True
    closed, moved = task.closed_at is not None, task.due_on != one.from_day
    by_itself = task.outcome is TaskOutcome.NOT_NEEDED and not task.outcome_note
    if closed and not moved and not by_itself:
        return False
    if closed:
        open_again(task)
    if moved:
        task.due_on, task.detail = one.from_day, _detail(one)
    return closed


def _new_task(one: Wanted) -> NewTask:
    plan_id, lead = one.subject
    return NewTask(
        center_id=one.plan.center_id,
        patient_id=one.plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=plan_id,
        lead=lead,
        due_on=one.from_day,
        detail=_detail(one),
        plan_id=one.plan.id,
    )


def _detail(one: Wanted) -> str:
    name = phase_name(one.phase)
    return (
        f"Decide whether “{name}” is wanted: it may begin from {spoken_day(one.from_day)} on, and only when the"
        " prescriber asks for it. Nothing is planned until then."
    )


def _wanted(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> Iterator[Wanted]:
    """Yield the phases that treatment waits for, of active plans of the living."""
    rules = _asking_rules(uow)
    today = {key: local_day(now, ZoneInfo(center.zone)) for key, center in centers.items()}
    plans = waiting.plans_that_end(uow, versions=rules, by=max(today.values()) + AHEAD)
    if not plans:
        return
    read = records.records_of(uow, [plan.id for plan in plans])
    choices = {key: choices_of(uow, rules[key]) for key in {p.regimen_version_id for p in plans}}
    for plan, known in _known(uow, plans, read):
        rule, (_, order) = rules[plan.regimen_version_id], read.plans[plan.id]
        region = centers[order.center_id].region
        # weights decide no phase's first day
        facts = read_order(plan, order, rule, region=region, measured=(), history=known.history)
        for one in waiting_of(plan, rule, facts, known, choices[plan.regimen_version_id]):
            near = one.from_day <= today[plan.center_id] + AHEAD
            if near and not _goes_on(known.doses, one.from_day):
                yield Wanted(plan=plan, phase=one.phase, from_day=one.from_day)


def _known(
    uow: UnitOfWork, plans: Sequence[TreatmentPlan], read: records.PlanRecords
) -> Iterator[tuple[TreatmentPlan, Known]]:
    """Yield each plan with the rows from which its facts follow, in three queries for all."""
    doses: dict[UUID, list[PlannedDose]] = defaultdict(list)
    for dose in stored.doses_of(uow, *(plan.id for plan in plans)):
        doses[dose.plan_id].append(dose)
    events = stored.events_of(uow, [plan.id for plan in plans])
    people = given.given_to_all(uow, {plan.patient_id for plan in plans})
    for plan in plans:
        yield (
            plan,
            Known(
                given=people[plan.patient_id],
                doses=doses[plan.id],
                history=uncorrected(plan, events),
                requirements=read.requirements,
                events=read.events,
            ),
        )


def _asking_rules(uow: UnitOfWork) -> dict[RegimenVersionId, Regimen]:
    """Return the versions with phases that wait for a prescriber."""
    rules = {row.id: regimen_of(uow, row.id) for row in formulary.versions(uow)}
    return {key: rule for key, rule in rules.items() if any(p.clinical for p in rule.phases)}


def _goes_on(doses: Sequence[PlannedDose], day: date) -> bool:
    """Say whether a plan has doses to come on a day or later without anybody's decision."""
    return any(dose.state is DoseState.PLANNED and dose.due_on >= day for dose in doses)
