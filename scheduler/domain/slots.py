"""What the placing of a dose starts from: the series' setting, and the slot that rule and anchors give it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dates import Calendar, Interval
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.reason_words import FIRST_DAY
from scheduler.domain.regimen import Phase, Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What does not change while a series is walked."""

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]
    given: Mapping[int, GivenFact]
    earlier: tuple[GivenFact, ...]

    def beside(self, ordinal: int | None) -> Iterator[GivenFact]:
        """Yield given doses that a gap counts from beside the doses before: elsewhere, or later ones given sooner.

        Of a dose that was given itself nothing counts that came after it.
        """
        yield from self.elsewhere(ordinal)
        later = (fact for n, fact in self.given.items() if ordinal is not None and n > ordinal)
        yield from (fact for fact in later if self._precedes(fact, ordinal))

    def elsewhere(self, ordinal: int | None) -> Iterator[GivenFact]:
        """Yield doses outside this plan; of a dose that was given, only those before it."""
        return (fact for fact in self.earlier if self._precedes(fact, ordinal))

    def _precedes(self, fact: GivenFact, ordinal: int | None) -> bool:
        own = self.given.get(ordinal or 0)
        return own is None or fact.day < own.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A dose that has its due day and wants the rest.

    Args:
        index: Its place in the phase, from 0.
        cycle: Which repetition of the phase's offsets it belongs to, from 1.
        span_ends: The last day of the span that a number of doses must fall into.
    """

    phase: Phase
    ordinal: int
    index: int
    due: date
    reason: Reason
    course: int | None = None
    course_day: int | None = None
    cycle: int = 1
    run_days: int = 1
    span_ends: date | None = None


def new_slot(
    phase: Phase,
    ordinal: int,
    index: int,
    day: date,
    *,
    span: Interval,
    what: str,
    anchor: date,
) -> Slot:
    """Return the slot of a dose that is due a span after an anchor; ``what`` names the anchor, as "dose 1"."""
    zero = not span.months and not span.days
    reason = Reason(why=Why.FIRST)
    if not zero:
        reason = _due(span, what, anchor)
    elif what not in ("", FIRST_DAY):
        reason = Reason(why=Why.EVENT, day=anchor, what=what)
    return Slot(
        phase=phase,
        ordinal=ordinal,
        index=index,
        due=day,
        reason=reason,
    )


def _due(span: Interval, what: str, anchor: date) -> Reason:
    unit, count = span.counted
    if unit == "days" and count % 7 == 0:
        unit, count = "weeks", count // 7
    return Reason(why=Why.DUE, count=count, unit=unit, what=what, day=anchor)


def taken_over(
    phase: Phase, slot: Slot, setting: Setting, passed: Mapping[str, Sequence[object]]
) -> bool:
    """Say whether the repeating phase that an order asks for comes instead of a dose of an endless one.

    It takes over after the last given dose, once the dose that it counts from is there: ``passed`` are the
    doses so far, by phase.
    """
    order = setting.order.phase
    asked = next((each for each in setting.regimen.phases if each.id == order), None)
    ends = phase.until is not None or phase.count is not None
    if asked is None or asked.every is None or phase.id == asked.id or ends:
        return False
    name, _, number = asked.anchor.partition(".")
    needed = int(number) if number.isdecimal() else 1
    return slot.ordinal > max(setting.given, default=0) and len(passed.get(name, ())) >= needed
