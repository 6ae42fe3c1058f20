"""Placing one dose: its hard not-before, its window, an open day in it, and why."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scheduler.domain.dates import (
    Calendar,
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
    DoseStatus,
    PlannedDose,
    amount_due,
    minutes_of,
    ordered_for,
)
from scheduler.domain.judging import NotBefore, judged, named
from scheduler.domain.missed import catch_up, is_missed
from scheduler.domain.reason_words import dose_name
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.regimen_parts import Run
from scheduler.domain.requirement_rules import Before as Asked
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.slots import Before, Setting, Slot


def placed(slot: Slot, setting: Setting, before: Before) -> PlannedDose:
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
    days = _Days(planned, earliest, latest, floor.day if floor else None)
    return _dose(slot, setting, visit_number(slot, setting, before), days, (status, reasons))


class _Days(NamedTuple):
    """Where a dose was placed."""

    planned: date | None
    earliest: date
    latest: date
    not_before: date | None


def _dose(
    slot: Slot,
    setting: Setting,
    number: int,
    days: _Days,
    verdict: tuple[DoseStatus, tuple[Reason, ...]],
) -> PlannedDose:
    """Return the dose with its days, and all that does not depend on them."""
    rule, given = slot.phase.amount_of(slot.index), setting.given.get(slot.ordinal)
    amount = _amount(slot, setting)
    status, reasons = verdict
    lacks = rule is not None and amount is None
    return PlannedDose(
        ordinal=slot.ordinal,
        phase=slot.phase.id,
        due=slot.due,
        planned=days.planned,
        earliest=days.earliest,
        latest=days.latest,
        not_before=days.not_before,
        minutes=minutes_of(setting.regimen, slot.phase.id, number, slot.course_day, setting.order),
        amount=amount,
        unit=rule.unit if rule else "mg",
        course=slot.course,
        course_day=slot.course_day,
        cycle=slot.cycle,
        status=status,
        requirements=_needs(slot, setting),
        reasons=(*reasons, Reason(why=Why.NEEDS_WEIGHT)) if lacks else reasons,
        given=given.day if given else None,
    )


def _amount(slot: Slot, setting: Setting) -> Decimal | None:
    phase, known = slot.phase, setting.settled.amounts
    key = phase.id, min(slot.index, len(phase.amounts)), slot.run_days
    if key not in known:
        order = ordered_for(phase, setting.regimen, setting.order)
        known[key] = amount_due(phase.amount_of(slot.index), order, slot.run_days)
    return known[key]


def _needs(slot: Slot, setting: Setting) -> tuple[RequirementRule, ...]:
    known = setting.settled.needs
    key = min(slot.ordinal, setting.settled.last_named + 1), slot.course_day in (None, 1)
    if key not in known:
        known[key] = requirements_of(setting.regimen, slot.ordinal, slot.course_day)
    return known[key]


def last_named(regimen: Regimen) -> int:
    """Return the highest ordinal that a requirement of a regimen names, the first dose among them."""
    rules = regimen.requirements
    return max([1, *(n for rule in rules for n in (*rule.numbers, rule.from_dose or 1))])


def requirements_of(
    regimen: Regimen, ordinal: int, course_day: int | None
) -> tuple[RequirementRule, ...]:
    """Return what must be met before a dose; before a course means before its first day."""

    def holds(rule: RequirementRule) -> bool:
        if rule.before is Asked.FIRST:
            return ordinal == 1
        if rule.before is Asked.EACH_COURSE:
            return course_day in (None, 1)
        onward = rule.from_dose is not None and ordinal >= rule.from_dose
        return rule.before is Asked.EACH or onward or ordinal in rule.numbers

    return tuple(rule for rule in regimen.requirements if holds(rule))


def visit_number(slot: Slot, setting: Setting, before: Before) -> int:
    """Return the number that a dose's visit is chosen by: counted from 1 again after a long gap."""
    span = setting.regimen.watched_again_after
    if span is None:
        return slot.ordinal
    own = setting.given.get(slot.ordinal)
    day, start = own.day if own else slot.due, _counted_from(before, span)
    if before.last is not None and day > due(_day_of(before.last), span, 1):
        start = slot.ordinal
    return slot.ordinal - start + 1


def _counted_from(before: Before, span: Interval) -> int:
    """Return the ordinal of the last dose that came after a long gap, the first one without any."""
    for last, dose in pairwise(before.doses[before.looked_at - 1 :]):
        if _day_of(dose) > due(_day_of(last), span, 1):
            before.counted_from = dose.ordinal
    before.looked_at = max(1, len(before.doses))
    return before.counted_from


def _day_of(dose: PlannedDose) -> date:
    return dose.given or dose.due


def gap_end(
    phase: Phase,
    setting: Setting,
    before: Before,
    index: int = 0,
    ordinal: int | None = None,
) -> NotBefore | None:
    """Return the day on which a phase's minimum gap has passed; None when it has none.

    A reading that names a dose is about the phase's first dose, the one with index 0. For a dose that has an
    ordinal, others given sooner count wherever they stand in the series, but nothing that came after it.
    """
    if phase.min_gap is None:
        return None
    readings = setting.settled.readings
    if phase.id not in readings:
        readings[phase.id] = phase.min_gap.reading(setting.choices)
    reading = readings[phase.id]
    start, span = reading.start, reading.span
    if start == "none" or (start.startswith("course_") and index and phase.offsets):
        return None
    found = _gap_from(
        "prev_infusion" if "." in start and index else start, setting, before, ordinal
    )
    if found is None:
        return None
    since, what = found
    day = not_before(since, span)
    return NotBefore(day=day, reason=_gap_reason(since, day, span, what))


