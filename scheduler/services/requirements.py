"""What must be met before a dose: recorded results, authorizations, REMS, supply; and who is ready."""

from scheduler.domain.plans import AuthorizationStatus
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Authorization, Requirement, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork


def add_requirements(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rule: Regimen,
    authorization: AuthorizationStatus | None,
    *,
    now: Instant,
) -> None:
    """Add a row for each requirement of a new plan, and its prior authorization if one is asked for."""
    for each in rule.requirements:
        uow.add(
            Requirement(
                patient_id=plan.patient_id,
                plan_id=plan.id,
                code=each.id,
                kind="at_chair" if each.at_chair else "before_day",
                changed_at=now,
            )
        )
    if authorization is not None:
        uow.add(
            Authorization(
                patient_id=plan.patient_id,
                plan_id=plan.id,
                status=authorization,
                changed_at=now,
            )
        )
