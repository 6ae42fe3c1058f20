"""Which dose of a plan takes from which prior authorization, from what is recorded."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from scheduler.domain.authorizations import (
    Allotted,
    AuthorizationFact,
    DoseToCome,
    allot,
    units_of,
)
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.persistence.models import Authorization, Order, PlannedDose, TreatmentPlan
from scheduler.persistence.requirements import PlanRecords, Used
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import regimen_of

NOTHING = Used()


def same_name(one: str, other: str) -> bool:
    """Say whether two names of prescribers are the same but for case and spaces."""
    return one.casefold().split() == other.casefold().split()


def fact_of(row: Authorization, used: Used) -> AuthorizationFact:
    """Return an authorization with what given doses took from it."""
    return AuthorizationFact(
        id=row.id,
        status=row.status,
        from_day=row.from_day,
        until_day=row.until_day,
        visits=row.visits,
        units=row.units,
        visits_used=used.visits,
        units_used=used.units,
    )


def units_taken(uow: UnitOfWork, plan: TreatmentPlan, order: Order, dose: PlannedDose) -> Decimal:
    """Return how many billing units of its product a dose takes."""
    product = regimen_of(uow, plan.regimen_version_id).product(order.product)
    return units_of(dose.amount, product.billing_unit if product else "")


def allotted(
    uow: UnitOfWork,
    records: PlanRecords,
    plan_id: PlanId,
    days: Iterable[tuple[PlannedDose, date]],
) -> Mapping[DoseId, Allotted]:
    """Return what each dose of a plan that is to come takes, were it on its day."""
    plan, order = records.plans[plan_id]
    facts = [
        fact_of(row, records.used.get(row.id, NOTHING))
        for row in records.authorizations
        if row.plan_id == plan_id
    ]
    doses = [
        DoseToCome(id=dose.id, day=day, units=units_taken(uow, plan, order, dose))
        for dose, day in days
        if dose.plan_id == plan_id and dose.state is DoseState.PLANNED
    ]
    return allot(facts, doses)
