"""Lifetime and course limits, and who had the ingredient before: amounts are summed as given, in the limit's own unit."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import LimitRule

LIFETIME, COURSE, COUNT, EXPOSURE = "lifetime_dose", "course_dose", "count", "exposure"
PER_M2 = "mg/m2"
NOTHING = Decimal(0)

Course = tuple[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A dose and what is counted towards a limit once it is given, itself included."""

    dose: PlannedDose
    total: Decimal

    def over(self, rule: LimitRule) -> bool:
        """Say whether a dose that is not given yet would exceed the limit."""
        return self.dose.given is None and self.total > rule.value


def with_limits(
    regimen: Regimen,
    order: OrderFacts,
    doses: Sequence[PlannedDose],
    facts: Facts,
    before: Sequence[PlannedDose] = (),
) -> tuple[PlannedDose, ...]:
    """Return the doses, those over a limit of the region blocked or for review.

    Args:
        regimen: Whose limits.
        order: Of which region.
        doses: To come and given here.
        facts: What was given here and elsewhere.
        before: Doses elsewhere with their places in the same courses, their amounts as given.
    """
    marked = tuple(doses)
    for rule in exposures_for(regimen, order):
        marked = _after_exposure(rule, regimen, order, marked, facts)
    for rule in limits_for(regimen, order):
        counted = counted_towards(rule, regimen, order, marked, facts, before=before)
        marked = tuple(_over(each.dose, rule) if each.over(rule) else each.dose for each in counted)
    return marked


def limits_for(regimen: Regimen, order: OrderFacts) -> tuple[LimitRule, ...]:
    """Return the limits of the order's region."""
    return tuple(rule for rule in _of_region(regimen, order) if rule.kind != EXPOSURE)


def exposures_for(regimen: Regimen, order: OrderFacts) -> tuple[LimitRule, ...]:
    """Return the rules of the order's region that exclude whoever had the ingredient before."""
    return tuple(rule for rule in _of_region(regimen, order) if rule.kind == EXPOSURE)


def _of_region(regimen: Regimen, order: OrderFacts) -> Iterator[LimitRule]:
    return (rule for rule in regimen.limits if rule.region in ("", order.region))


def _after_exposure(
    rule: LimitRule,
    regimen: Regimen,
    order: OrderFacts,
    doses: Sequence[PlannedDose],
    facts: Facts,
) -> tuple[PlannedDose, ...]:
    """Return the doses to come blocked when the ingredient was had before; of a treatment that goes on, for review."""
    outside = [
        fact
        for fact in facts.given
        if fact.real and fact.ordinal is None and fact.ingredient == regimen.ingredient
    ]
    if not outside and not order.prior_amount:
        return tuple(doses)
    status = DoseStatus.BLOCK if rule.blocks and not order.continuing else DoseStatus.REVIEW
    reason = Reason(why=Why.TREATED_BEFORE, what=regimen.ingredient)
    return tuple(
        replace(dose, status=status, reasons=(*dose.reasons, reason))
        if dose.given is None
        else dose
        for dose in doses
    )


def counted_towards(
    rule: LimitRule,
    regimen: Regimen,
    order: OrderFacts,
    doses: Sequence[PlannedDose],
    facts: Facts,
    *,
    before: Sequence[PlannedDose] = (),
) -> Iterator[Counted]:
    """Yield each dose with the running total of a limit: over the lifetime, in its course, or of courses.

    ``before`` are doses elsewhere in the same courses: counted, and not yielded.
    """
    # over a lifetime what was given elsewhere counts from the beginning, courses or not
    first = () if rule.kind == LIFETIME else tuple(before)
    counted = _running(rule, regimen, order, (*first, *doses), facts)
    yield from islice(counted, len(first), None)


def _running(
    rule: LimitRule,
    regimen: Regimen,
    order: OrderFacts,
    doses: Sequence[PlannedDose],
    facts: Facts,
) -> Iterator[Counted]:
    given = {fact.ordinal: fact for fact in facts.given if fact.outcome is not GivenOutcome.NONE}
    total = opening(rule, regimen, order, facts)
    of_course: defaultdict[Course, Decimal] = defaultdict(Decimal)
    by_course = any(phase.run for phase in regimen.phases)
    for dose in doses:
        course = (dose.phase, dose.course)
        amount = _amount(rule, regimen, order, dose, given.get(dose.ordinal))
        of_course[course] += amount
        if rule.kind == COURSE:
            total = of_course[course]
        elif rule.kind == COUNT:
            total = Decimal(len(of_course)) if by_course else total + 1
        else:
            total += amount
        yield Counted(dose=dose, total=total)


def _amount(
    rule: LimitRule,
    regimen: Regimen,
    order: OrderFacts,
    dose: PlannedDose,
    given: GivenFact | None,
) -> Decimal:
    """Return what a dose counts: as given where that is known, else as the rule or the order says."""
    if rule.unit == PER_M2:
        rate = regimen.phase(dose.phase).amount_of(0)
        planned = order.amount or (rate.value if rate else NOTHING)
        return planned if given is None or given.per_m2 is None else given.per_m2
    return (given.amount if given else None) or dose.amount or NOTHING


def opening(rule: LimitRule, regimen: Regimen, order: OrderFacts, facts: Facts) -> Decimal:
    """Return what counts towards a lifetime limit before the first dose of the plan."""
    if rule.kind != LIFETIME:
        return NOTHING
    mine = [fact for fact in facts.given if fact.ingredient == regimen.ingredient]
    outside = [fact for fact in mine if fact.ordinal is None]
    per_m2 = rule.unit == PER_M2
    amounts = [fact.per_m2 if per_m2 else fact.amount for fact in outside]
    return sum((each or NOTHING for each in amounts), order.prior_amount)


def is_counted_per_m2(regimen: Regimen) -> bool:
    """Say whether some region's lifetime limit counts what was given per m2 of body surface."""
    return any(rule.kind == LIFETIME and rule.unit == PER_M2 for rule in regimen.limits)


def given_per_m2(facts: Facts, order: OrderFacts) -> Decimal:
    """Return what was given so far in mg/m2, earlier exposure included."""
    return sum((fact.per_m2 or NOTHING for fact in facts.given), order.prior_amount)


def _over(dose: PlannedDose, rule: LimitRule) -> PlannedDose:
    status = DoseStatus.BLOCK if rule.blocks else DoseStatus.REVIEW
    what = f"{rule.value.normalize():f} {rule.unit or 'courses'}"
    return replace(
        dose, status=status, reasons=(*dose.reasons, Reason(why=Why.OVER_LIMIT, what=what))
    )
