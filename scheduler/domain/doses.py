"""Planned doses, the facts they follow from, and how much a dose is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import sqrt
from types import MappingProxyType

from scheduler.domain.dates import Interval
from scheduler.domain.dose_reasons import Reason, full_sentence
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Amount, Phase, Product, Regimen
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.visit_rules import VisitMinutes

MG = Decimal("0.1")


class DoseStatus(StrEnum):
    """What the engine says of a dose."""

    OK = "ok"
    CONFLICT = "conflict"
    HOLD = "hold"
    REVIEW = "review"
    BLOCK = "block"
    MANUAL = "manual"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What the prescriber ordered, as the engine needs it.

    Args:
        first_day: Day of the first dose; for a patient on treatment, the day the order begins to count.
        region: US, EU, UK.
        continuing: On treatment already: doses elsewhere are not given again.
        weight_kg, height_cm: The last measured ones.
        interval: The order's own interval for repeating phases.
        amount: The order's own amount for repeating phases.
        run_days: The order's own length of a run.
        alternatives: Names of shorter visits that the order allows.
        phase: A clinical phase that the order asks for.
        cycles: How many courses or cycles of it.
        home_doses: Whether doses that the patient takes at home are listed too.
        prior_amount: Earlier exposure in the limit's unit (mg/m2), as an opening balance.
        first_ordinal: Of somebody on treatment, the ordinal of the plan's first dose, once it is known.
        weight_before_kg: The weight under which the dates were made, when another one was measured since.
    """

    first_day: date
    region: str = "US"
    indication: str = ""
    continuing: bool = False
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    interval: Interval | None = None
    amount: Decimal | None = None
    run_days: int | None = None
    alternatives: frozenset[str] = frozenset()
    phase: str = ""
    cycles: int = 1
    product: str = ""
    home_doses: bool = False
    prior_amount: Decimal = Decimal(0)
    first_ordinal: int | None = None
    weight_before_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFact:
    """What happened to a dose.

    Args:
        ingredient: The minimum gap follows it, whatever plan, product or center gave it.
        day: The day in the center's calendar.
        outcome: In full, in part, or not given.
        ordinal: Which dose of this plan; None for a dose before or outside it.
        per_m2: The amount per m2, for lifetime limits.
    """

    ingredient: str
    day: date
    outcome: GivenOutcome = GivenOutcome.FULL
    ordinal: int | None = None
    amount: Decimal | None = None
    per_m2: Decimal | None = None

    @property
    def real(self) -> bool:
        """Whether something was given, in full or in part."""
        return self.outcome is not GivenOutcome.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of what was given, skipped and what else happened.

    Args:
        skipped: Ordinals that a person left out.
        missed: Ordinals that were not given on their day; the phase says what becomes of them.
        keeps_grid: Ordinals after which the later doses keep their days.
        events: Days of what phases, windows and requirements may count from.
        failed: Requirements that were not passed: the next dose that needs one waits.
        held_from: The day from which the plan is on hold.
        ended: The last day of the treatment.
    """

    given: tuple[GivenFact, ...] = ()
    skipped: frozenset[int] = frozenset()
    missed: frozenset[int] = frozenset()
    failed: frozenset[str] = frozenset()
    held_from: date | None = None
    ended: date | None = None
    keeps_grid: frozenset[int] = frozenset()
    events: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """One dose of a series; the ordinal never changes.

    ``due`` is the rule's day, ``planned`` the engine's proposal (None: no open day in the window),
    ``not_before`` hard, ``earliest`` .. ``latest`` soft. Amounts are in ``unit``.
    """

    ordinal: int
    phase: str
    due: date
    planned: date | None
    earliest: date
    latest: date
    not_before: date | None
    minutes: VisitMinutes
    amount: Decimal | None
    unit: str
    course: int | None = None
    course_day: int | None = None
    cycle: int = 1
    status: DoseStatus = DoseStatus.OK
    requirements: tuple[RequirementRule, ...] = ()
    reasons: tuple[Reason, ...] = ()
    given: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPhase:
    """A phase that begins only when a prescriber asks for it: a day from which, never a booking."""

    phase: str
    from_day: date
    reasons: tuple[Reason, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Why it begins no sooner, a sentence each."""
        return tuple(full_sentence(reason) for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Something to be done on a day before the first dose."""

    what: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The doses of a plan, in order, and the phases that wait for the prescriber's word.

    ``elsewhere`` are those before the order with places in the same courses, their amounts as given there.
    """

    doses: tuple[PlannedDose, ...]
    waiting: tuple[WaitingPhase, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    elsewhere: tuple[PlannedDose, ...] = ()

    def dose(self, ordinal: int) -> PlannedDose | None:
        """Return a dose by its ordinal."""
        return next((dose for dose in self.doses if dose.ordinal == ordinal), None)


def surface(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Return the body surface in m2 (Mosteller 1987: root of cm x kg / 3600), two decimals."""
    return Decimal(str(sqrt(weight_kg * height_cm / 3600))).quantize(Decimal("0.01"), ROUND_HALF_UP)


def amount_due(rule: Amount | None, order: OrderFacts, days: int = 1) -> Decimal | None:
    """Return the amount of one dose in the rule's unit; None when a weight or height is missing."""
    if rule is None:
        return None
    total = _by_body(rule, order)
    if total is None:
        return None
    if rule.split:
        total = total / days
    if rule.maximum is not None:
        total = min(total, rule.maximum)
    return total.quantize(MG, ROUND_HALF_UP)


def ordered_for(phase: Phase, regimen: Regimen, order: OrderFacts) -> OrderFacts:
    """Return the order as a phase reads it: its own amount is not for loading doses that differ from later ones."""
    if order.amount is None or phase.kind != "induction":
        return order
    later = [each.amounts for each in regimen.phases if each.every is not None]
    return order if phase.amounts in later else replace(order, amount=None)


def _by_body(rule: Amount, order: OrderFacts) -> Decimal | None:
    kg = order.weight_kg
    if rule.tiers:
        tier = next((tier for tier in rule.tiers if kg is not None and tier.holds(kg)), None)
        if tier is None or kg is None:
            return None
        return tier.value * kg if tier.per == "kg" else tier.value
    value = order.amount or dict(rule.by_indication).get(order.indication, rule.value)
    if rule.per == "kg":
        return None if kg is None else value * kg
    if rule.per == "m2":
        return (
            None if kg is None or order.height_cm is None else value * surface(kg, order.height_cm)
        )
    return value


def rounded_to_vials(amount: Decimal, product: Product | None) -> Decimal:
    """Return the amount that whole vials hold, the smallest that is enough; unchanged without vial sizes."""
    if product is None or not product.vials:
        return amount
    smallest = min(product.vials)
    return (amount / smallest).to_integral_value(ROUND_CEILING) * smallest


def minutes_of(
    regimen: Regimen, phase: str, ordinal: int, course_day: int | None, order: OrderFacts
) -> VisitMinutes:
    """Return the steps of a dose's visit in minutes; a shorter one only when the order names it."""
    before = regimen.visits[0]
    for rule in regimen.visits:
        if rule.requires and rule.requires not in order.alternatives:
            continue  # "no reaction recorded" is not "no reaction": the longer visit goes on
        before = rule
        if rule.holds(phase, course_day or 1 if rule.of_course else ordinal):
            break
    named = [minutes for name, minutes in before.alternatives if name in order.alternatives]
    return named[0] if named else before.minutes
