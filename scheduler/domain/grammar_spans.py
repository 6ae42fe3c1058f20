"""What must hold between the spans of one phase: interval, window, minimum gap, run, spread."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from scheduler.domain.dates import Interval
from scheduler.domain.grammar_lines import Path
from scheduler.domain.regimen import (
    Basis,
    MinGap,
    MissedAction,
    OrderRange,
    Phase,
    Tier,
    Window,
)

Fault = tuple[Path, str]

# the fewest and the most days that so many calendar months in a row can have
FEWEST = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)
MOST = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337)
SHORT_YEAR, LONG_YEAR = 365, 366


def faults_of(phase: Phase) -> Iterator[Fault]:
    """Yield what is wrong with a phase by itself: the key it is about, and a sentence."""
    yield from _shape(phase)
    yield from _interval(phase)
    for key, window in (("window", phase.window), *(("windows", own) for _, own in phase.windows)):
        yield from _window(key, window, phase.every)
    if phase.min_gap is not None:
        yield from _gap(phase.min_gap, phase.every)
    yield from _days(phase)
    for allowed in phase.order_ranges:
        yield from _range(allowed, phase.every)
    for amount in phase.amounts:
        overlap = _overlap(amount.tiers)
        if overlap is not None:
            yield ("amount",), f"two weight bands overlap at {overlap.normalize():f} kg"


def _shape(phase: Phase) -> Iterator[Fault]:
    forms = [bool(phase.offsets), phase.every is not None, phase.spread is not None]
    if not any(forms):
        yield ("id",), "it says neither offsets, nor every, nor spread"
    if sum(forms) > 1:
        yield ("offsets",), "it says more than one of offsets, every and spread"
    negative = len(phase.offsets) - len(phase.dose_offsets)
    if len(phase.tasks) != negative:
        yield ("offsets",), "each negative offset needs a task, in their order"
    until = phase.missed.until
    if (phase.missed.action is MissedAction.GIVE_UNTIL) != (until is not None):
        yield ("missed",), "give_until and until belong together"


def _interval(phase: Phase) -> Iterator[Fault]:
    spans = {"first": phase.first, "until": phase.until, "review_gap": phase.review_gap}
    for key, span in spans.items():
        if span is not None and least(span) < 0:
            yield (key,), f"its {key.replace('_', ' ')} is negative"
    if phase.every is not None:
        yield from _repeats(phase, phase.every)


def _repeats(phase: Phase, every: Interval) -> Iterator[Fault]:
    if least(every) <= 0:
        yield ("every",), "its interval must be longer than nothing"
    if phase.until is not None and longer(every, phase.until):
        yield ("until",), "it ends before its interval has passed once"
    if phase.count is not None and phase.count < 1:
        yield ("count",), "it has no doses"
    if phase.run is not None and phase.run.days_max > least(every):
        yield ("run",), "its run is longer than its interval"
    if phase.review_gap is not None and longer(every, phase.review_gap):
        yield ("review_gap",), "its review gap is shorter than its interval"


def _window(key: str, window: Window, every: Interval | None) -> Iterator[Fault]:
    if least(window.early) < 0 or least(window.late) < 0:
        yield (key,), "its window is negative: write how much earlier and how much later"
    wide = Interval(
        months=window.early.months + window.late.months, days=window.early.days + window.late.days
    )
    if every is not None and longer(wide, every):
        yield (key,), "its window is wider than its interval"


def _gap(gap: MinGap, every: Interval | None) -> Iterator[Fault]:
    spans = [gap.span, *(reading.span for reading in gap.readings)]
    if (gap.basis is Basis.AMBIGUOUS) != (gap.choice is not None):
        yield ("min_gap",), "an ambiguous gap needs a choice between readings, another one has none"
    if any(least(span) < 0 for span in spans):
        yield ("min_gap",), "its minimum gap is negative"
    if every is not None and any(longer(span, every) for span in spans):
        yield ("min_gap",), "its minimum gap is longer than its interval"


def _days(phase: Phase) -> Iterator[Fault]:
    run, spread = phase.run, phase.spread
    if run is not None and not 1 <= run.days_min <= run.days <= run.days_max:
        yield ("run",), "its days lie outside days_min and days_max"
    if spread is not None and (spread.count - 1) * spread.gap + 1 > spread.within:
        yield ("spread",), "its doses do not fit into its span"


def _range(allowed: OrderRange, every: Interval | None) -> Iterator[Fault]:
    low, high = allowed.every_from, allowed.every_to
    if (low or high) and every is None:
        yield ("order_range",), "it names intervals, and the phase does not repeat"
    if low is not None and high is not None and longer(low, high):
        yield ("order_range",), "its shortest interval is longer than its longest"
    least_amount, most_amount = allowed.amount_from, allowed.amount_to
    if least_amount is not None and most_amount is not None and least_amount > most_amount:
        yield ("order_range",), "its smallest amount is larger than its largest"
    if not any((low, high, least_amount, most_amount)):
        yield ("order_range",), "it names neither intervals nor amounts"


def longer(span: Interval, other: Interval) -> bool:
    """Say whether a span can be longer than another, whatever months it falls into."""
    if span.months and other.months:
        more = span.months - other.months
        return more > 0 or (more == 0 and span.days > other.days)
    return most(span) > least(other)


def least(span: Interval) -> int:
    """Return the fewest days that a span can have."""
    years, months = divmod(abs(span.months), 12)
    if span.months < 0:
        return -(years * LONG_YEAR + MOST[months]) + span.days
    return years * SHORT_YEAR + FEWEST[months] + span.days


def most(span: Interval) -> int:
    """Return the most days that a span can have."""
    years, months = divmod(span.months, 12)
    return years * LONG_YEAR + MOST[months] + span.days


def _overlap(tiers: Sequence[Tier]) -> Decimal | None:
    """Return a weight that two bands hold, if there is one."""
    bands = sorted(tiers, key=lambda tier: (tier.begins, tier.kg_above is not None))
    for lower, upper in pairwise(bands):
        end = lower.kg_below if lower.kg_below is not None else lower.kg_to
        touching = end == upper.begins and lower.kg_below is None and upper.kg_above is None
        if end is None or end > upper.begins or touching:
            return upper.begins
    return None
