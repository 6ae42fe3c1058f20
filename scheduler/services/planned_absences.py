"""What is closed and who is out at a center in a span of days, as its page lists it."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Role
from scheduler.persistence import calendars, centers, staff
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """A closure or an absence; ``who`` is empty for a closure."""

    id: UUID
    first_day: date
    last_day: date
    from_time: time | None
    until_time: time | None
    reason: str
    who: str = ""


def nurses_of(uow: UnitOfWork, center_id: CenterId) -> tuple[tuple[StaffId, str], ...]:
    """Return the nurses of a center by name."""
    with uow:
        people = [person for person in staff.members(uow) if person.active]
        roles = staff.roles(uow, [person.id for person in people])
        here = {
            row.staff_id for row in roles if row.center_id == center_id and row.role is Role.NURSE
        }
        return tuple((person.id, person.name) for person in people if person.id in here)


def planned(
    uow: UnitOfWork, center_id: CenterId, first: date, last: date
) -> tuple[PlannedLine, ...]:
    """Return closures and absences of a span, by day."""
    with uow:
        names = {person.id: person.name for person in staff.members(uow)}
        shut = [
            PlannedLine(
                id=row.id,
                first_day=row.first_day,
                last_day=row.last_day,
                from_time=row.from_time,
                until_time=row.until_time,
                reason=row.reason,
            )
            for row in calendars.closures_of(uow, center_id, first, last)
        ]
        out = [
            PlannedLine(
                id=row.id,
                first_day=row.day,
                last_day=row.day,
                from_time=row.from_time,
                until_time=row.until_time,
                reason=row.reason,
                who=names.get(row.staff_id, ""),
            )
            for row in centers.absences_of(uow, center_id)
            if first <= row.day <= last
        ]
    return tuple(sorted([*shut, *out], key=lambda line: (line.first_day, line.who)))
