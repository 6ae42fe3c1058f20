"""The series of a plan: every dose's days from rule, order, facts and calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile

from scheduler.domain.dates import Calendar, Interval, due
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Series
from scheduler.domain.limits import with_limits
from scheduler.domain.placing import gap_end, placed
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import NO_TIME, Phase, Reanchor, Regimen
from scheduler.domain.slots import Setting, Slot, taken_over

MIN_GAP, PREV_COURSE = "min_gap", "prev_course"
MOST_DOSES = 400
MOST_REPEATS = 1000


def resolve(
    regimen: Regimen,
    order: OrderFacts,
    facts: Facts,
    calendar: Calendar,
    choices: Mapping[str, str],
    *,
    until: date,
) -> Series:
    """Return the doses of a plan whose due day is not after ``until``.

    Pure and deterministic: the same facts give the same series, and doses already given keep their days.
    Due days are anchor + k x interval, never chained; a dose not yet given passes on its due day.
    """
    walk = _Walk(regimen, order, facts, calendar, choices)
    for slot in walk.slots(until):
        if slot.ordinal in facts.skipped:
            walk.pass_over(slot)
        else:
            walk.note(placed(slot, walk.setting, walk.doses))
        if len(walk.doses) >= MOST_DOSES:
            break
    return Series(doses=with_limits(regimen, order, tuple(walk.doses), facts))


@dataclass
class _Walk:
    """Walks the phases in order and remembers each dose's day for the anchors of later ones."""

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]
    days: dict[str, list[date]] = field(default_factory=dict)
    doses: list[PlannedDose] = field(default_factory=list)

    @property
    def last(self) -> PlannedDose | None:
        """The dose placed last."""
        return self.doses[-1] if self.doses else None

    def __post_init__(self) -> None:
        real = [fact for fact in self.facts.given if fact.outcome is not GivenOutcome.NONE]
        mine = {fact.ordinal: fact for fact in real if fact.ordinal is not None}
        same = [f for f in real if f.ordinal is None and f.ingredient == self.regimen.ingredient]
        self.setting = Setting(
            regimen=self.regimen,
            order=self.order,
            facts=self.facts,
            calendar=self.calendar,
            choices=self.choices,
            given=mine,
            earlier=tuple(sorted(same, key=lambda fact: fact.day)),
        )

    def note(self, dose: PlannedDose) -> None:
        """Remember the day that a dose passes on: given, else due."""
        self.days.setdefault(dose.phase, []).append(dose.given or dose.due)
        self.doses.append(dose)

    def pass_over(self, slot: Slot) -> None:
        """Remember the due day of a dose that is left out: what counts from it goes on from there."""
        self.days.setdefault(slot.phase.id, []).append(slot.due)

    def slots(self, until: date) -> Iterator[Slot]:
        """Yield the doses to place, phase after phase."""
        ordinal = 1
        phases = self._phases()
        if self.order.continuing:
            ordinal = self._ordinal_of_next()
        for phase in phases:
            for slot in self._of_phase(phase, ordinal, until):
                if taken_over(phase, slot, self.setting, self.days):
                    break
                yield slot
                ordinal = slot.ordinal + 1

    def _phases(self) -> list[Phase]:
        wanted = [phase for phase in self.regimen.phases if self._takes_part(phase)]
        repeating = [phase for phase in wanted if phase.every is not None]
        return repeating[-1:] or wanted[-1:] if self.order.continuing else wanted

    def _takes_part(self, phase: Phase) -> bool:
        waits = phase.clinical and phase.id != self.order.phase and len(self.regimen.phases) > 1
        if waits or (phase.at_home and not self.order.home_doses):
            return False
        if phase.kg_from is None and phase.kg_below is None:
            return True
        kg = self.order.weight_kg or Decimal(70)
        return kg >= (phase.kg_from or Decimal(0)) and (
            phase.kg_below is None or kg < phase.kg_below
        )

    def _ordinal_of_next(self) -> int:
        induction = sum(
            len(phase.offsets) * (phase.run.days if phase.run else 1)
            for phase in self.regimen.phases
            if phase.kind == "induction" and self._takes_part(phase)
        )
        return max(induction, len(self.setting.earlier)) + 1

    def _of_phase(self, phase: Phase, ordinal: int, until: date) -> Iterator[Slot]:
        if phase.every is not None:
            yield from self._repeating(phase, phase.every, ordinal, until)
        elif phase.spread is not None:
            for n in range(phase.spread.count):
                ends = self._start() + timedelta(days=phase.spread.within - 1)
                day = min(self._start() + timedelta(days=n * phase.spread.gap), ends)
                yield replace(self._slot(phase, ordinal + n, n, day, n), span_ends=ends)
        else:
            yield from self._explicit(phase, ordinal, until)

    def _explicit(self, phase: Phase, ordinal: int, until: date) -> Iterator[Slot]:
        size, cycles = len(phase.offsets) * self._run_days(phase), self.order.cycles
        for cycle in range(cycles if phase.id == self.order.phase else 1):
            for slot in self._cycle(phase, ordinal + cycle * size, cycle, until):
                yield replace(slot, cycle=cycle + 1)

    def _cycle(self, phase: Phase, ordinal: int, cycle: int, until: date) -> Iterator[Slot]:
        length = self._run_days(phase)
        anchor, what = self._cycle_anchor(phase, cycle)
        for index, offset in enumerate(phase.offsets):
            if index and phase.clinical and (moved := self._began_on(phase, cycle)):
                anchor = due(moved, phase.offsets[0].back(), 1)
            first = due(anchor, offset, 1)
            if first > until or offset.days < 0:
                continue
            for course_day in range(length):
                number = ordinal + index * length + course_day
                slot = self._slot(
                    phase, number, index, first, index, span=offset, what=what, anchor=anchor
                )
                course = index + 1 + cycle * len(phase.offsets)
                yield self._in_course(slot, phase, course, course_day, length)

    def _cycle_anchor(self, phase: Phase, cycle: int) -> tuple[date, str]:
        """Return the day that a repeated cycle counts from: where its phase counts, or the cycle before."""
        name = phase.anchor.partition(".")[0]
        if not cycle or name in (MIN_GAP, PREV_COURSE):
            return self._anchor(phase)
        before = next(d for d in self.doses if (d.phase, d.cycle) == (phase.id, cycle))
        return before.given or before.due, f"dose {before.ordinal}"

    def _began_on(self, phase: Phase, cycle: int) -> date | None:
        """Return the day on which the first dose of a cycle was given, whenever that was asked for."""
        mine = (d for d in self.doses if (d.phase, d.cycle) == (phase.id, cycle + 1))
        return next((dose.given for dose in mine), None)

    def _in_course(
        self, slot: Slot, phase: Phase, course: int, course_day: int, length: int
    ) -> Slot:
        if phase.run is None:
            return slot
        day, last = slot.due + timedelta(days=course_day), self.last
        if course_day and last is not None:
            day = (last.given or last.due) + timedelta(days=slot.ordinal - last.ordinal)
        number = course_day + 1
        return replace(slot, due=day, course=course, course_day=number, run_days=length)

    def _repeating(
        self, phase: Phase, every: Interval, ordinal: int, until: date
    ) -> Iterator[Slot]:
        span = Interval(days=self.order.interval_days) if self.order.interval_days else every
        anchor, what = self._anchor(phase)
        base, first, since, length = anchor, self._first_span(phase, span), 0, self._run_days(phase)
        end = due(anchor, phase.until, 1) if phase.until else None
        for k in range(MOST_REPEATS):
            passed = _plus(first, span, k - since)
            day = due(base, passed, 1)
            beyond = day > until or (end is not None and day > end)
            if beyond or (phase.count is not None and k >= phase.count):
                return
            for course_day in range(length):
                number = ordinal + k * length + course_day
                slot = self._slot(phase, number, k, day, k, span=passed, what=what, anchor=base)
                yield self._in_course(slot, phase, k + 1, course_day, length)
            moved = self._moved(phase, ordinal + k * length)
            if moved is not None:
                base, first, since, what = moved, span, k + 1, f"dose {ordinal + k * length}"

    def _moved(self, phase: Phase, ordinal: int) -> date | None:
        """Return the day from which the rest counts anew, or None when the grid stays.

        Of several days it is the first given one: an interval runs from the beginning of a course.
        """
        mine = takewhile(lambda dose: dose.ordinal >= ordinal, reversed(self.doses))
        dose = ([None, *(each for each in mine if each.given is not None)])[-1]
        if dose is None or dose.given is None or ordinal in self.facts.keeps_grid:
            return None
        if phase.reanchor is Reanchor.ALWAYS:
            return dose.given
        outside = not dose.earliest <= dose.given <= dose.latest
        return dose.given if phase.reanchor is Reanchor.OUTSIDE_WINDOW and outside else None

    def _run_days(self, phase: Phase) -> int:
        if phase.run is None:
            return 1
        return self.order.run_days or phase.run.days

    def _first_span(self, phase: Phase, span: Interval) -> Interval:
        if self.order.continuing and self.setting.earlier:
            return span
        return Interval() if self.order.continuing else phase.first

    def _start(self) -> date:
        first = self.setting.given.get(1)
        return first.day if first else self.order.first_day

    def _anchor(self, phase: Phase) -> tuple[date, str]:
        """Return the day a phase counts from, and the dose's name."""
        first = self.order.first_day, "the order's first day"
        if self.order.continuing:
            earlier = self.setting.earlier
            return (earlier[-1].day, "the last dose elsewhere") if earlier else first
        name, _, number = phase.anchor.partition(".")
        if name in (MIN_GAP, PREV_COURSE) and self.last is not None:
            after = self._end_of_gap(phase) if name == MIN_GAP else None
            return after or self.last.given or self.last.due, f"dose {self.last.ordinal}"
        known = self.days.get(name)
        if not known:
            event = self.facts.events.get(phase.anchor.removeprefix("event:"))
            return event or self._start(), "the order's first day"
        if number == "last":
            return known[-1], f"{name} {len(known)}"
        index = int(number or 1) - 1
        return known[min(index, len(known) - 1)], f"dose {self._ordinal(name, index)}"

    def _end_of_gap(self, phase: Phase) -> date | None:
        floor = gap_end(phase, self.setting, self.doses)
        return floor.day if floor else None

    def _ordinal(self, phase_id: str, index: int) -> int:
        before = [p for p in self.days if p != phase_id]
        earlier = [p for p in before if list(self.days).index(p) < list(self.days).index(phase_id)]
        return sum(len(self.days[p]) for p in earlier) + index + 1

    def _slot(
        self,
        phase: Phase,
        ordinal: int,
        index: int,
        day: date,
        amount_index: int,
        *,
        span: Interval = NO_TIME,
        what: str = "",
        anchor: date | None = None,
    ) -> Slot:
        zero = not span.months and not span.days
        if ordinal == 1 and zero and self._start() == day:
            day = self.order.first_day  # given on another day, it was due on this one all the same
        reason = Reason(why=Why.FIRST) if zero or anchor is None else _due(span, what, anchor)
        return Slot(
            phase=phase,
            ordinal=ordinal,
            index=index,
            amount_index=amount_index,
            due=day,
            reason=reason,
        )


def _plus(first: Interval, every: Interval, times: int) -> Interval:
    more = every.times(times)
    return Interval(
        months=first.months + more.months,
        days=first.days + more.days,
        weeks_written=every.weeks_written,
    )


def _due(span: Interval, what: str, anchor: date) -> Reason:
    if span.months:
        return Reason(why=Why.DUE, count=span.months, unit="months", what=what, day=anchor)
    if span.days % 7 == 0:
        return Reason(why=Why.DUE, count=span.days // 7, unit="weeks", what=what, day=anchor)
    return Reason(why=Why.DUE, count=span.days, unit="days", what=what, day=anchor)
