"""Planned days that lean towards a patient's wished weekdays, inside the window."""

from dataclasses import replace
from datetime import timedelta

from scheduler.domain.dates import Calendar
from scheduler.domain.doses import DoseStatus, PlannedDose


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
    return replace(
        dose, planned=min(fitting, key=lambda day: (abs(day - dose.due), dose.due > day))
    )