def _not_before(slot: Slot, setting: Setting, before: Before) -> NotBefore | None:
    if (slot.course_day or 1) > 1:
        return None
    return gap_end(slot.phase, setting, before, slot.index, slot.ordinal)


def _gap_from(
    start: str, setting: Setting, before: Before, ordinal: int | None
) -> tuple[date, str] | None:
    """Return the day that a gap counts from, and the dose's name: the last one of all that count."""
    others = [(fact.day, named(fact)) for fact in setting.beside(ordinal)]
    if "." in start and before.doses:
        counted = _named_dose(start, before)
    elif start == "course_first" and before.doses:
        counted = [_first_of_last_course(before)]
    else:
        counted = [(before.last_day[0], dose_name(before.last_day[1]))] if before.last_day else []
    if not others:
        return max(counted, default=None)
    return max([*counted, *others], key=lambda pair: pair[0])


def _named_dose(start: str, before: Before) -> list[tuple[date, str]]:
    """Return the dose that a reading names, such as induction.1, and those given since in other phases."""
    phase, _, number = start.partition(".")
    of_phase = [dose for dose in before.doses if dose.phase == phase]
    since = [dose for dose in before.doses if dose.given and dose.phase != phase]
    counted = (of_phase[int(number) - 1 : int(number)] or before.doses[-1:]) + since
    return [(dose.given or dose.due, dose_name(dose.ordinal)) for dose in counted]


def _first_of_last_course(before: Before) -> tuple[date, str]:
    """Return the first dose of the course that the last dose belongs to."""
    last = before.doses[-1]
    key = last.phase, last.course, last.cycle
    first = next(dose for dose in before.doses if (dose.phase, dose.course, dose.cycle) == key)
    return first.given or first.due, dose_name(first.ordinal)


def _gap_reason(since: date, day: date, span: Interval, what: str) -> Reason:
    unit, count = span.counted
    return Reason(why=Why.NOT_BEFORE, day=day, other=since, count=count, unit=unit, what=what)


def _window(slot: Slot, setting: Setting, floor: NotBefore | None) -> tuple[date, date]:
    window = slot.phase.window_of(slot.ordinal)
    start = setting.facts.events.get(window.event, slot.due) if window.event else slot.due
    earliest = due(start, window.early, -1)
    latest = due(start, window.late, 1)
    if slot.span_ends is not None:
        latest = slot.span_ends
    if floor is not None:
        earliest = max(earliest, floor.day)
    return earliest, max(latest, earliest)


def _planned(
    slot: Slot, setting: Setting, before: Before, earliest: date, latest: date
) -> date | None:
    run, calendar = slot.phase.run, setting.calendar
    if run is None or slot.course_day is None:
        return _single(slot, setting, before, earliest, latest)
    if slot.course_day > 1:
        return _next_of_run(slot, setting, before)
    days = days_of_run(run, slot.run_days, max(slot.due, earliest), latest, calendar)
    return days[0] if days else None


def days_of_run(
    run: Run, length: int, first: date, latest: date, calendar: Calendar
) -> tuple[date, ...] | None:
    """Return open days for ``length`` days of a course from ``first`` on; consecutive ones up to four weeks later."""
    if run.consecutive:
        return run_of_days(first, length, max(latest, first + timedelta(days=28)), calendar)
    return open_days_with_gaps(first, length, calendar, run.max_gap)


def _single(
    slot: Slot, setting: Setting, before: Before, earliest: date, latest: date
) -> date | None:
    of_span = before.last if slot.phase.spread is not None else None
    if slot.phase.spread and of_span and of_span.phase == slot.phase.id:
        last = of_span.given or of_span.planned or of_span.due
        earliest = max(earliest, last + timedelta(days=slot.phase.spread.gap))
        if earliest > latest:
            return None  # neither nearer to the one before, nor past the span
    day = shifted(slot.due, earliest, latest, setting.calendar, slot.phase.shift)
    if day is not None or earliest <= slot.due or slot.phase.spread is not None:
        return day
    # held back past the due day: a hard not-before only moves forward, beyond the window too
    beyond = earliest + timedelta(days=28)
    return shifted(earliest, earliest, beyond, setting.calendar, Shift.FOLLOWING)


def _next_of_run(slot: Slot, setting: Setting, before: Before) -> date | None:
    yesterday = before.last
    last = (yesterday.given or yesterday.planned) if yesterday else None
    if last is None:
        return None
    day = last + timedelta(days=1)
    if slot.phase.run is None or slot.phase.run.consecutive:
        return day if setting.calendar.is_open(day) else None
    while not setting.calendar.is_open(day) and (day - last).days <= slot.phase.run.max_gap:
        day += timedelta(days=1)
    return day if setting.calendar.is_open(day) else None
