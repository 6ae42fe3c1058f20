"""Placing one dose: its hard not-before, its window, an open day in it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from scheduler.domain.dates import (
    Interval,
    Shift,
    due,
    not_before,
    open_days_with_gaps,
    run_of_days,
    shifted,
)
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import (
    PlannedDose,
    amount_due,
    minutes_of,
)
from scheduler.domain.judging import NotBefore, judged, named
from scheduler.domain.missed import catch_up, is_missed
from scheduler.domain.regimen import MinGap, Phase, Regimen
from scheduler.domain.requirement_rules import Before, RequirementRule
from scheduler.domain.slots import Setting, Slot


def placed(slot: Slot, setting: Setting, before: Sequence[PlannedDose]) -> PlannedDose:
    """Return the dose with window, planned day, amount, status and reasons."""
    floor = _not_before(slot, setting, before)
    earliest, latest = _window(slot, setting, floor)
    planned = _planned(slot, setting, before, earliest, latest)
    if planned and floor and planned >= floor.day > slot.due:
        latest = max(latest, planned)
    status, reasons = judged(slot, setting, before, floor, (earliest, latest, planned))
    if is_missed(slot, setting):
        late = catch_up(slot, setting, before, planned)
        planned, status, reasons = late.day, late.status, (*reasons, late.reason)
    dose = _without_days(slot, setting, before)
    lacks = dose.amount is None and bool(slot.phase.amounts)
    return replace(
        dose,
        planned=planned,
        earliest=earliest,
        latest=latest,
        not_before=floor.day if floor else None,
        status=status,
        reasons=(*reasons, Reason(why=Why.NEEDS_WEIGHT)) if lacks else reasons,
    )


def _without_days(slot: Slot, setting: Setting, before: Sequence[PlannedDose]) -> PlannedDose:
    """Return the dose with all that does not depend on where it is placed."""
    rule, given = slot.phase.amount_of(slot.index), setting.given.get(slot.ordinal)
    number = visit_number(slot, setting, before)
    return PlannedDose(
        ordinal=slot.ordinal,
        phase=slot.phase.id,
        due=slot.due,
        planned=None,
        earliest=slot.due,
        latest=slot.due,
        not_before=None,
        minutes=minutes_of(setting.regimen, slot.phase.id, number, slot.course_day, setting.order),
        amount=amount_due(rule, setting.order, slot.run_days),
        unit=rule.unit if rule else "mg",
        course=slot.course,
        course_day=slot.course_day,
        cycle=slot.cycle,
        requirements=requirements_of(setting.regimen, slot.ordinal, slot.course_day),
        given=given.day if given else None,
    )


def requirements_of(
    regimen: Regimen, ordinal: int, course_day: int | None
) -> tuple[RequirementRule, ...]:
    """Return what must be met before a dose; before a course means before its first day."""

    def holds(rule: RequirementRule) -> bool:
        if rule.before is Before.FIRST:
            return ordinal == 1
        if rule.before is Before.EACH_COURSE:
            return course_day in (None, 1)
        onward = rule.from_dose is not None and ordinal >= rule.from_dose
        return rule.before is Before.EACH or onward or ordinal in rule.numbers

    return tuple(rule for rule in regimen.requirements if holds(rule))


def visit_number(slot: Slot, setting: Setting, before: Sequence[PlannedDose]) -> int:
    """Return the number that a dose's visit is chosen by: counted from 1 again after a long gap."""
    span = setting.regimen.watched_again_after
    if span is None:
        return slot.ordinal
    days = [(dose.given or dose.due, dose.ordinal) for dose in before]
    days.append((slot.due, slot.ordinal))
    starts = [n for (last, _), (day, n) in pairwise(days) if day > due(last, span, 1)]
    return slot.ordinal - (starts[-1] if starts else 1) + 1


def gap_start(gap: MinGap, choices: Mapping[str, str]) -> str:
    """Return from which dose a minimum gap counts, once the center has chosen."""
    return gap.reading(choices).start


def earliest_permitted(phase: Phase, last_given: date | None) -> date | None:
    """Return the first day on which a dose of a phase may follow the ingredient's last given dose."""
    if phase.min_gap is None or last_given is None:
        return None
    return not_before(last_given, phase.min_gap.span)


