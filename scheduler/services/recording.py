"""Noting in the audit and on the boards that something about a plan's readiness was recorded."""

from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import attendance
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork


def note_record(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    what: str,
    before: str,
    after: str,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    """Audit a record about a plan, and let boards show its visits anew."""
    attendance.show_plan(uow, plan.id, after=now)
    uow.audit(
        actor,
        f"recorded {what}",
        "treatment plan",
        plan.id,
        at=now,
        patient_id=plan.patient_id,
        before=before,
        after=after,
    )
