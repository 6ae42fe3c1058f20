"""Planned days as people wish them: on a weekday inside the window, and not before the first day here."""

from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain.dates import Calendar
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, PlannedDose
from scheduler.domain.missed import first_open_after


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


def not_sooner(dose: PlannedDose, first_day: date, calendar: Calendar) -> PlannedDose:
    """Return a dose to come of a patient on treatment with no day before the first one here.

    Its due day stays, so that the grid stays; the window begins with that day, and is as long as it
    takes to the first open one. Given doses and days of a course are left alone.

    Args:
        dose: A dose of a series.
        first_day: From when the order counts here.
        calendar: Which days are open.
    """
    if dose.given is not None or dose.course_day is not None or dose.earliest >= first_day:
        return dose
    planned = dose.planned
    if planned is not None and planned < first_day:
        planned = first_open_after(first_day - timedelta(days=1), calendar)
    begins = Reason(why=Why.FIRST_DAY_HERE, day=first_day)
    return replace(
        dose,
        earliest=first_day,
        latest=max(dose.latest, first_day, planned or first_day),
        planned=planned,
        reasons=(*dose.reasons, begins),
    )
