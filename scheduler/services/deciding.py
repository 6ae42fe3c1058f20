"""A person decides on a recalculation: apply the new dates, or keep the old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import Recalculation, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, note_change
from scheduler.services.decision_undo import as_before, decided
from scheduler.services.plan_facts import read_ordinals, written_ordinals
from scheduler.services.plans import STEPS, resolve_plan, update_row
from scheduler.services.recalculating import (
    RecalculationClosedError,
    RecalculationLine,
    RecalculationView,
    fits,
    read_lines,
)
from scheduler.services.tasks import NewTask, raise_task, settle_tasks

NOBODY: Mapping[DoseId, str] = MappingProxyType({})


def open_recalculation(uow: UnitOfWork, plan_id: PlanId) -> RecalculationView | None:
    """Return the proposal that waits for a person, old and new dates side by side; None when there is none."""
    with uow:
        stored.plan(uow, plan_id)
        waiting = stored.open_recalculations(uow, [plan_id])
        return view_of(waiting[-1]) if waiting else None


def view_of(row: Recalculation) -> RecalculationView:
    """Return a stored proposal as a page shows it."""
    return RecalculationView(
        id=row.id,
        plan_id=row.plan_id,
        cause=row.cause,
        created_at=row.created_at,
        lines=read_lines(row.proposal),
    )


def apply_recalculation(
    uow: UnitOfWork,
    recalculation_id: PlanId,
    *,
    now: Instant,
    actor: Actor,
    plan_id: PlanId | None = None,
    staying: Mapping[DoseId, str] = NOBODY,
) -> int:
    """Give booked doses their new dates, and ask for each visit that no longer fits to be moved.

    Visits never move by themselves.

    Args:
        uow: The unit of work.
        recalculation_id: The proposal.
        now: The present instant.
        actor: Who decides.
        plan_id: The plan on whose page it was decided; a proposal of another is not found.
        staying: Doses whose visit stays where it is although it no longer fits, each with the reason.

    Returns:
        How many visits have to be moved.

    Raises:
        NotFoundError: the plan has no such proposal.
        RecalculationClosedError: somebody decided already.
        InvalidError: a visit that is to stay lies before its not-before, or has no reason.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        row, plan = _opened(uow, recalculation_id, plan_id)
        zone = ZoneInfo(organizations.center(uow, plan.center_id).zone)
        asking = _asking(uow, row, plan, zone)
        for line in asking:
            if line.dose_id in staying:
                _leave(uow, plan, line, staying[line.dose_id], zone, now=now, actor=actor)
        moving = [line for line in asking if line.dose_id not in staying]
        before = as_before(uow, plan, row)
        _write_dates(uow, plan)
        for line in moving:
            _ask_to_move(uow, plan, line, zone, now=now)
        _close(uow, plan, row, "applied", now=now, actor=actor)
        _keep(uow, plan, before, "New dates applied.", now=now, actor=actor)
        uow.commit()
        return len(moving)


def _write_dates(uow: UnitOfWork, plan: TreatmentPlan) -> None:
    series, booked = resolve_plan(uow, plan), stored.booked_doses(uow, [plan.id])
    for row in stored.doses_of(uow, plan.id):
        dose = series.dose(row.ordinal)
        if dose is not None and row.state is DoseState.PLANNED:
            update_row(row, dose, keep=STEPS if row.id in booked else ())


def _asking(
    uow: UnitOfWork, row: Recalculation, plan: TreatmentPlan, zone: ZoneInfo
) -> list[RecalculationLine]:
    """Return the lines whose visit, where it stands by now, does not fit the new dates."""
    booked, asking = stored.booked_doses(uow, [plan.id]), []
    for line in read_lines(row.proposal):
        at = booked.get(line.dose_id)
        if line.asks and at and not fits(line.new, local_day(at.starts_at, zone)):
            here = replace(line, appointment_id=at.appointment_id, booked_at=at.starts_at)
            asking.append(here)
    return asking


