"""Which nurses are there on a day, from when to when, and what they may do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import TypeAlias

from scheduler.domain.chairs import Span
from scheduler.domain.competencies import codes_in
from scheduler.domain.ids import StaffId
from scheduler.domain.nursing import NurseShift
from scheduler.domain.timing import MINUTES_OF_A_DAY, minute_of
from scheduler.persistence import models, staff
from scheduler.persistence.models import CenterLimits, NurseAbsence
from scheduler.persistence.unit_of_work import UnitOfWork

Able: TypeAlias = Mapping[StaffId, tuple[tuple[str, date | None], ...]]
"""Competencies by nurse, each with its last day, None without end."""


def competencies_of(
    uow: UnitOfWork, limits: Iterable[CenterLimits], shifts: Iterable[models.NurseShift]
) -> Able:
    """Return the nurses' competencies that the center ever asks for."""
    asked = {code for row in limits for code in codes_in(row.required_competencies)}
    if not asked:
        return {}
    able: dict[StaffId, list[tuple[str, date | None]]] = defaultdict(list)
    for row in staff.competencies(uow, {row.staff_id for row in shifts}):
        able[row.staff_id].append((row.code, row.expires_on))
    return {
        nurse: tuple(each for each in found if each[0] in asked) for nurse, found in able.items()
    }


def last_days(able: Able) -> Iterator[date]:
    """Yield the days after which somebody can do less."""
    for found in able.values():
        yield from (until for _, until in found if until is not None)


def nurses_on(
    shifts: Sequence[models.NurseShift],
    absences: Sequence[NurseAbsence],
    able: Able,
    day: date,
) -> tuple[NurseShift, ...]:
    """Return who is there on a day, absences taken out, in order of arrival."""
    by_nurse = shifts_by_nurse(shifts, absences, able, day)
    return tuple(sorted((each for there in by_nurse.values() for each in there), key=_order))


def shifts_by_nurse(
    shifts: Sequence[models.NurseShift],
    absences: Sequence[NurseAbsence],
    able: Able,
    day: date,
) -> dict[StaffId, list[NurseShift]]:
    """Return the parts of a day in which each nurse is there; who is out all day has none."""
    found: dict[StaffId, list[NurseShift]] = defaultdict(list)
    for row in rows_on(shifts, day):
        out = [_span(each) for each in absences if (each.day, each.staff_id) == (day, row.staff_id)]
        found[row.staff_id] += _there(row, out, _able_on(able, row.staff_id, day))
    return found


def rows_on(shifts: Sequence[models.NurseShift], day: date) -> list[models.NurseShift]:
    """Return the shifts in force on a day: a nurse's single ones before her newest weekly ones."""
    mine = [row for row in shifts if row.day == day]
    single = {row.staff_id for row in mine}
    weekly = [row for row in shifts if _weekly(row, day) and row.staff_id not in single]
    newest: dict[StaffId, date] = {}
    for row in weekly:
        newest[row.staff_id] = max(newest.get(row.staff_id, date.min), row.effective_from)
    return [*mine, *(row for row in weekly if row.effective_from == newest[row.staff_id])]


def _order(shift: NurseShift) -> tuple[int, int, int]:
    return shift.shift.begins, shift.shift.ends, shift.lunch.begins if shift.lunch else 0


def _weekly(row: models.NurseShift, day: date) -> bool:
    ended = row.effective_until is not None and row.effective_until < day
    return row.weekday == day.weekday() and row.effective_from <= day and not ended


def _span(out: NurseAbsence) -> Span:
    return Span(begins=_minute(out.from_time, 0), ends=_minute(out.until_time, MINUTES_OF_A_DAY))


def _minute(at: time | None, otherwise: int) -> int:
    return otherwise if at is None else minute_of(at)


def _able_on(able: Able, staff_id: StaffId, day: date) -> frozenset[str]:
    mine = able.get(staff_id, ())
    return frozenset(code for code, until in mine if until is None or day <= until)


def _there(row: models.NurseShift, out: list[Span], able: frozenset[str]) -> list[NurseShift]:
    """Return the parts of a shift that absences leave."""
    parts = [Span(begins=minute_of(row.starts), ends=minute_of(row.ends))]
    for span in out:
        parts = [left for part in parts for left in _without(part, span)]
    lunch = _lunch(row)
    return [
        NurseShift(shift=part, lunch=lunch, competencies=able, watches=row.watches)
        for part in parts
    ]


def _without(part: Span, out: Span) -> list[Span]:
    before = Span(begins=part.begins, ends=min(part.ends, out.begins))
    after = Span(begins=max(part.begins, out.ends), ends=part.ends)
    return [span for span in (before, after) if span.begins < span.ends]


def _lunch(row: models.NurseShift) -> Span | None:
    if row.lunch_from is None or row.lunch_until is None:
        return None
    return Span(begins=minute_of(row.lunch_from), ends=minute_of(row.lunch_until))
