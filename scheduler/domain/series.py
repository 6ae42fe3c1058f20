"""The series of a plan: every dose's days from rule, order, facts and calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import takewhile

from scheduler.domain.dates import Calendar, Interval, due, plus
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Series
from scheduler.domain.hindsight import as_of_their_day
from scheduler.domain.limits import with_limits
from scheduler.domain.missed import falls_out, with_pauses
from scheduler.domain.placing import gap_end, placed
from scheduler.domain.reason_words import ELSEWHERE, FIRST_DAY, GAP_END, dose_name
from scheduler.domain.regimen import MissedAction, Phase, Reanchor, Regimen
from scheduler.domain.series_setting import first_given, setting_of
from scheduler.domain.slots import Before, Slot, new_slot, taken_over
from scheduler.domain.taking_part import preparations, waiting_phases
from scheduler.domain.transferred import beginning_of, doses_before, passed_elsewhere

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
    """Return the doses of a plan whose due day is not after ``until``, and all up to the last given one.

    Pure and deterministic: the same facts give the same series, and doses already given keep their days.
    Due days are anchor + k x interval, never chained; a dose not yet given passes on its due day.
    """

    def view(known: Facts, ordinal: int) -> PlannedDose | None:
        alone = _Walk(regimen, order, known, calendar, choices)
        alone.go(date.max, upto=ordinal)
        return next((dose for dose in alone.doses if dose.ordinal == ordinal), None)

    walk = _Walk(regimen, order, facts, calendar, choices)
    walk.go(until)
    doses = with_pauses(as_of_their_day(walk.here, facts, view), facts)
    before = tuple(walk.begins.elsewhere(walk.doses))
    return Series(
        doses=with_limits(regimen, order, doses, facts, before),
        elsewhere=before,
        waiting=waiting_phases(walk.setting, walk.doses),
        preparations=preparations(replace(walk.setting, order=order)),
    )


@dataclass
class _Walk:
    """Walks the phases in order and remembers each dose's day for the anchors of later ones."""

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]
    before: Before = field(default_factory=Before)
    # what later phases may count from, by phase: ordinal and day, doses that fell out among them
    passed: dict[str, list[tuple[int, date]]] = field(default_factory=dict)

    @property
    def doses(self) -> list[PlannedDose]:
        """The doses placed so far."""
        return self.before.doses

    @property
    def last(self) -> PlannedDose | None:
        """The dose placed last."""
        return self.before.last

    @property
    def here(self) -> list[PlannedDose]:
        """The doses placed so far without those that were given before the order."""
        return [dose for dose in self.doses if dose.ordinal >= self.begins.here]

    def __post_init__(self) -> None:
        known = setting_of(self.regimen, self.order, self.facts, self.calendar, self.choices)
        self.begins = beginning_of(known)
        self.setting = self.begins.setting
        self.order = self.setting.order

    def go(self, until: date, upto: int = MOST_DOSES * 10) -> None:
        """Place the doses that are due by a day, perhaps up to an ordinal."""
        for slot in self.slots(until):
            if slot.ordinal > upto or len(self.doses) >= MOST_DOSES:
                break
            if falls_out(slot, self.setting):
                self.passes(slot.phase.id, slot.ordinal, slot.due)
            else:
                self.note(placed(slot, self.setting, self.before))

    def note(self, dose: PlannedDose) -> None:
        """Remember a dose: later ones count from the day that it passes on, given, else due."""
        self.before.add(dose)
        given = None if dose.ordinal in self.facts.keeps_grid else dose.given
        self.passes(dose.phase, dose.ordinal, given or dose.due)

    def passes(self, phase_id: str, ordinal: int, day: date) -> None:
        """Remember the day that an ordinal passes on, also when the dose itself fell out."""
        self.passed.setdefault(phase_id, []).append((ordinal, day))

    def slots(self, until: date) -> Iterator[Slot]:
        """Yield the doses to place, phase after phase."""
        ordinal = self.begins.ordinal
        for phase in self.begins.phases:
            begins = ordinal
            for slot in self._of_phase(phase, ordinal, until):
                if taken_over(phase, slot, self.setting, self.passed):
                    break
                yield slot
                ordinal = slot.ordinal + 1
            else:  # doses beyond the horizon have their ordinals too
                fixed = 0 if phase.every else len(phase.dose_offsets) * self._run_days(phase)
                ordinal = max(ordinal, begins + fixed)

    def _of_phase(self, phase: Phase, ordinal: int, until: date) -> Iterator[Slot]:
        if phase.every is not None:
            yield from self._repeating(phase, phase.every, ordinal, until)
        elif phase.spread is not None:
            for n in range(phase.spread.count):
                start, span = self._start(), Interval(days=n * phase.spread.gap)
                ends = start + timedelta(days=phase.spread.within - 1)
                day = min(due(start, span, 1), ends)
                slot = self._slot(
                    phase, ordinal + n, n, day, span=span, what=FIRST_DAY, anchor=start
                )
                yield replace(slot, span_ends=ends)
        else:
            yield from self._explicit(phase, ordinal, until)

    def _explicit(self, phase: Phase, ordinal: int, until: date) -> Iterator[Slot]:
        size, cycles = len(phase.dose_offsets) * self._run_days(phase), self.order.cycles
        for cycle in range(cycles if phase.id == self.order.phase else 1):
            for slot in self._cycle(phase, ordinal + cycle * size, cycle, until):
                yield replace(slot, cycle=cycle + 1) if cycle else slot

    def _cycle(self, phase: Phase, ordinal: int, cycle: int, until: date) -> Iterator[Slot]:
        length = self._run_days(phase)
        anchor, what = self._cycle_anchor(phase, ordinal, cycle)
        for index, offset in enumerate(phase.dose_offsets):
            if index and phase.clinical and (moved := self._given_on(ordinal)):
                anchor = due(moved, phase.dose_offsets[0].back(), 1)
            first = due(anchor, offset, 1)
            begins = ordinal + index * length
            if first > until and begins > self.setting.last_ordinal:
                # a course of which any day was given is laid out whole; later phases count from the others too
                for day in range(length):
                    self.passes(phase.id, begins + day, first + timedelta(days=day))
                continue
            for course_day in range(length):
                slot = self._slot(
                    phase, begins + course_day, index, first, span=offset, what=what, anchor=anchor
                )
                course = index + 1 + cycle * len(phase.dose_offsets)
                yield self._in_course(slot, phase, course, course_day, length)

    def _cycle_anchor(self, phase: Phase, ordinal: int, cycle: int) -> tuple[date, str]:
        """Return the day that a cycle counts from: where its phase counts, or where the cycle before began.

        A first dose that fell out began its cycle all the same, on its due day.
        """
        name = phase.anchor.partition(".")[0]
        if not cycle or name in (MIN_GAP, PREV_COURSE):
            return self._anchor(phase)
        first = ordinal - len(phase.dose_offsets) * self._run_days(phase)
        return next((day, dose_name(n)) for n, day in self.passed[phase.id] if n == first)

    def _given_on(self, ordinal: int) -> date | None:
        if ordinal in self.facts.keeps_grid:
            return None
        return next((dose.given for dose in self.doses if dose.ordinal == ordinal), None)

    def _in_course(
        self, slot: Slot, phase: Phase, course: int, course_day: int, length: int
    ) -> Slot:
        if phase.run is None:
            return slot
        day, last = slot.due + timedelta(days=course_day), self.last
        if last is not None and (last.phase, last.course) == (phase.id, course):
            day = (last.given or last.due) + timedelta(days=slot.ordinal - last.ordinal)
        number, began = course_day + 1, day - timedelta(days=course_day)
        later = Reason(why=Why.COURSE_DAY, count=number, day=began)
        why = later if course_day else slot.reason
        return replace(slot, due=day, reason=why, course=course, course_day=number, run_days=length)

    def _repeating(
        self, phase: Phase, every: Interval, ordinal: int, until: date
    ) -> Iterator[Slot]:
        span = self.order.interval or every
        anchor, what = self._anchor(phase)
        base, first, since, length = anchor, self._first_span(phase, span), 0, self._run_days(phase)
        since_first = doses_before(self.setting)[0].day if what == ELSEWHERE else anchor
        end = due(since_first, phase.until, 1) if phase.until else None
        entered = passed_elsewhere(self.order, base, first, span) if what == ELSEWHERE else 0
        ordinal -= entered * length
        for k in range(entered, MOST_REPEATS):
            passed = plus(first, span, k - since)
            day = due(base, passed, 1)
            open_still = ordinal + k * length > self.setting.last_ordinal
            counted_out = phase.count is not None and k >= phase.count
            over = end is not None and day > end
            # what was given stays, also when a late dose moved the rest past the end
            if (open_still and (over or day > until)) or counted_out:
                return
            for course_day in range(length):
                number = ordinal + k * length + course_day
                slot = self._slot(phase, number, k, day, span=passed, what=what, anchor=base)
                yield self._in_course(slot, phase, k + 1, course_day, length)
            moved = self._moved(phase, ordinal + k * length)
            if moved is not None:
                base, first, since, what = moved, span, k + 1, f"dose {ordinal + k * length}"

    def _moved(self, phase: Phase, ordinal: int) -> date | None:
        """Return the day from which the rest counts anew, or None when the grid stays.

        Of several days it is the first given one: an interval runs from the beginning of a course.
        """
        if not self.setting.given:
            return None
        mine = takewhile(lambda dose: dose.ordinal >= ordinal, reversed(self.doses))
        dose = ([None, *(each for each in mine if each.given is not None)])[-1]
        if dose is None or dose.given is None:
            return None
        keeps = phase.missed.action is MissedAction.KEEP_GRID and dose.given > dose.latest
        if keeps or ordinal in self.facts.keeps_grid:
            return None
        if phase.reanchor is Reanchor.ALWAYS:
            return dose.given
        outside = not dose.earliest <= dose.given <= dose.latest
        return dose.given if phase.reanchor is Reanchor.OUTSIDE_WINDOW and outside else None

    def _run_days(self, phase: Phase) -> int:
        if phase.run is None:
            return 1
        return phase.run.days_of(self.order.run_days)

    def _first_span(self, phase: Phase, span: Interval) -> Interval:
        if self.order.continuing:
            return span if self.last or doses_before(self.setting) else Interval()
        # an order's own interval holds from the first one on
        return span if phase.first == phase.every else phase.first

    def _start(self) -> date:
        first = first_given(self.setting)
        return first.day if first else self.order.first_day

    def _anchor(self, phase: Phase) -> tuple[date, str]:
        """Return the day a phase counts from, and the dose's name."""
        first = self.order.first_day, FIRST_DAY
        if self.order.continuing and self.last is not None:  # a phase asked for, after doses here
            return self.last.given or self.last.due, f"dose {self.last.ordinal}"
        if self.order.continuing:
            earlier = doses_before(self.setting)
            return (earlier[-1].day, ELSEWHERE) if earlier else first
        name, _, number = phase.anchor.partition(".")
        if name in (MIN_GAP, PREV_COURSE) and self.last is not None:
            after = self._end_of_gap(phase) if name == MIN_GAP else None
            if after is not None:
                return after, GAP_END
            return self.last.given or self.last.due, dose_name(self.last.ordinal)
        known = self.passed.get(name)
        if not known:
            event = phase.anchor.removeprefix("event:")
            day = self.facts.events.get(event)
            return (day, event.replace("-", " ")) if day else (self._start(), FIRST_DAY)
        index = len(known) if number == "last" else int(number or 1)
        ordinal, counted = known[min(index, len(known)) - 1]
        return counted, dose_name(ordinal)

    def _end_of_gap(self, phase: Phase) -> date | None:
        return floor.day if (floor := gap_end(phase, self.setting, self.before)) else None

    def _slot(
        self,
        phase: Phase,
        ordinal: int,
        index: int,
        day: date,
        *,
        span: Interval,
        what: str,
        anchor: date,
    ) -> Slot:
        zero = not span.months and not span.days
        if what == FIRST_DAY and not zero and first_given(self.setting):
            what = dose_name(self.setting.first)  # given on another day than the order named
        if ordinal == self.setting.first and zero and self._start() == day:
            day = self.order.first_day  # given on another day, it was due on this one all the same
        return new_slot(phase, ordinal, index, day, span=span, what=what, anchor=anchor)