def gap_end(
    phase: Phase,
    setting: Setting,
    before: Sequence[PlannedDose],
    index: int = 0,
    ordinal: int | None = None,
) -> NotBefore | None:
    """Return the day on which a phase's minimum gap has passed; None when it has none.

    A reading that names a dose is about the phase's first dose, the one with index 0. For a dose that has an
    ordinal, others given sooner count wherever they stand in the series, but nothing that came after it.
    """
    if phase.min_gap is None:
        return None
    reading = phase.min_gap.reading(setting.choices)
    start, span = reading.start, reading.span
    if start == "none" or (start.startswith("course_") and index and phase.offsets):
        return None
    found = _gap_from(
        "prev_infusion" if "." in start and index else start, setting, before, ordinal
    )
    if found is None:
        return None
    day, what = found
    return NotBefore(day=not_before(day, span), reason=_gap_reason(day, span, what))


def _not_before(slot: Slot, setting: Setting, before: Sequence[PlannedDose]) -> NotBefore | None:
    if (slot.course_day or 1) > 1:
        return None
    return gap_end(slot.phase, setting, before, slot.index, slot.ordinal)


def _gap_from(
    start: str, setting: Setting, before: Sequence[PlannedDose], ordinal: int | None
) -> tuple[date, str] | None:
    counted = [(dose.given or dose.due, f"dose {dose.ordinal}") for dose in before]
    others = [(fact.day, named(fact)) for fact in setting.beside(ordinal)]
    if "." in start and before:
        phase, _, number = start.partition(".")
        of_phase = [(d.given or d.due, f"dose {d.ordinal}") for d in before if d.phase == phase]
        given_since = [
            (d.given, f"dose {d.ordinal}") for d in before if d.given and d.phase != phase
        ]
        start_of = of_phase[int(number) - 1 : int(number)] or counted[-1:]
        return max([*start_of, *given_since, *others], key=lambda pair: pair[0])
    if start == "course_first" and before:
        last = (before[-1].phase, before[-1].course, before[-1].cycle)
        of_course = [(d.phase, d.course, d.cycle) == last for d in before]
        counted = [pair for pair, mine in zip(counted, of_course, strict=True) if mine][:1]
    return max([*counted, *others], key=lambda pair: pair[0], default=None)


def _gap_reason(since: date, span: Interval, what: str) -> Reason:
    unit, count = span.counted
    day = not_before(since, span)
    return Reason(why=Why.NOT_BEFORE, day=day, other=since, count=count, unit=unit, what=what)


def _window(slot: Slot, setting: Setting, floor: NotBefore | None) -> tuple[date, date]:
    window = slot.phase.window_of(slot.ordinal)
    start = setting.facts.events.get(window.event, slot.due)
    earliest = due(start, window.early.back(), 1)
    latest = due(start, window.late, 1)
    if slot.span_ends is not None:
        latest = slot.span_ends
    if floor is not None:
        earliest = max(earliest, floor.day)
    return earliest, max(latest, earliest)


def _planned(
    slot: Slot, setting: Setting, before: Sequence[PlannedDose], earliest: date, latest: date
) -> date | None:
    run, calendar = slot.phase.run, setting.calendar
    if run is None or slot.course_day is None:
        return _single(slot, setting, before, earliest, latest)
    if slot.course_day > 1:
        return _next_of_run(slot, setting, before)
    first = max(slot.due, earliest)
    if run.consecutive:
        far = max(latest, first + timedelta(days=28))
        days = run_of_days(first, slot.run_days, far, calendar)
    else:
        days = open_days_with_gaps(first, slot.run_days, calendar, run.max_gap)
    return days[0] if days else None


def _single(
    slot: Slot, setting: Setting, before: Sequence[PlannedDose], earliest: date, latest: date
) -> date | None:
    if slot.phase.spread is not None and before and before[-1].phase == slot.phase.id:
        last = before[-1].given or before[-1].planned or before[-1].due
        earliest = max(earliest, last + timedelta(days=slot.phase.spread.gap))
        if earliest > latest:
            return None  # neither nearer to the one before, nor past the span
    day = shifted(slot.due, earliest, latest, setting.calendar, slot.phase.shift)
    if day is not None or earliest <= slot.due or slot.phase.spread is not None:
        return day
    # held back past the due day: a hard not-before only moves forward, beyond the window too
    beyond = earliest + timedelta(days=28)
    return shifted(earliest, earliest, beyond, setting.calendar, Shift.FOLLOWING)


def _next_of_run(slot: Slot, setting: Setting, before: Sequence[PlannedDose]) -> date | None:
    last = before[-1].given or before[-1].planned if before else None
    if last is None:
        return None
    day = last + timedelta(days=1)
    if slot.phase.run is None or slot.phase.run.consecutive:
        return day if setting.calendar.is_open(day) else None
    while not setting.calendar.is_open(day) and (day - last).days <= slot.phase.run.max_gap:
        day += timedelta(days=1)
    return day if setting.calendar.is_open(day) else None
