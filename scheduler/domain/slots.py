"""What the placing of a dose starts from: the series' setting, and the slot that rule and anchors give it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dates import Calendar
from scheduler.domain.dose_reasons import Reason
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
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
    amount_index: int
    due: date
    reason: Reason
    course: int | None = None
    course_day: int | None = None
    cycle: int = 1
    run_days: int = 1
    span_ends: date | None = None


def taken_over(
    phase: Phase, slot: Slot, setting: Setting, days: Mapping[str, Sequence[date]]
) -> bool:
    """Say whether the repeating phase that an order asks for comes instead of a dose of an endless one.

    It takes over after the last given dose, once the dose that it counts from is there: ``days`` are those on
    which the doses so far pass, by phase.
    """
    order = setting.order.phase
    asked = next((each for each in setting.regimen.phases if each.id == order), None)
    ends = phase.until is not None or phase.count is not None
    if asked is None or asked.every is None or phase.id == asked.id or ends:
        return False
    name, _, number = asked.anchor.partition(".")
    needed = int(number) if number.isdecimal() else 1
    return slot.ordinal > max(setting.given, default=0) and len(days.get(name, ())) >= needed
