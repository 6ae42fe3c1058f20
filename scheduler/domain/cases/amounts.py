"""What cases ask of amounts: of one dose by weight, of steps by indication, and sums per m2 of surface."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scheduler.domain.cases.case import Answer, CaseError, Inputs
from scheduler.domain.cases.question import Known
from scheduler.domain.doses import OrderFacts, amount_due, surface
from scheduler.domain.regimen import Phase, Regimen

TENTH = Decimal("0.1")
LATER = 10**6  # a phase's last amount goes on
SURFACE = ("bsa", "m2", "surface")
AMOUNTS, MILLIGRAMS = ("amount", "amounts", "given", "doses"), ("mg", "given_mg")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ordered:
    """What a case says of an order; the weight comes with each question."""

    order: OrderFacts

    @staticmethod
    def taken(region: str, inputs: Inputs) -> "_Ordered":
        """Take an order's keys."""
        height, amount = inputs.take("height"), inputs.take("amount")
        order = OrderFacts(
            first_day=date.min,
            region=region,
            height_cm=Decimal(height) if height else None,
            amount=Decimal(amount) if amount else None,
        )
        return _Ordered(order=order)

    def of(self, kg: str, indication: str) -> OrderFacts:
        """Return the order for a weight and an indication."""
        weight = Decimal(kg) if kg else None
        return replace(self.order, weight_kg=weight, indication=indication)


def amount(regimen: Regimen, region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the amount of the first dose, or of the named one, for each weight."""
    weights = inputs.take("kg").split("|")
    order = _Ordered.taken(region, inputs)
    ordinal, name = int(inputs.take("dose") or 1), inputs.take("phase")
    indication = inputs.take("indication")
    days = inputs.take("days") or inputs.take("run")
    inputs.done()
    found = []
    for kg in weights:
        of_body = order.of(kg, indication)
        phase, index = _place(regimen, of_body, ordinal, name)
        length = int(days) if days else phase.run.days if phase.run else 1
        found.append(number(amount_due(phase.amount_of(index), of_body, length)))
    return Answer(parts=tuple(found))


def amount_steps(
    regimen: Regimen, region: str, inputs: Inputs, _known: Known, _detail: str
) -> Answer:
    """Answer with the first and the later amount, for each indication."""
    indications, kg = inputs.take("indication").split("|"), inputs.take("kg")
    order = _Ordered.taken(region, inputs)
    inputs.done()
    steps = []
    for indication in indications:
        of_body = order.of(kg, indication)
        phases = _phases(regimen, of_body)
        first = amount_due(phases[0].amount_of(0), of_body)
        later = amount_due(phases[-1].amount_of(LATER), of_body)
        steps.append(f"{number(first)}>{number(later)}")
    return Answer(parts=tuple(steps))


def total(regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the amounts per m2 summed as given: each by the surface of its own day, prior exposure too."""
    prior = Decimal(inputs.take("prior") or 0)
    amounts = [_decimal(part) for part in _listed(inputs, AMOUNTS)]
    milligrams = [_decimal(part) for part in _listed(inputs, MILLIGRAMS)]
    surfaces = _surfaces(inputs)
    inputs.done()
    if amounts and surfaces and max(amounts) > _rate(regimen):  # more than a rate: milligrams
        amounts, milligrams = [], amounts
    if len(amounts) == 1 and surfaces and not milligrams:  # the same rate on each day
        amounts = amounts * len(surfaces)
    given = [*amounts, *_per_m2(milligrams, surfaces)]
    if not given:
        raise CaseError("amount is missing")
    summed = sum(given, prior).quantize(TENTH, ROUND_HALF_UP)
    return Answer(parts=(f"{summed} mg/m2",))


def _per_m2(milligrams: Sequence[Decimal], surfaces: Sequence[Decimal]) -> list[Decimal]:
    if milligrams and len(surfaces) == 1:
        surfaces = [*surfaces] * len(milligrams)
    if milligrams and len(surfaces) != len(milligrams):
        raise CaseError("each amount in mg needs the surface of its day")
    return [mg / m2 for mg, m2 in zip(milligrams, surfaces, strict=False)]


def _rate(regimen: Regimen) -> Decimal:
    """Return the largest amount per m2 that the regimen names; without one every amount is a rate."""
    rates = [each.value for phase in regimen.phases for each in phase.amounts if each.per == "m2"]
    return max(rates, default=Decimal("Infinity"))


def number(value: Decimal | None) -> str:
    """Return an amount as cases write it, without zeros at the end."""
    return "none" if value is None else f"{value.normalize():f}"


def _surfaces(inputs: Inputs) -> list[Decimal]:
    written = [_decimal(part) for part in _listed(inputs, SURFACE)]
    weights = [_decimal(part) for part in _listed(inputs, ("kg",))]
    heights = [_decimal(part) for part in _listed(inputs, ("height",))]
    if len(heights) == 1:
        heights = heights * len(weights)
    if len(heights) != len(weights):
        raise CaseError("each weight needs a height")
    return [*written, *(surface(kg, cm) for kg, cm in zip(weights, heights, strict=True))]


def _listed(inputs: Inputs, names: Sequence[str]) -> list[str]:
    """Take the parts of a list under one of some names, in one value or numbered: mg=1|2, or mg1=1;mg2=2."""
    found: list[str] = []
    for name in names:
        numbered = inputs.numbered(name)
        for value in (inputs.take(name), *numbered.values()):
            found += [part for part in value.split("|") if part]
    return found


def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _place(regimen: Regimen, order: OrderFacts, ordinal: int, name: str) -> tuple[Phase, int]:
    """Return the phase of an ordinal, or the named one, and the dose's place in it."""
    if name:
        return regimen.phase(name), ordinal - 1
    left = ordinal - 1
    for phase in _phases(regimen, order):
        length = phase.spread.count if phase.spread else len(phase.offsets)
        if phase.every is not None or left < length:
            return phase, left
        left -= length
    raise CaseError(f"there is no dose {ordinal}")


def _phases(regimen: Regimen, order: OrderFacts) -> list[Phase]:
    kg = order.weight_kg
    alone = len(regimen.phases) == 1
    return [
        phase
        for phase in regimen.phases
        if phase.amounts and (alone or not phase.clinical) and (kg is None or _is_for(phase, kg))
    ]


def _is_for(phase: Phase, kg: Decimal) -> bool:
    under = phase.kg_below is None or kg < phase.kg_below
    return under and kg >= (phase.kg_from or Decimal(0))
