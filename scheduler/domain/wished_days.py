"""Planned days as people wish them: on a weekday inside the window, and not before the first day here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from scheduler.domain.dates import Calendar
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, PlannedDose
from scheduler.domain.missed import first_open_after
from scheduler.domain.placing import days_of_run
from scheduler.domain.regimen import Regimen


def leaning(dose: PlannedDose, weekdays: frozenset[int], calendar: Calendar) -> PlannedDose:
    """Return the dose planned on the wished weekday nearest to its due day, if its window has one.

    Due days and windows stay; given doses, days of a course and what needs a person are left alone.

    Args:
        dose: A dose of a series.
        weekdays: Wished weekdays, Monday is 0.
        calendar: Which days are open.
    """
    # a dose that is held keeps its day for when the hold ends
    plain = dose.status in (DoseStatus.OK, DoseStatus.HOLD)
    fixed = dose.course_day is not None or dose.given is not None or not plain
    if fixed or dose.planned is None or dose.planned.weekday() in weekdays:
        return dose
    earliest = max(dose.earliest, dose.not_before or dose.earliest)
    if dose.ordinal == 1:  # never before the day that the order names
        earliest = max(earliest, dose.due)
    span = [earliest + timedelta(days=n) for n in range((dose.latest - earliest).days + 1)]
    fitting = [day for day in span if day.weekday() in weekdays and calendar.is_open(day)]
    if not fitting:
        return dose
    planned = min(fitting, key=lambda day: (abs(day - dose.due), dose.due > day))
    wished = Reason(why=Why.WISHED, day=planned)
    return replace(dose, planned=planned, reasons=(*dose.reasons, wished))


def not_sooner(
    doses: Iterable[PlannedDose], regimen: Regimen, first_day: date, calendar: Calendar
) -> tuple[PlannedDose, ...]:
    """Return the doses of a patient on treatment, none that is to come before the first day here.

    Due days stay, so that the grid stays; the window begins with that day, and is as long as it takes to the
    first open one. The days of a course that are to come move as one, and doses of a course that were due before
    that day follow one another as far apart as they were due. Given doses are left alone.

    Args:
        doses: A series.
        regimen: Whose phases say how the days of a course follow one another.
        first_day: From when the order counts here.
        calendar: Which days are open.
    """
    held: list[PlannedDose] = []
    for _, group in groupby(doses, key=_unit):
        days = list(group)
        soonest = _soonest(first_day, days[0], held, regimen)
        held += _held_to((first_day, soonest), days, regimen, calendar)
    return tuple(held)


def _soonest(
    first_day: date, dose: PlannedDose, before: Sequence[PlannedDose], regimen: Regimen
) -> date:
    """Return the first day here, or the day as long after an overdue dose of a course as this one was due after it."""
    last = before[-1] if before else None
    if last is None or last.due >= first_day or regimen.phase(dose.phase).every is not None:
        return first_day
    came = last.given or last.planned or last.earliest
    return max(first_day, came + (dose.due - last.due))


def _unit(dose: PlannedDose) -> tuple[object, ...]:
    """Return what the days of one course have in common, and no two other doses."""
    alone = dose.ordinal if dose.course_day is None else None
    return dose.phase, dose.cycle, dose.course, alone


def _held_to(
    since: tuple[date, date], days: Sequence[PlannedDose], regimen: Regimen, calendar: Calendar
) -> Iterator[PlannedDose]:
    """Yield a dose, or the days of a course, from the soonest day on, which is not before the first day here."""
    first_day, soonest = since
    to_come = [dose for dose in days if dose.given is None]
    planned = _days_here(soonest, to_come, regimen, calendar)
    begins = {dose.ordinal: soonest + timedelta(days=n) for n, dose in enumerate(to_come)}
    for dose in days:
        if dose.given is None:
            yield _beginning(dose, begins[dose.ordinal], planned[dose.ordinal], first_day)
        else:
            yield dose


def _days_here(
    soonest: date, to_come: Sequence[PlannedDose], regimen: Regimen, calendar: Calendar
) -> dict[int, date | None]:
    """Return, by ordinal, the days planned: those they have, or new ones once they would begin too soon."""
    first = to_come[0].planned if to_come else None
    if first is None or first >= soonest:
        return {dose.ordinal: dose.planned for dose in to_come}
    run = regimen.phase(to_come[0].phase).run
    if run is None or to_come[0].course_day is None:
        return {to_come[0].ordinal: first_open_after(soonest - timedelta(days=1), calendar)}
    found = days_of_run(run, len(to_come), soonest, soonest, calendar)
    days = found or (None,) * len(to_come)
    return {dose.ordinal: day for dose, day in zip(to_come, days, strict=True)}


def _beginning(
    dose: PlannedDose, begins: date, planned: date | None, first_day: date
) -> PlannedDose:
    if dose.earliest >= begins and dose.planned == planned:
        return dose
    return replace(
        dose,
        earliest=max(dose.earliest, begins),
        latest=max(dose.latest, begins, planned or begins),
        planned=planned,
        reasons=(*dose.reasons, Reason(why=Why.FIRST_DAY_HERE, day=first_day)),
    )
