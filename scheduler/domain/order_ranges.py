"""What an order may name otherwise than the regimen: its own interval, amount and days in a row, between limits."""

from collections.abc import Iterator
from decimal import Decimal

from scheduler.domain.dates import Interval
from scheduler.domain.grammar_spans import least, most
from scheduler.domain.regimen import OrderRange, Phase, Regimen
from scheduler.domain.rule_numbers import spoken_interval

SHORTEST_INTERVAL, LONGEST_INTERVAL = 1, 1100


def interval_fault(rule: Regimen, region: str, own: Interval) -> str:
    """Return why an order cannot name an interval in a region, as a sentence; empty when it can.

    Days are compared with the fewest and the most that a span of months can have; months with months.
    """
    for phase, allowed in _ranges(rule, region):
        low, high = allowed.every_from, allowed.every_to
        short = low is not None and most(own) < least(low)
        long = high is not None and least(own) > most(high)
        if short or long:
            return f"{rule.title}, {region}: an order may name {spoken_range(phase, allowed)}."
    if not (least(own) >= SHORTEST_INTERVAL and most(own) <= LONGEST_INTERVAL):
        return f"An interval is {SHORTEST_INTERVAL} to {LONGEST_INTERVAL} days, or as long in weeks or months."
    return ""


def amount_fault(rule: Regimen, region: str, own: Decimal) -> str:
    """Return why an order cannot name an amount in a region, as a sentence; empty when it can."""
    for phase, allowed in _ranges(rule, region):
        low, high = allowed.amount_from, allowed.amount_to
        if (low is not None and own < low) or (high is not None and own > high):
            return f"{rule.title}, {region}: an order may name {spoken_range(phase, allowed)}."
    return ""


def run_fault(rule: Regimen, days: int) -> str:
    """Return why an order cannot name so many days in a row, as a sentence; empty when it can."""
    runs = [phase.run for phase in rule.phases if phase.run]
    if not runs:
        return f"{rule.title} has no course of several days."
    if any(run.days_min <= days <= run.days_max for run in runs):
        return ""
    spans = dict.fromkeys((run.days_min, run.days_max) for run in runs)
    words = (f"{least} to {most}" if least < most else f"{least}" for least, most in spans)
    return f"A course has {' or '.join(words)} days."


def asked_phases(rule: Regimen) -> tuple[str, ...]:
    """Return the phases that begin only when an order asks for them, beside what the regimen does by itself."""
    several = len(rule.phases) > 1
    return tuple(phase.id for phase in rule.phases if phase.clinical and several)


def spoken_range(phase: Phase, allowed: OrderRange) -> str:
    """Return "every 4 to 8 weeks" or "3 to 10 mg/kg", or both."""
    amount = phase.amount_of(0)
    per = f"/{amount.per}" if amount and amount.per else ""
    unit = f"{amount.unit}{per}" if amount else ""
    spans = [_spoken(span) for span in (allowed.every_from, allowed.every_to)]
    amounts = [_number(value) for value in (allowed.amount_from, allowed.amount_to)]
    said = [
        f"every {_between(*spans)}" if any(spans) else "",
        f"{_between(*amounts)} {unit}" if any(amounts) else "",
    ]
    return " and ".join(filter(None, said))


def _spoken(span: Interval | None) -> str:
    return spoken_interval(span) if span else ""


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _between(low: str, high: str) -> str:
    if low and high:
        number, _, unit = low.partition(" ")
        same = unit.rstrip("s") == high.partition(" ")[2].rstrip("s")
        return f"{number if same else low} to {high}"
    return f"{low} or more" if low else f"{high} at most"


def _ranges(rule: Regimen, region: str) -> Iterator[tuple[Phase, OrderRange]]:
    for phase in rule.phases:
        for allowed in phase.order_ranges:
            if not allowed.regions or region in allowed.regions:
                yield phase, allowed
