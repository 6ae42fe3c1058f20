"""What is closed, who is out and which chairs are, in a span of days, as their page lists it."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from scheduler.domain.ids import CenterId, ChairId, StaffId
from scheduler.domain.roles import Role
from scheduler.domain.timing import local
from scheduler.persistence import calendars, centers, staff
from scheduler.persistence.models import NurseAbsence
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """A closure, an absence or a chair out of service; ``who`` is the nurse or chair, empty for a closure."""

    id: UUID
    kind: str
    first_day: date
    last_day: date
    from_time: time | None
    until_time: time | None
    reason: str
    who: str = ""


def chairs_of(uow: UnitOfWork, center_id: CenterId) -> tuple[tuple[ChairId, str], ...]:
    """Return the chairs of a center in their order."""
    with uow:
        return tuple((row.id, row.name) for row in centers.chairs_of(uow, center_id))


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
    """Return closures, absences and chairs out of service of a span, by day."""
    with uow:
        names = {person.id: person.name for person in staff.members(uow)}
        shut = [
            PlannedLine(
                id=row.id,
                kind="closure",
                first_day=row.first_day,
                last_day=row.last_day,
                from_time=row.from_time,
                until_time=row.until_time,
                reason=row.reason,
            )
            for row in calendars.closures_of(uow, center_id, first, last)
        ]
        absent = centers.absences_of(uow, center_id)
        out = [_absence(row, names) for row in absent if first <= row.day <= last]
        broken = [line for line in _chairs_out(uow, center_id) if line.last_day >= first]
    return tuple(sorted([*shut, *out, *broken], key=lambda line: (line.first_day, line.who)))


def _absence(row: NurseAbsence, names: dict[StaffId, str]) -> PlannedLine:
    return PlannedLine(
        id=row.id,
        kind="absence",
        first_day=row.day,
        last_day=row.day,
        from_time=row.from_time,
        until_time=row.until_time,
        reason=row.reason,
        who=names.get(row.staff_id, ""),
    )


def _chairs_out(uow: UnitOfWork, center_id: CenterId) -> list[PlannedLine]:
    names = {row.id: row.name for row in centers.chairs_of(uow, center_id)}
    zone = facts_of(uow, center_id).zone
    lines = []
    for row in centers.outages_of(uow, center_id):
        begins, ends = local(row.starts_at, zone), local(row.ends_at, zone)
        line = PlannedLine(
            id=row.id,
            kind="outage",
            first_day=begins.date(),
            last_day=ends.date(),
            from_time=begins.time(),
            until_time=ends.time(),
            reason=row.reason,
            who=names.get(row.chair_id, ""),
        )
        lines.append(line)
    return lines
