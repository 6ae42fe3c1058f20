"""Nurses' weekly shifts from a day on: when each is there, her lunch, and how many patients she may watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.competencies import WORDS
from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.hours import WEEKDAYS
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import center_setup, centers, staff
from scheduler.persistence.models import Competency, NurseShift
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_effects import DayEffect, counted_anew
from scheduler.services.center_facts import facts_of
from scheduler.services.center_hours import require_coming
from scheduler.services.nurses_on_duty import rows_on

MOST_PATIENTS = 12
"""More patients than one nurse can have in sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekShift:
    """A nurse's hours on one weekday; without times she is not there."""

    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShifts:
    """A nurse's week, Monday first, that holds from a day on; lunch is the same on all days."""

    center_id: CenterId
    staff_id: StaffId
    effective_from: date
    days: tuple[WeekShift, ...]
    lunch_from: time | None = None
    lunch_until: time | None = None
    watches: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseLine:
    """A nurse as the page lists her: her week now, lunch, patients, and what she may do."""

    id: StaffId
    name: str
    days: tuple[WeekShift, ...]
    lunch_from: time | None
    lunch_until: time | None
    watches: int | None
    competencies: tuple[str, ...]

    @property
    def on_shift(self) -> bool:
        """Whether she counts as there on any weekday."""
        return any(day.starts for day in self.days)


def list_nurses(uow: UnitOfWork, center_id: CenterId, on: date) -> tuple[NurseLine, ...]:
    """Return the nurses of a center by name, each with the week in force on a day."""
    with uow:
        people = center_setup.nurses_at(uow, center_id)
        shifts = centers.shifts_of(uow, center_id)
        able = staff.competencies(uow, [person.id for person in people])
        lines = [
            _line(
                person.id,
                person.name,
                _week(shifts, person.id, on),
                tuple(WORDS[each.code] for each in able if _holds(each, person.id, on)),
            )
            for person in people
        ]
        return tuple(sorted(lines, key=lambda line: line.name.casefold()))


def show_nurse(uow: UnitOfWork, center_id: CenterId, staff_id: StaffId, on: date) -> NurseLine:
    """Return one nurse.

    Raises:
        NotFoundError: she is none of this center's.
    """
    found = [line for line in list_nurses(uow, center_id, on) if line.id == staff_id]
    if not found:
        raise NotFoundError("nurse")
    return found[0]


def _holds(row: Competency, staff_id: StaffId, on: date) -> bool:
    known = row.code in WORDS and row.staff_id == staff_id
    return known and (row.expires_on is None or on <= row.expires_on)


def _week(shifts: Sequence[NurseShift], staff_id: StaffId, on: date) -> list[NurseShift]:
    """Return the weekly shifts in force in the seven days from a day on, by weekday."""
    mine = [row for row in shifts if row.staff_id == staff_id and row.day is None]
    days = [date.fromordinal(on.toordinal() + n) for n in range(7)]
    return [row for day in days for row in rows_on(mine, day)]


def _line(
    staff_id: StaffId, name: str, week: Sequence[NurseShift], able: tuple[str, ...]
) -> NurseLine:
    by_weekday = {row.weekday: row for row in week}
    first = next(iter(week), None)
    return NurseLine(
        id=staff_id,
        name=name,
        days=tuple(
            WeekShift(starts=row.starts, ends=row.ends) if row else WeekShift()
            for row in (by_weekday.get(n) for n in range(7))
        ),
        lunch_from=first.lunch_from if first else None,
        lunch_until=first.lunch_until if first else None,
        watches=first.watches if first else None,
        competencies=able,
    )


def set_shifts(
    uow: UnitOfWork, request: SetShifts, *, now: Instant, actor: Actor
) -> tuple[DayEffect, ...]:
    """Set a nurse's week from a day on; what holds before stays, later sets of hers are replaced.

    Raises:
        InvalidError: a shift or lunch that cannot be, fewer patients than one.
        NotFoundError: she is none of this center's.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        today = local_day(now, facts_of(uow, request.center_id).zone)
        require_coming(request.effective_from, today)
        name = show_nurse(uow, request.center_id, request.staff_id, today).name
        for weekday, day in enumerate(request.days):
            _check(weekday, day, request)
        _check_lunch(request)
        since = request.effective_from
        center_setup.drop_shifts(uow, request.center_id, request.staff_id, since)
        center_setup.end_shifts(uow, request.center_id, request.staff_id, since)
        uow.add(*_rows(request))
        effects = counted_anew(uow, request.center_id, since, now=now)
        after = f"{name}, from {since}: " + ", ".join(map(_words, request.days))
        uow.audit(actor, "set shifts", "staff", request.staff_id, at=now, after=after)
        uow.commit()
        return effects


def _check(weekday: int, day: WeekShift, request: SetShifts) -> None:
    field = f"starts_{weekday}"
    if (day.starts is None) != (day.ends is None):
        raise InvalidError(f"{WEEKDAYS[weekday]}: enter both from and until.", field=field)
    if day.starts and day.ends and day.ends <= day.starts:
        raise InvalidError(
            f"{WEEKDAYS[weekday]}: a shift ends after it begins, on the same day.", field=field
        )
    if request.watches is not None and not 1 <= request.watches <= MOST_PATIENTS:
        raise InvalidError(f"A nurse watches 1 to {MOST_PATIENTS} patients.", field="watches")


def _check_lunch(request: SetShifts) -> None:
    begins, ends = request.lunch_from, request.lunch_until
    if (begins is None) != (ends is None):
        raise InvalidError("Lunch: enter both from and until.", field="lunch_from")
    if begins and ends and ends <= begins:
        raise InvalidError("Lunch ends after it begins.", field="lunch_from")


def _rows(request: SetShifts) -> list[NurseShift]:
    return [
        NurseShift(
            center_id=request.center_id,
            staff_id=request.staff_id,
            weekday=weekday,
            effective_from=request.effective_from,
            starts=day.starts,
            ends=day.ends,
            lunch_from=request.lunch_from,
            lunch_until=request.lunch_until,
            watches=request.watches,
        )
        for weekday, day in enumerate(request.days)
        if day.starts and day.ends
    ]


def _words(day: WeekShift) -> str:
    return f"{day.starts:%-H:%M}-{day.ends:%-H:%M}" if day.starts and day.ends else "off"
