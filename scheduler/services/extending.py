"""Laying out the doses of running plans further as time goes on, and doses that were given elsewhere."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.errors import AlreadyBookedError, InvalidError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.people import TaskOutcome
from scheduler.domain.plans import DoseState, GivenOutcome, GivenSource, PlanStatus
from scheduler.domain.roles import WORKER, Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence import waiting
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import GivenDose, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.exposure import amount_per_m2
from scheduler.services.giving import DischargeResult, follow_plans
from scheduler.services.left_out import LEAD, settle_freed
from scheduler.services.plan_events import today_at
from scheduler.services.plans import HORIZON, regimen_of_plan
from scheduler.services.recalculating import follow
from scheduler.services.wanted_bookings import answer_wanted

SHORTEST_VIEW = timedelta(days=540)


def extend_plans(uow: UnitOfWork, *, now: Instant, limit: int = 50) -> int:
    """Lay out active plans for two years again whose doses end within a year and a half.

    Doses that a plan no longer has end here too, once their visits are cancelled.

    Returns:
        How many plans were extended; as many as ``limit`` means that there is more to do.
    """
    with uow:
        ending = stored.plans_to_extend(uow, now + SHORTEST_VIEW, limit=limit)
        freed = {
            PlanId(one.plan_id) for one in waiting.reviews_without_visit(uow, LEAD) if one.plan_id
        }
    for plan_id in dict.fromkeys([*ending, *sorted(freed)]):
        _extend(uow, plan_id, freed=plan_id in freed, now=now)
    return len(ending)


def _extend(uow: UnitOfWork, plan_id: PlanId, *, freed: bool, now: Instant) -> None:
    """Lay out one plan further, in a transaction of its own: nobody waits for the plans of others."""
    with uow:
        plan = lock_plan(uow, plan_id)
        if plan.status is PlanStatus.ACTIVE:
            plan.until = today_at(uow, plan, now) + HORIZON
            follow(uow, plan, cause="extended", now=now, actor=WORKER)
            if freed:
                settle_freed(uow, plan.id, now=now, actor=WORKER)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordElsewhere:
    """A dose of a plan that another place gave; ``reported`` when only the patient says so."""

    plan_id: PlanId
    dose_id: DoseId
    day: date
    amount: Decimal | None = None
    product: str = ""
    place: str = ""
    reported: bool = False


def record_elsewhere(
    uow: UnitOfWork, request: RecordElsewhere, *, now: Instant, actor: Actor
) -> DischargeResult:
    """Record a dose that was given elsewhere; the rest of the plan follows or asks.

    Raises:
        InvalidError: the day is in the future, or the dose was given already; names the field.
        AlreadyBookedError: the dose is booked here; cancel that visit first.
    """
    actor.require(Permission.RECORD_DOSE)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        dose = stored.dose(uow, request.dose_id)
        _check(uow, plan, dose, request, now=now)
        uow.add(_fact(uow, plan, dose, request, now=now))
        dose.state = DoseState.GIVEN
        answer_wanted(uow, [dose.id], TaskOutcome.DONE, now=now, actor=actor)
        uow.audit(
            actor,
            "given elsewhere",
            "planned dose",
            dose.id,
            at=now,
            patient_id=plan.patient_id,
            after=f"{request.day} {request.amount} {request.place}",
        )
        uow.session.flush()
        result = follow_plans(uow, [plan.id], now=now, actor=actor)
        uow.commit()
        return result


def _check(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    dose: PlannedDose,
    request: RecordElsewhere,
    *,
    now: Instant,
) -> None:
    if dose.plan_id != plan.id or dose.state is not DoseState.PLANNED:
        raise InvalidError("Choose a dose of the plan that was not given yet.", field="dose_id")
    if request.day > today_at(uow, plan, now):
        raise InvalidError("The day lies in the future.", field="day")
    if request.amount is not None and request.amount <= 0:
        raise InvalidError("An amount is more than 0.", field="amount")
    if dose.id in stored.booked_doses(uow, [plan.id]):
        raise AlreadyBookedError("This dose is booked here; cancel that visit first.")


def _fact(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    dose: PlannedDose,
    request: RecordElsewhere,
    *,
    now: Instant,
) -> GivenDose:
    rule, amount = regimen_of_plan(uow, plan), request.amount or dose.amount
    return GivenDose(
        patient_id=plan.patient_id,
        ingredient=plan.ingredient,
        regimen=rule.id,
        plan_id=plan.id,
        dose_id=dose.id,
        ordinal=dose.ordinal,
        outcome=GivenOutcome.FULL,
        given_on=request.day,
        amount=amount,
        per_m2=amount_per_m2(uow, rule, plan.patient_id, amount),
        unit=dose.unit,
        product=request.product or stored.order(uow, plan.order_id).product,
        place=request.place,
        source=GivenSource.REPORTED if request.reported else GivenSource.ELSEWHERE,
        recorded_at=now,
    )