def _leave(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    line: RecalculationLine,
    reason: str,
    zone: ZoneInfo,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    field = f"why-{line.dose_id.hex}"
    if line.must_move(zone):
        words = f"Dose {line.ordinal} has to move: its visit lies before its not before."
        raise InvalidError(words, field=field)
    if not reason.strip():
        raise InvalidError(f"Say why the visit of dose {line.ordinal} stays.", field=field)
    uow.audit(
        actor,
        "left outside the window",
        "appointment",
        line.appointment_id,
        at=now,
        patient_id=plan.patient_id,
        reason=reason.strip(),
    )


def _opened(
    uow: UnitOfWork, recalculation_id: PlanId, plan_id: PlanId | None
) -> tuple[Recalculation, TreatmentPlan]:
    row = stored.recalculation(uow, recalculation_id)
    if plan_id is not None and row.plan_id != plan_id:
        raise NotFoundError("recalculation")
    plan = lock_plan(uow, row.plan_id)
    uow.session.refresh(row)  # somebody else may have decided while this waited
    if row.state != "open":
        raise RecalculationClosedError(
            "This was decided already, or newer facts have overtaken it."
        )
    return row, plan


def _ask_to_move(
    uow: UnitOfWork, plan: TreatmentPlan, line: RecalculationLine, zone: ZoneInfo, *, now: Instant
) -> None:
    booked = local_day(line.booked_at, zone) if line.booked_at else None
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REBOOK,
        subject_id=line.dose_id,
        due_on=local_day(now, zone),
        detail=(
            f"Dose {line.ordinal} is booked on {_said(booked)} and now due on {_said(line.new.due_on)}:"
            f" move the visit to a day from {_said(line.new.earliest)} to {_said(line.new.latest)}."
        ),
        dose_id=line.dose_id,
        plan_id=plan.id,
        appointment_id=line.appointment_id,
    )
    raise_task(uow, new, now=now)


def _said(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else "no day"


def keep_recalculation(
    uow: UnitOfWork,
    recalculation_id: PlanId,
    *,
    reason: str,
    now: Instant,
    actor: Actor,
    plan_id: PlanId | None = None,
) -> None:
    """Keep the old dates: the doses given so far no longer shift the rest, whatever the regimen says.

    The hard not-before still counts from the last given dose. ``plan_id`` as for ``apply_recalculation``.

    Raises:
        NotFoundError: the plan has no such proposal.
        RecalculationClosedError: somebody decided already.
        InvalidError: the new dates do not come from the day of a dose, so there is no grid to go back to.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        row, plan = _opened(uow, recalculation_id, plan_id)
        before = as_before(uow, plan, row)
        _keep_grid(uow, plan, read_lines(row.proposal))
        _write_dates(uow, plan)
        _close(uow, plan, row, "kept", now=now, actor=actor, reason=reason)
        _keep(uow, plan, before, "Old dates kept.", now=now, actor=actor)
        uow.commit()


def _keep_grid(uow: UnitOfWork, plan: TreatmentPlan, lines: Sequence[RecalculationLine]) -> None:
    """Let as few of the last given doses as it takes shift nothing, until the booked doses are due as before."""
    was = {line.ordinal: line.old.due_on for line in lines if line.booked_at}
    rows, kept = stored.doses_of(uow, plan.id), read_ordinals(plan.keep_grid)
    given = [row.ordinal for row in rows if row.state is DoseState.GIVEN]
    for ordinal in reversed(given):
        kept |= {ordinal}
        plan.keep_grid = written_ordinals(kept)
        series = resolve_plan(uow, plan, rows)
        if all((dose := series.dose(n)) and dose.due == day for n, day in was.items()):
            return
    raise InvalidError(
        "These dates follow from more than the day of a dose: apply them, and leave single visits where they are.",
        field="reason",
    )


def _keep(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    before: list[Kept],
    words: str,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    uow.session.flush()
    state = "applied" if words.startswith("New") else "kept"
    after = decided(plan, before, state)
    note_change(uow, "recalculation", words, after, now=now, actor=actor)


def _close(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    row: Recalculation,
    state: str,
    *,
    now: Instant,
    actor: Actor,
    reason: str = "",
) -> None:
    row.state, row.decided_at, row.decided_by = state, now, actor.name[:80]
    settle_tasks(uow, TaskKind.REVIEW, plan.id, TaskOutcome.DONE, now=now, actor=actor)
    uow.audit(
        actor,
        f"recalculation {state}",
        "treatment plan",
        plan.id,
        at=now,
        patient_id=plan.patient_id,
        after=reason,
    )
