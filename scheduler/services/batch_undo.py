"""Taking a batch of moves back: every visit and chair as it was, if the days are no fuller for it."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from zlib import compress, decompress

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.capacity import DayLimits, DayLoad, refuse_change
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.timing import local_day, local_time, minute_of
from scheduler.persistence import appointments as stored
from scheduler.persistence.models import Appointment, Task
from scheduler.persistence.patients import patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_chairs import Reseated, stand_at
from scheduler.services.changes import Kept, id_of, instant_of
from scheduler.services.days import LockedDay
from scheduler.services.moving import doses_on
from scheduler.services.notices import owe_moved
from scheduler.services.tasks import settle_tasks
from scheduler.services.undoing import Doing, audit_visits, require_wanted, visits_as_left
from scheduler.services.visit_places import (
    OpenDays,
    Place,
    leave_place,
    open_clinic_days,
    profile_of,
    require_free,
)
from scheduler.services.wanted_bookings import ask_again
from scheduler.services.why_not import day_words


def kept(
    center_id: CenterId,
    loads: Mapping[date, DayLoad],
    reseated: Sequence[Reseated],
    asked: Sequence[Task],
) -> list[Kept]:
    """Return what undo needs beside the visits: what days used, who sat where, which tasks are new."""
    days: list[Kept] = [
        {
            "day": day.isoformat(),
            "center": center_id.hex,
            "used": b64encode(compress(load.to_bytes())).decode(),
        }
        for day, load in loads.items()
    ]
    chairs: list[Kept] = [
        {"seat": one.appointment_id.hex, "chair_key": one.before, "left": one.after}
        for one in reseated
    ]
    tasks: list[Kept] = [{"task_about": task.subject_id.hex} for task in asked]
    return [*days, *chairs, *tasks]


def put_back(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    """Put moved visits back where they were, closed day or not: nobody has been told otherwise yet.

    Raises:
        UndoExpiredError, TooEarlyError: a visit, its plan or its not-before has changed since.
        NoCapacityError: a day would be fuller than it was before the move, and than it may be.
        AlreadyBookedError, ChairTakenError: somebody else is there by now.
    """
    visits = [one for one in before if "visit" in one]
    rows = visits_as_left(uow, visits)
    require_wanted(uow, rows, visits)
    places = [_old_place(row, one) for row, one in zip(rows, visits, strict=True)]
    opened = _emptied(uow, before, rows, places)
    _require_room(opened, before, places)
    chairs = _old_chairs(uow, before)
    stored.park(uow, [*(row.id for row in rows), *chairs])
    for row, place, one in zip(rows, places, visits, strict=True):
        stand_at(_day(opened, place), row, place, int(one["chair_key"] or 0))
        row.pinned, row.status = bool(one["pinned"]), AppointmentStatus(str(one["status"]))
        row.override_reason = str(one["override_reason"])
    uow.session.flush()
    stored.reseat(uow, chairs)
    for day in opened.days.values():
        day.store()
    uow.session.flush()
    for row in rows:
        owe_moved(uow, row, now=doing.now)
    ask_again(uow, doses_on(uow, rows), closed_at=doing.done_at)
    _settle(uow, before, doing)
    audit_visits(uow, rows, "undid move", doing)


def _old_place(row: Appointment, one: Kept) -> Place:
    return Place(starts_at=instant_of(one["starts_at"]), profile=profile_of(row), visit=row.id)


def _emptied(
    uow: UnitOfWork, before: Sequence[Kept], rows: Sequence[Appointment], places: Sequence[Place]
) -> OpenDays:
    """Lock all days of the batch, take the visits out, and see that their patients are free."""
    days = {date.fromisoformat(str(one["day"])) for one in before if "day" in one}
    center = next(CenterId(id_of(one["center"])) for one in before if "day" in one)
    opened = open_clinic_days(uow, center, days)
    moving = [row.id for row in rows]
    for row, place in zip(rows, places, strict=True):
        require_free(uow, patient(uow, row.patient_id), [place], but=moving)
        leave_place(opened, row)
    return opened


def _require_room(opened: OpenDays, before: Sequence[Kept], places: Sequence[Place]) -> None:
    """Count the visits where they were, and refuse days that others have filled since."""
    loads = {day: each.load for day, each in opened.days.items()}
    for place in places:
        day = _day(opened, place)
        day.take(place.profile, _slot(day, place))
    for one in before:
        if "day" in one:
            day = opened.days[date.fromisoformat(str(one["day"]))]
            limits = _as_full_as_before(day.limits, str(one["used"]))
            refusal = refuse_change(loads[day.day], day.load, limits)
            if refusal is not None:
                raise NoCapacityError(f"{day_words(day.day)}: {refusal.sentence}")


def _as_full_as_before(limits: DayLimits, used: str) -> DayLimits:
    """Return limits under which a day may be as full as it was; with other slots, its own limits."""
    try:
        load = DayLoad.from_bytes(decompress(b64decode(used)), limits.layout, limits.grid)
    except ValueError:  # opening hours or measures have changed within the half minute
        return limits
    return limits.tolerating(load)


def _slot(day: LockedDay, place: Place) -> int:
    grid = day.limits.grid
    begins = minute_of(local_time(place.starts_at, day.facts.zone))
    return min(max(0, (begins - grid.first) // grid.slot_minutes), grid.slots - 1)


def _day(opened: OpenDays, place: Place) -> LockedDay:
    zone = next(iter(opened.days.values())).facts.zone
    return opened.days[local_day(place.starts_at, zone)]


def _old_chairs(uow: UnitOfWork, before: Sequence[Kept]) -> dict[AppointmentId, int]:
    """Return the old chair of each visit that made room and still sits where it was put."""
    kept_chairs = {AppointmentId(id_of(one["seat"])): one for one in before if "seat" in one}
    return {
        row.id: int(kept_chairs[row.id]["chair_key"] or 0)
        for row in stored.by_id(uow, kept_chairs)
        if row.live and row.chair_key == kept_chairs[row.id]["left"]
    }


def _settle(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> None:
    """Close the tasks that the batch raised."""
    for one in before:
        if "task_about" in one:
            about = id_of(one["task_about"])
            settle_tasks(
                uow,
                TaskKind.REBOOK,
                about,
                TaskOutcome.NOT_NEEDED,
                now=doing.now,
                actor=doing.actor,
            )
