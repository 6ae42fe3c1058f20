"""A plan's own history, and the day it is at its center."""

from datetime import date

from scheduler.domain.ids import PlanId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.models import PlanEvent, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.today import today_in


def today_at(uow: UnitOfWork, plan: TreatmentPlan, now: Instant) -> date:
    """Return the day it is at the plan's center."""
    return today_in(uow, plan.center_id, now)


def add_event(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    kind: str,
    *,
    reason: str,
    now: Instant,
    actor: Actor,
    until: date | None = None,
    corrects: PlanId | None = None,
    after: str = "",
) -> PlanId:
    """Note in the plan's history and in the audit (``after``, else the status) what happened; return the note's id."""
    row = PlanEvent(
        plan_id=plan.id,
        kind=kind,
        at=now,
        on_day=today_at(uow, plan, now),
        until=until,
        reason=reason,
        corrects=corrects,
        actor_name=actor.name[:80],
    )
    uow.add(row)
    left = after or (plan.status.value if plan.status else "")
    uow.audit(
        actor, kind, "treatment plan", plan.id, at=now, patient_id=plan.patient_id, after=left
    )
    return row.id
