"""A phase that waits for the prescriber: once it is asked for, its doses are laid out; nothing is booked."""

from dataclasses import dataclass, replace
from datetime import timedelta

from scheduler.domain.doses import WaitingPhase
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import PlanId
from scheduler.domain.plans import PlanStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.phase_tasks import settle_phase
from scheduler.services.plan_events import add_event
from scheduler.services.plan_facts import Overrides, read_overrides
from scheduler.services.plans import resolve_plan
from scheduler.services.recalculating import Followed, follow
from scheduler.services.withdrawn_phases import note_asked

ASKED = "phase asked for"
# how far beyond its first day an asked phase is laid out at least: a year of courses or intervals
LAID_OUT = timedelta(weeks=52)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForPhase:
    """The prescriber asks for a phase that waits; ``reason`` says who asked, and why."""

    plan_id: PlanId
    phase: str
    reason: str = ""


def ask_for_phase(uow: UnitOfWork, request: AskForPhase, *, now: Instant, actor: Actor) -> Followed:
    """Lay out a phase that the prescriber asks for; of one that repeats, it takes over from the next dose on.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: there is no such plan here.
        InvalidError: the plan is not active, the phase does not wait, or no reason is given; names the field.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        waiting = _checked(uow, plan, request)
        order = stored.order(uow, plan.order_id)
        asked = _asked(read_overrides(order.overrides), request.phase)
        plan.until = max(plan.until, waiting.from_day + LAID_OUT)
        reason = f"{request.phase}: {request.reason.strip()}"
        add_event(uow, plan, ASKED, reason=reason, now=now, actor=actor)
        settled = settle_phase(uow, plan.id, request.phase, now=now, actor=actor)
        note_asked(uow, plan, asked, settled, now=now, actor=actor)
        followed = follow(uow, plan, cause=ASKED, now=now, actor=actor)
        uow.commit()
        return followed


def _checked(uow: UnitOfWork, plan: TreatmentPlan, request: AskForPhase) -> WaitingPhase:
    if plan.status is not PlanStatus.ACTIVE:
        raise InvalidError("The treatment plan is not active.", field="phase")
    found = resolve_plan(uow, plan).waiting
    waiting = next((each for each in found if each.phase == request.phase), None)
    if waiting is None:
        raise InvalidError("This phase does not wait for the prescriber.", field="phase")
    if not request.reason.strip():
        raise InvalidError("Say who asked for it, and why.", field="reason")
    return waiting


def _asked(overrides: Overrides, phase: str) -> Overrides:
    """Return the order with a phase asked for, once more if it was asked for before."""
    times = overrides.cycles + 1 if overrides.phase == phase else 1
    return replace(overrides, phase=phase, cycles=times)
