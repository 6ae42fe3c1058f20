"""What the placing of a dose starts from: the series' setting, and the slot that rule and anchors give it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from scheduler.domain.dates import Calendar, Interval
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.reason_words import FIRST_DAY
from scheduler.domain.regimen import Phase, Reading, Regimen
from scheduler.domain.requirement_rules import RequirementRule


@dataclass(slots=True)
class Settled:
    """What is the same for many doses of a series, worked out once: amounts by phase and place, needs by ordinal.

    Args:
        last_named: The highest ordinal that a requirement names; later ones all need the same.
    """

    last_named: int = 1
    readings: dict[str, Reading] = field(default_factory=dict)
    amounts: dict[tuple[str, int, int], Decimal | None] = field(default_factory=dict)
    needs: dict[tuple[int, bool], tuple[RequirementRule, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What does not change while a series is walked.

    Args:
        first: The ordinal of the first dose of the treatment: 1, but where doses elsewhere were told of later.
        last_ordinal: The highest that was given.
    """

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]
    given: Mapping[int, GivenFact]
    earlier: tuple[GivenFact, ...]
    first: int = 1
    last_ordinal: int = 0
    settled: Settled = field(default_factory=Settled)

    def beside(self, ordinal: int | None) -> Iterator[GivenFact]:
        """Yield given doses that a gap counts from beside the doses before: elsewhere, or later ones given sooner.

        Of a dose that was given itself nothing counts that came after it.
        """
        if self.earlier:
            yield from self.elsewhere(ordinal)
        if ordinal is None or ordinal >= self.last_ordinal:
            return
        later = (fact for n, fact in self.given.items() if n > ordinal)
        yield from (fact for fact in later if self._precedes(fact, ordinal))

    def elsewhere(self, ordinal: int | None) -> Iterator[GivenFact]:
        """Yield doses outside this plan; of a dose that was given, only those before it."""
        return (fact for fact in self.earlier if self._precedes(fact, ordinal))

    def _precedes(self, fact: GivenFact, ordinal: int | None) -> bool:
        own = self.given.get(ordinal or 0)
        return own is None or fact.day < own.day


@dataclass(slots=True)
class Before:
    """The doses placed so far, and the last day that one of them passes on: given, else due.

    Args:
        last_day: That day and the dose's ordinal; the first of several on one day.
        counted_from: The last dose that came after a long gap, by ordinal, as far as ``looked_at``.
        looked_at: How many doses have been looked at for that, so that none is looked at twice.
    """

    doses: list[PlannedDose] = field(default_factory=list)
    last_day: tuple[date, int] | None = None
    counted_from: int = 1
    looked_at: int = 1

    @classmethod
    def of(cls, doses: Iterable[PlannedDose]) -> "Before":
        """Return what some doses in order leave behind."""
        made = cls()
        for dose in doses:
            made.add(dose)
        return made

    @property
    def last(self) -> PlannedDose | None:
        """The dose placed last."""
        return self.doses[-1] if self.doses else None

    def add(self, dose: PlannedDose) -> None:
        """Remember a dose."""
        self.doses.append(dose)
        day = dose.given or dose.due
        if self.last_day is None or day > self.last_day[0]:
            self.last_day = day, dose.ordinal


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

    It takes over after the last given dose, once the dose that it counts from is there, for somebody on treatment
    elsewhere: ``passed`` are the doses so far, by phase.
    """
    order = setting.order.phase
    if not order:
        return False
    asked = next((each for each in setting.regimen.phases if each.id == order), None)
    ends = phase.until is not None or phase.count is not None
    if asked is None or asked.every is None or phase.id == asked.id or ends:
        return False
    name, _, number = asked.anchor.partition(".")
    needed = int(number) if number.isdecimal() else 1
    there = setting.order.continuing or len(passed.get(name, ())) >= needed
    return there and slot.ordinal > setting.last_ordinal
