"""A phase that was asked for and is no longer wanted: its doses end, visits that nothing else wants are cancelled, or undo takes the asking back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.doses import PlannedDose as Dose
from scheduler.domain.doses import Series
from scheduler.domain.errors import InvalidError, StaleError, UndoExpiredError
from scheduler.domain.ids import ChangeId, DoseId, PlanId, TaskId
from scheduler.domain.names import require_writable
from scheduler.domain.plan_life import RUNNING
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import changes, tasks
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import LockedPlan, lock_plan, renew_version
from scheduler.persistence.models import Appointment, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.changes import Kept, id_of, kept, note_change
from scheduler.services.left_out import settle_ended
from scheduler.services.plan_ends import (
    Cancelled,
    Consequences,
    cancel_visits,
    described,
    lost,
    visits_lost,
    voided,
)
from scheduler.services.plan_events import add_event
from scheduler.services.plan_facts import Overrides, read_overrides
from scheduler.services.plans import resolve_as
from scheduler.services.recalculating import Followed, follow
from scheduler.services.tasks import open_again
from scheduler.services.today import zone_of
from scheduler.services.undoing import CHANGED_SINCE, Doing

KIND = "phase"
NO_LONGER = "phase no longer wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPhase:
    """The phase that a plan's order asks for last is no longer wanted.

    Args:
        plan_id: Which plan.
        reason: Who said so, and why.
        version: The plan's version that the person saw.
    """

    plan_id: PlanId
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Going:
    """What goes with a phase: its doses, those that end for good, and the visits of them."""

    overrides: Overrides
    doses: tuple[PlannedDose, ...]
    ending: frozenset[DoseId]
    visits: tuple[Appointment, ...] = ()

    @property
    def ids(self) -> set[DoseId]:
        """The doses of the phase."""
        return {dose.id for dose in self.doses}


def withdrawal_preview(uow: UnitOfWork, request: WithdrawPhase, *, now: Instant) -> Consequences:
    """Say which visits and messages go with a phase that is no longer wanted; nothing is saved.

    Raises:
        InvalidError: no phase was asked for, a dose of it was given or is being given, or no reason is said.
        StaleError: somebody changed the plan since the form was opened.
    """
    with uow:
        plan = stored.plan(uow, request.plan_id)
        return _consequences(uow, plan, _checked(uow, plan, request, now=now))


def withdraw_phase(
    uow: UnitOfWork, request: WithdrawPhase, *, now: Instant, actor: Actor
) -> tuple[Consequences, Followed]:
    """Take a phase back that was asked for: its visits are cancelled, its doses end, the rest follows again.

    Raises:
        NotAllowedError: the role may not.
        InvalidError, StaleError: as in the preview.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        going = _checked(uow, plan, request, now=now)
        done, phase = _consequences(uow, plan, going), going.overrides.phase
        gone = _cancel(uow, going, request.reason, now=now, actor=actor)
        said = f"{phase}: {request.reason.strip()}"
        add_event(uow, plan, NO_LONGER, reason=said, now=now, actor=actor)
        before = _write(uow, plan, reverted(going.overrides))
        followed = follow(uow, plan, cause=NO_LONGER, now=now, actor=actor)
        settled = settle_ended(uow, plan.id, going.ending, now=now, actor=actor)
        rest: list[Kept] = [{"cancelled": each.hex} for each in gone.changes]
        rest += [{"task": each.hex} for each in settled]
        words = "Phase no longer wanted."
        note_change(uow, KIND, words, [before, *rest], now=now, actor=actor)
        uow.commit()
        return done, followed


def note_asked(
    uow: UnitOfWork,
    plan: LockedPlan,
    overrides: Overrides,
    settled: Collection[TaskId],
    *,
    now: Instant,
    actor: Actor,
) -> None:
    """Write that the order asks for a phase, and let the person who asked take it back for half a minute."""
    before = [_write(uow, plan, overrides)]
    before += [{"task": each.hex} for each in settled]
    note_change(uow, KIND, "Phase laid out.", before, now=now, actor=actor)


def reverted(overrides: Overrides) -> Overrides:
    """Return an order as it was before it asked for its phase the last time."""
    if overrides.cycles > 1:
        return replace(overrides, cycles=overrides.cycles - 1)
    return replace(overrides, phase="", cycles=1)


