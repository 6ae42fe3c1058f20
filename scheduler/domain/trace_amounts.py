"""How the amount and the minutes of a dose came about."""

from decimal import Decimal

from scheduler.domain.doses import OrderFacts, PlannedDose, rounded_to_vials, surface
from scheduler.domain.regimen import Amount, Regimen, Tier


def amount_step(dose: PlannedDose, regimen: Regimen, order: OrderFacts) -> tuple[str, str]:
    """Return the amount and how it was calculated, capped and rounded to vials."""
    phase = regimen.phase(dose.phase)
    mine = [d for d in phase.amounts if d.unit == dose.unit] or list(phase.amounts)
    if not mine:
        return "none", "the regimen names no amount"
    if dose.amount is None:
        return "unknown", "the weight or the height is missing"
    rule = next((each for each in mine if _rate(each, order) is not None), mine[0])
    said = f"{_calculated(rule, dose, order)}{_capped(rule, dose)}"
    vials = rounded_to_vials(dose.amount, regimen.product(order.product))
    if vials != dose.amount:
        said += f"; whole vials of {order.product} hold {_number(vials)} {dose.unit}"
    return f"{_number(dose.amount)} {dose.unit}", said


def _rate(rule: Amount, order: OrderFacts) -> Decimal | None:
    if rule.tiers:
        tier = _tier(rule, order)
        return tier.value if tier else None
    return order.amount or dict(rule.by_indication).get(order.indication, rule.value)


def _tier(rule: Amount, order: OrderFacts) -> Tier | None:
    kg = order.weight_kg
    return next((tier for tier in rule.tiers if kg is not None and tier.holds(kg)), None)


def _calculated(rule: Amount, dose: PlannedDose, order: OrderFacts) -> str:
    rate, kg, cm = _rate(rule, order), order.weight_kg, order.height_cm
    tier = _tier(rule, order)
    per = tier.per if tier else rule.per
    ordered = "as ordered, " if order.amount and not rule.tiers else ""
    band = f"band from {_number(tier.begins)} kg, " if tier else ""
    split = ", shared out over the days of the run" if rule.split else ""
    if per == "kg" and kg is not None and rate is not None:
        return f"{ordered}{band}{_number(rate)} {dose.unit}/kg x {_number(kg)} kg{split}"
    if per == "m2" and kg is not None and cm is not None and rate is not None:
        body = f"root of {_number(kg)} kg x {_number(cm)} cm / 3600 = {surface(kg, cm)} m2"
        return f"{ordered}{_number(rate)} {dose.unit}/m2 x {surface(kg, cm)} m2 ({body}){split}"
    return f"{ordered}{band}{_number(dose.amount or Decimal(0))} {dose.unit}"


def _capped(rule: Amount, dose: PlannedDose) -> str:
    if rule.maximum is None:
        return ""
    held = " (reached)" if dose.amount == rule.maximum else ""
    return f", at most {_number(rule.maximum)} {dose.unit}{held}"


def minutes_step(dose: PlannedDose) -> tuple[str, str]:
    """Return how long the patient stays and the sum of its steps, in minutes."""
    steps = dose.minutes
    said = (
        f"intake {steps.intake} + IV start {steps.iv_start} + premedication {steps.premedication}"
        f" + infusion {steps.infusion} + observation {steps.observation} + discharge {steps.discharge}"
    )
    chair = f"; with turnover {steps.turnover} the chair is taken {steps.chair_minutes} min"
    return f"{steps.patient_minutes} min", said + chair


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
