"""Closures and nurses who are out: what becomes of the days, and which visits are affected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import CenterId, ChangeId, StaffId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.persistence import centers as stored
from scheduler.persistence.models import Closure, NurseAbsence
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of, forget
from scheduler.services.changes import Kept, note_change
from scheduler.services.crowded_days import crowded_days
from scheduler.services.day_frames import frame_of
from scheduler.services.days import lock_days

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClosure:
    """Days without infusions; with times, half days.

    Args:
        center_id: Which center.
        first_day: Its first day.
        last_day: Its last day, included.
        reason: What desk and patients are told ("Thanksgiving").
        from_time: Closed from then on; None with ``until_time`` None closes whole days.
        until_time: Closed until then.
    """

    center_id: CenterId
    first_day: date
    last_day: date
    reason: str
    from_time: time | None = None
    until_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseOut:
    """A nurse who is not there on a day, the whole of it or a part."""

    center_id: CenterId
    staff_id: StaffId
    day: date
    from_time: time | None = None
    until_time: time | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What a change of the center's days means.

    Args:
        id: The closure, absence or outage.
        change_id: The change, which can be undone for 30 seconds.
        days: The days that need a person: visits that no longer fit, or too few nurses.
    """

    id: UUID
    change_id: ChangeId
    days: tuple[date, ...] = ()


def add_closure(uow: UnitOfWork, request: AddClosure, *, now: Instant, actor: Actor) -> Affected:
    """Close days or parts of them; booked visits stay, for a person decides.

    Raises:
        InvalidError: the span ends before it begins, is over, is longer than a year, or has no reason.
    """
    actor.require(Permission.MANAGE_CENTER)
    _check(request)
    with uow:
        one_day = request.first_day == request.last_day
        field = "first_day" if one_day else "last_day"
        _require_to_come(uow, request.center_id, request.last_day, field, now=now)
        row = Closure(
            center_id=request.center_id,
            first_day=request.first_day,
            last_day=request.last_day,
            from_time=request.from_time,
            until_time=request.until_time,
            reason=request.reason.strip()[:80],
        )
        uow.add(row)
        days = days_between(request.first_day, request.last_day)
        crowded = shown_anew(uow, request.center_id, days, now=now)
        words = f"Closed from {request.first_day:%b} {request.first_day.day}: {row.reason}."
        change_id = note_change(
            uow, "closed", words, [{"closure": row.id.hex}], now=now, actor=actor
        )
        uow.audit(actor, "closed", "center", row.center_id, at=now, after=words)
        uow.commit()
        return Affected(id=row.id, change_id=change_id, days=crowded)


def _check(request: AddClosure) -> None:
    if request.last_day < request.first_day:
        raise InvalidError("A closure ends on or after the day it begins.", field="last_day")
    if request.last_day - request.first_day > LONGEST:
        raise InvalidError("A closure is at most a year long.", field="last_day")
    if not request.reason.strip():
        raise InvalidError("Say why the center is closed.", field="reason")
    _check_times(request)


def _check_times(request: AddClosure | NurseOut) -> None:
    if request.from_time and request.until_time and request.until_time <= request.from_time:
        raise InvalidError("The time ends before it begins.", field="until_time")


def _require_to_come(
    uow: UnitOfWork, center_id: CenterId, day: date, field: str, *, now: Instant
) -> None:
    """Refuse a day that is over: a wrong year would pass unseen and leave the day meant open."""
    if day < local_day(now, facts_of(uow, center_id).zone):
        raise InvalidError(f"{day:%B} {day.day}, {day.year} is over.", field=field)


def lift_closure(uow: UnitOfWork, closure_id: CenterId, *, now: Instant, actor: Actor) -> None:
    """Open the days of a closure again.

    Raises:
        NotFoundError: there is no such closure here.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        row = take_back_closure(uow, closure_id, now=now)
        uow.audit(actor, "lifted closure", "center", row.center_id, at=now, before=row.reason)
        uow.commit()


def take_back_closure(uow: UnitOfWork, closure_id: UUID, *, now: Instant) -> Closure:
    """Lift a closure inside somebody else's transaction."""
    row = stored.closure(uow, CenterId(closure_id))
    row.lifted_at = row.lifted_at or now
    shown_anew(uow, row.center_id, days_between(row.first_day, row.last_day), now=now)
    return row


def nurse_out(uow: UnitOfWork, request: NurseOut, *, now: Instant, actor: Actor) -> Affected:
    """Note that a nurse is out; the day may read "over capacity" then.

    Raises:
        InvalidError: the part of the day ends before it begins, or the day is over.
    """
    actor.require(Permission.MANAGE_CENTER)
    _check_times(request)
    with uow:
        _require_to_come(uow, request.center_id, request.day, "day", now=now)
        row = NurseAbsence(
            center_id=request.center_id,
            staff_id=request.staff_id,
            day=request.day,
            from_time=request.from_time,
            until_time=request.until_time,
            reason=request.reason.strip()[:80],
        )
        uow.add(row)
        crowded = shown_anew(uow, request.center_id, [request.day], now=now)
        words = f"A nurse is out on {request.day:%b} {request.day.day}."
        kept: list[Kept] = [{"absence": row.id.hex}]
        change_id = note_change(uow, "nurse out", words, kept, now=now, actor=actor)
        uow.audit(actor, "nurse out", "staff", request.staff_id, at=now, after=words)
        uow.commit()
        return Affected(id=row.id, change_id=change_id, days=crowded)


def lift_absence(uow: UnitOfWork, absence_id: StaffId, *, now: Instant, actor: Actor) -> None:
    """Note that a nurse is there after all.

    Raises:
        NotFoundError: there is no such absence here.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        row = take_back_absence(uow, absence_id, now=now)
        uow.audit(actor, "nurse back", "staff", row.staff_id, at=now)
        uow.commit()


def take_back_absence(uow: UnitOfWork, absence_id: UUID, *, now: Instant) -> NurseAbsence:
    """Lift an absence inside somebody else's transaction."""
    row = stored.absence(uow, StaffId(absence_id))
    row.lifted_at = row.lifted_at or now
    shown_anew(uow, row.center_id, [row.day], now=now)
    return row


def shown_anew(
    uow: UnitOfWork, center_id: CenterId, days: Sequence[date], *, now: Instant
) -> tuple[date, ...]:
    """Read the center's settings anew, raise the days' revisions, and say which need a person."""
    uow.session.flush()
    forget(uow, center_id)
    facts = facts_of(uow, center_id)
    wanted = [day for day in days if frame_of(facts, day, None) is not None]
    for locked in lock_days(uow, center_id, wanted).values():
        locked.store()
    uow.session.flush()
    return tuple(each.day for each in crowded_days(uow, center_id, wanted, now=now))