def phase_as_before(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> list[list[Kept]]:
    """Put an order back as it was, and return what undo needs of each visit that was cancelled.

    Raises:
        UndoExpiredError: the order was changed since, or a dose that would go is booked or given.
    """
    plan = lock_plan(uow, PlanId(id_of(before[0]["plan"])))
    order = stored.order(uow, plan.order_id)
    if order.overrides != before[0]["after"] or plan.status not in RUNNING:
        raise UndoExpiredError(CHANGED_SINCE)
    target = read_overrides(str(before[0]["before"]))
    going = _going(uow, plan, target)
    if going is None or going.ids & stored.booked_doses(uow, [plan.id]).keys():
        raise UndoExpiredError(CHANGED_SINCE)
    _end(going)
    add_event(uow, plan, "undone", reason="", now=doing.now, actor=doing.actor)
    _write(uow, plan, target)
    follow(uow, plan, cause="undone", now=doing.now, actor=doing.actor)
    for one in before:
        if "task" in one:
            open_again(tasks.get(uow, TaskId(id_of(one["task"]))))
    uow.session.flush()
    gone = [ChangeId(id_of(one["cancelled"])) for one in before if "cancelled" in one]
    return [kept(changes.change(uow, each)) for each in gone]


def _checked(
    uow: UnitOfWork, plan: TreatmentPlan, request: WithdrawPhase, *, now: Instant
) -> _Going:
    if request.version is not None and request.version != plan.version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    asked = read_overrides(stored.order(uow, plan.order_id).overrides)
    if not asked.phase or plan.status not in RUNNING:
        raise InvalidError("This plan has no phase that was asked for.", field="reason")
    going = _going(uow, plan, reverted(asked))
    if going is None:
        raise InvalidError(
            "A dose of this phase was given already; stop the plan instead.", field="reason"
        )
    if not require_writable(request.reason, field="reason"):
        raise InvalidError("Say who said so, and why.", field="reason")
    return replace(going, overrides=asked, visits=_visits(uow, plan, going, now=now))


def _visits(
    uow: UnitOfWork, plan: TreatmentPlan, going: _Going, *, now: Instant
) -> tuple[Appointment, ...]:
    """Return the visits of the doses that go, in order of time.

    Raises:
        InvalidError: the patient has come to one of them.
    """
    booked = stored.booked_doses(uow, [plan.id])
    wanted = {at.appointment_id for dose_id, at in booked.items() if dose_id in going.ids}
    found = [row for row in visits_lost(uow, plan, until=None, now=now) if row.id in wanted]
    if len(found) < len(wanted):
        raise InvalidError("The patient has come for a dose of this phase.", field="reason")
    return tuple(found)


def _going(uow: UnitOfWork, plan: TreatmentPlan, target: Overrides) -> _Going | None:
    """Return the doses that go when an order becomes another; None when one of them was given."""
    rows = stored.doses_of(uow, plan.id)
    series = resolve_as(uow, plan, rows, phase=target.phase, cycles=target.cycles)
    kept_visits = _booked_well(uow, plan, rows, series)
    mine = [
        row
        for row in rows
        if row.state is not DoseState.ENDED
        and not _stays(row, series)
        and row.id not in kept_visits
    ]
    if any(row.state is DoseState.GIVEN for row in mine):
        return None
    there = {dose.ordinal for dose in series.doses}
    ending = frozenset(row.id for row in mine if row.ordinal not in there)
    return _Going(overrides=target, doses=tuple(mine), ending=ending)


def _stays(row: PlannedDose, series: Series) -> bool:
    if row.state is DoseState.SKIPPED:
        return True  # left out for good, whatever the order says
    dose = series.dose(row.ordinal)
    return dose is not None and dose.phase == row.phase


def _booked_well(
    uow: UnitOfWork, plan: TreatmentPlan, rows: Sequence[PlannedDose], series: Series
) -> set[DoseId]:
    """Return the doses whose booked day a series has a place for as well: their visits go on as they are."""
    booked = stored.booked_doses(uow, [plan.id])
    return {
        row.id
        for row in rows
        if (at := booked.get(row.id)) is not None
        and (dose := series.dose(row.ordinal)) is not None
        and dose.given is None
        and _allows(dose, local_day(at.starts_at, zone_of(uow, at.center_id)))
    }


def _allows(dose: Dose, day: date) -> bool:
    return max(dose.earliest, dose.not_before or dose.earliest) <= day <= dose.latest


def _consequences(uow: UnitOfWork, plan: TreatmentPlan, going: _Going) -> Consequences:
    items = lost(uow, going.visits, going.ids)
    whole = [each for each, some in items.items() if some is None]
    about = [task for task in stored.tasks_about(uow, plan.id) if task.dose_id in going.ending]
    return Consequences(
        visits=described(uow, going.visits, items),
        messages=voided(stored.unsent_messages(uow, appointment_ids=whole)),
        doses=len(going.ending),
        tasks=len(about),
    )


def _cancel(uow: UnitOfWork, going: _Going, note: str, *, now: Instant, actor: Actor) -> Cancelled:
    """End the doses and cancel their visits; a dose that goes on otherwise is planned again by what follows."""
    items, prescriber = lost(uow, going.visits, going.ids), CancellationReason.PRESCRIBER
    _end(going)
    uow.session.flush()
    return cancel_visits(uow, going.visits, items, prescriber, note=note, now=now, actor=actor)


def _end(going: _Going) -> None:
    for dose in going.doses:
        dose.state = DoseState.ENDED


def _write(uow: UnitOfWork, plan: LockedPlan, overrides: Overrides) -> Kept:
    """Write what the order asks for, and return what undo needs of it."""
    order = stored.order(uow, plan.order_id)
    before: Kept = {"plan": plan.id.hex, "before": order.overrides, "after": overrides.written()}
    order.overrides = overrides.written()
    renew_version(plan)
    uow.session.flush()
    return before
