"""Chairs for visits that move together: each day is seated once, with the fewest others moved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from scheduler.domain.assignment import Assignment, Stay, assign
from scheduler.domain.ids import AppointmentId, ReservationId
from scheduler.domain.timing import local_day, local_time, minute_of
from scheduler.persistence import appointments as stored
from scheduler.persistence import reservations
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_refusals import BatchRefusal, BatchRefusedError
from scheduler.services.crowded_days import loosened, out_of_service
from scheduler.services.days import LockedDay
from scheduler.services.visit_places import OpenDays, Place

Moved: TypeAlias = tuple[Appointment, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseated:
    """A visit that stays at its time and changes its chair, by key; ``kept``: a place kept for one."""

    appointment_id: AppointmentId
    before: int
    after: int
    kept: bool


def seat_anew(
    uow: UnitOfWork, opened: OpenDays, moved: Sequence[Moved], loosen: Collection[date]
) -> list[Reseated]:
    """Seat the visits on their new days and store days and rows; return who else changed chairs.

    Args:
        uow: The unit of work.
        opened: The days, the moved visits taken out and counted in their new places.
        moved: Each visit with its new place.
        loosen: Days on which visits leave chairs that are out of service.

    Raises:
        BatchRefusedError: a day has room by numbers, but no chair for the whole of each visit.
    """
    coming: dict[date, list[Moved]] = {day: [] for day in loosen}
    for row, place in moved:
        zone = next(iter(opened.days.values())).facts.zone
        coming.setdefault(local_day(place.starts_at, zone), []).append((row, place))
    seats = {day: _seats(opened, day, new, day in loosen) for day, new in sorted(coming.items())}
    reseated = [
        Reseated(
            appointment_id=stay.id,
            before=stay.chair_key,
            after=found.chair_of(stay.id),
            kept=stay.kept_until is not None,
        )
        for day, found in seats.items()
        for stay in opened.stays[day]
        if found.chair_of(stay.id) != stay.chair_key
    ]
    _write(uow, opened, coming, seats, reseated)
    return [one for one in reseated if not one.kept]


def _write(
    uow: UnitOfWork,
    opened: OpenDays,
    coming: Mapping[date, Sequence[Moved]],
    seats: Mapping[date, Assignment],
    reseated: Sequence[Reseated],
) -> None:
    """Park everybody who changes chairs, then write who sits where, and the days."""
    visits = {one.appointment_id: one.after for one in reseated if not one.kept}
    moved = [row.id for new in coming.values() for row, _ in new]
    stored.park(uow, [*moved, *visits])
    for day, new in coming.items():
        for row, place in new:
            stand_at(opened.days[day], row, place, seats[day].chair_of(row.id))
    uow.session.flush()
    stored.reseat(uow, visits)
    kept = {ReservationId(one.appointment_id): one.after for one in reseated if one.kept}
    reservations.reseat(uow, kept)
    for locked in opened.days.values():
        locked.store()
    uow.session.flush()


def _seats(
    opened: OpenDays,
    day: date,
    new: Sequence[Moved],
    loose: bool,  # noqa: FBT001 - a fact of the day
) -> Assignment:
    """Return a chair for everybody of a day.

    Raises:
        BatchRefusedError: there is no way.
    """
    locked = opened.days[day]
    published, facts = locked.row.published_at is not None, locked.facts
    stays = opened.stays[day]
    broken = out_of_service(facts, locked.frame, stays, published) if loose else []
    leaving = {stay.id for stay in broken}
    seated = [loosened(facts, stay, published, leaving) for stay in stays]
    found = assign(locked.frame.chairs, [*seated, *(_stay(locked, *each) for each in new)])
    if found is None:
        words = f"{day:%b} {day.day}: no chair is free for the whole visit."
        ids = [row.id for row, _ in new] or sorted(leaving)
        raise BatchRefusedError([BatchRefusal(appointment_id=each, sentence=words) for each in ids])
    return found


def _stay(day: LockedDay, row: Appointment, place: Place) -> Stay:
    begins = minute_of(local_time(place.starts_at, day.facts.zone))
    return Stay(
        id=row.id,
        begins=begins,
        free_at=begins + place.profile.occupied_minutes,
        needs=place.profile.needs,
        current=row.chair_key,
    )


def stand_at(day: LockedDay, row: Appointment, place: Place, chair_key: int) -> None:
    """Write a parked visit into its new place."""
    row.clinic_day_id, row.chair_key, row.parked = day.row.id, chair_key, None
    row.starts_at, row.ends_at, row.chair_free_at = (
        place.starts_at,
        place.ends_at,
        place.chair_free_at,
    )
    row.pinned = place.chair_key is not None
    day.row.fixed = day.row.fixed or row.pinned or bool(place.profile.needs)
