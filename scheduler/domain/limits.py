"""Lifetime and course limits: amounts are summed as given, in the limit's own unit."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, Facts, OrderFacts, PlannedDose
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import LimitRule

LIFETIME, COURSE, COUNT = "lifetime_dose", "course_dose", "count"


def with_limits(
    regimen: Regimen, order: OrderFacts, doses: Sequence[PlannedDose], facts: Facts
) -> tuple[PlannedDose, ...]:
    """Return the doses, those over a limit of the region blocked or for review."""
    rules = [rule for rule in regimen.limits if rule.region in ("", order.region)]
    marked = tuple(doses)
    for rule in rules:
        if rule.kind == LIFETIME and rule.unit == "mg/m2":
            marked = _lifetime(regimen, order, marked, facts, rule)
    return marked


def is_counted_per_m2(regimen: Regimen) -> bool:
    """Say whether some region's lifetime limit counts what was given per m2 of body surface."""
    return any(rule.kind == LIFETIME and rule.unit == "mg/m2" for rule in regimen.limits)


def given_per_m2(facts: Facts, order: OrderFacts) -> Decimal:
    """Return what was given so far in mg/m2, earlier exposure included."""
    return sum((fact.per_m2 or Decimal(0) for fact in facts.given), order.prior_amount)


def _lifetime(
    regimen: Regimen,
    order: OrderFacts,
    doses: tuple[PlannedDose, ...],
    facts: Facts,
    rule: LimitRule,
) -> tuple[PlannedDose, ...]:
    total = given_per_m2(facts, order)
    marked = []
    for dose in doses:
        if dose.given is None:
            rate = regimen.phase(dose.phase).amount_of(0)
            total += order.amount or (rate.value if rate else Decimal(0))
        over = dose.given is None and total > rule.value
        marked.append(_over(dose, rule) if over else dose)
    return tuple(marked)


def _over(dose: PlannedDose, rule: LimitRule) -> PlannedDose:
    status = DoseStatus.BLOCK if rule.blocks else DoseStatus.REVIEW
    reason = Reason(why=Why.OVER_LIMIT, what=f"{rule.value.normalize():f} {rule.unit}")
    return replace(dose, status=status, reasons=(*dose.reasons, reason))
