"""Which dose of a plan takes from which prior authorization, from what is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.authorizations import (
    Allotted,
    AuthorizationFact,
    DoseToCome,
    allot,
    units_of,
    unused_units,
)
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    GivenDose,
    Order,
    PlannedDose,
    TreatmentPlan,
)
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
    return units_of(dose.amount, billing_unit(uow, plan, order))


def billing_unit(uow: UnitOfWork, plan: TreatmentPlan, order: Order) -> str:
    """Return the billing unit of a plan's product, such as "10 mg"; empty for one unit a mg."""
    product = regimen_of(uow, plan.regimen_version_id).product(order.product)
    return product.billing_unit if product else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """What of a dose's use was not given: a person may give it back.

    Args:
        visit: Whether the visit may be given back, by a person, because not all of the dose was given.
        units: At most so many units.
        given: So many were given; they stay used.
    """

    visit: bool
    units: Decimal
    given: Decimal

    def __bool__(self) -> bool:
        """Say whether anything may be given back."""
        return self.visit or self.units > 0


def unused_of(
    use: AuthorizationUse, row: Authorization, given: GivenDose | None, billing_unit: str
) -> Unused:
    """Return what may be given back of what a dose took: of a dose given in full, nothing.

    A visit is given back where the authorization counts visits, units where it counts units. Where
    nothing is recorded as given, all of it is unused.
    """
    if given is not None and given.outcome is GivenOutcome.FULL:
        return Unused(visit=False, units=Decimal(0), given=use.units)
    amount = units_of(given.amount, billing_unit) if given is not None else Decimal(0)
    units = unused_units(use.units, amount) if row.units is not None else Decimal(0)
    return Unused(visit=row.visits is not None and use.visits > 0, units=units, given=amount)


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
