"""A weight that asks for another schedule: a pharmacist accepts the days that follow from it."""

from scheduler.domain.dose_reasons import Why, reasons_from_text
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import PlanId
from scheduler.domain.plan_life import SCHEDULE_ACCEPTED
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_events import add_event
from scheduler.services.recalculating import Followed, follow


def asks_for_other_schedule(dose: PlannedDose) -> bool:
    """Say whether a dose to come waits for a pharmacist, because the weight moved to another band."""
    coming = dose.state is DoseState.PLANNED
    return coming and any(r.why is Why.OTHER_BAND for r in reasons_from_text(dose.reasons))


def accept_schedule(
    uow: UnitOfWork, plan_id: PlanId, *, reason: str, now: Instant, actor: Actor
) -> Followed:
    """Accept the schedule that a new weight asks for: from now on it is the plan's own.

    Raises:
        NotAllowedError: only a pharmacist may.
        NotFoundError: there is no such plan here.
        InvalidError: the weight asks for no other schedule, or no reason is given.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    with uow:
        plan = lock_plan(uow, plan_id)
        if not any(asks_for_other_schedule(dose) for dose in stored.doses_of(uow, plan.id)):
            raise InvalidError("The weight asks for no other schedule.", field="reason")
        if not reason.strip():
            raise InvalidError("Say why.", field="reason")
        add_event(uow, plan, SCHEDULE_ACCEPTED, reason=reason.strip(), now=now, actor=actor)
        uow.session.flush()
        followed = follow(uow, plan, cause="schedule by weight", now=now, actor=actor)
        uow.commit()
        return followed
