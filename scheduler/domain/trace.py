"""How every date of a dose came about: the rule, its source, and the arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.dates import Interval, due
from scheduler.domain.dose_reasons import Reason, Why, sentence, spoken_span
from scheduler.domain.doses import OrderFacts, PlannedDose
from scheduler.domain.regimen import Regimen, Window
from scheduler.domain.regimen_numbers import RuleNumber, numbers_of, spoken_interval
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.requirements import oldest_allowed
from scheduler.domain.trace_amounts import amount_step, minutes_step

SPANS = {Why.DUE, Why.NOT_BEFORE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One date or number of a dose and how it came about.

    Args:
        what: "Due day", "Not before", "Window", "Planned day", "Amount", "Visit", or a requirement.
        result: The date or number.
        rule: The rule in words, as the pharmacist signs it; empty where there is only arithmetic.
        basis: label, practice, policy or ambiguous; "order" where the prescriber says it.
        source: Where the rule is written; "from memory, verify" or "center" where it is not.
        arithmetic: How the result follows.
    """

    what: str
    result: str
    arithmetic: str
    rule: str = ""
    basis: str = ""
    source: str = ""


def trace(dose: PlannedDose, regimen: Regimen, order: OrderFacts) -> tuple[Step, ...]:
    """Return how each date and number of a dose came about, in the order in which they follow."""
    numbers = {number.item: number for number in numbers_of(regimen, regimen.cited)}
    phase, window = dose.phase, regimen.phase(dose.phase).window_of(dose.ordinal)
    amount, how = amount_step(dose, regimen, order)
    minutes, sums = minutes_step(dose)
    return (
        _step("Due day", str(dose.due), _due(dose), numbers.get(f"{phase}.when"), regimen),
        *_gap(dose, numbers.get(f"{phase}.gap"), regimen),
        _step(
            "Window",
            f"{dose.earliest} to {dose.latest}",
            _window(dose, window),
            numbers.get(f"{phase}.window"),
            regimen,
        ),
        _step("Planned day", _planned(dose), _placed(dose), None, regimen),
        _step("Amount", amount, how, numbers.get(f"{phase}.amount"), regimen),
        _step("Visit", minutes, sums, numbers.get("visit.overhead"), regimen),
        *(_needed(rule, dose, numbers, regimen) for rule in dose.requirements),
        Step(what="Status", result=dose.status.value, arithmetic=_judged(dose)),
    )


def source_of(number: RuleNumber, regimen: Regimen) -> str:
    """Return where a number is written, in words."""
    if number.from_memory:
        return "from memory, verify"
    where = regimen.sources.get(number.source, "")
    return f"{number.source} {where}" if where else number.source


def _step(
    what: str, result: str, arithmetic: str, number: RuleNumber | None, regimen: Regimen
) -> Step:
    if number is None:
        return Step(what=what, result=result, arithmetic=arithmetic)
    return Step(
        what=what,
        result=result,
        arithmetic=arithmetic,
        rule=number.words,
        basis=number.basis.value,
        source=source_of(number, regimen),
    )


def _due(dose: PlannedDose) -> str:
    reason = dose.reasons[0]
    if reason.why is Why.DUE and reason.day is not None:
        said = (
            f"{reason.day} ({reason.what}) + {spoken_span(reason.count, reason.unit)} = {dose.due}"
        )
        return said + _clamped(reason, dose.due)
    return sentence(reason)


def _clamped(reason: Reason, day: date) -> str:
    short = reason.day is not None and reason.unit == "months" and day.day < reason.day.day
    return f": that month has no day {reason.day.day}, so its last" if short and reason.day else ""


def _gap(dose: PlannedDose, number: RuleNumber | None, regimen: Regimen) -> Iterator[Step]:
    reason = next((r for r in dose.reasons if r.why is Why.NOT_BEFORE), None)
    if reason is None or dose.not_before is None or reason.other is None:
        return
    span = spoken_span(reason.count, reason.unit)
    said = f"{reason.other} ({reason.what}) + {span} = {dose.not_before}"
    rolled = reason.unit == "months" and dose.not_before.day < reason.other.day
    said += ": that month is too short, so the first of the next" if rolled else ""
    yield _step("Not before", str(dose.not_before), said, number, regimen)


def _window(dose: PlannedDose, window: Window) -> str:
    early, late = spoken_interval(window.early), spoken_interval(window.late)
    first = due(dose.due, Interval(months=-window.early.months, days=-window.early.days), 1)
    last = due(dose.due, window.late, 1)
    said = f"{dose.due} - {early} = {first}, {dose.due} + {late} = {last}"
    if window.event:
        said = f"counted from {window.event.replace('-', ' ')} where its day is known"
    if dose.not_before is not None and dose.earliest == dose.not_before > first:
        said += "; not before wins"
    return said


def _planned(dose: PlannedDose) -> str:
    return str(dose.planned) if dose.planned else "none"


def _placed(dose: PlannedDose) -> str:
    if dose.given is not None:
        return f"given on {dose.given}"
    if dose.planned is None:
        return "no day"
    if dose.planned == dose.due:
        return "the due day is open"
    away = (dose.planned - dose.due) // timedelta(days=1)
    return f"{dose.due} {'+' if away > 0 else '-'} {spoken_span(abs(away), 'days')}"


def _judged(dose: PlannedDose) -> str:
    return "; ".join(sentence(reason) for reason in dose.reasons[1:]) or "nothing against it"


def _needed(
    rule: RequirementRule, dose: PlannedDose, numbers: dict[str, RuleNumber], regimen: Regimen
) -> Step:
    day = dose.planned or dose.due
    oldest = oldest_allowed(rule, day)
    result = "at the chair" if rule.at_chair else f"by {day}"
    if oldest is not None:
        result = f"from {oldest} to {day}"
    number = numbers.get(f"requirement.{rule.id}")
    return _step(f"Before it: {rule.what}", result, f"for the dose of {day}", number, regimen)
