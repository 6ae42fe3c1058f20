"""Closures and nurses who are out: what becomes of the days, and which visits are affected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from scheduler.domain.capacity import over_capacity
from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import DayHours
from scheduler.domain.ids import AppointmentId, CenterId, ChangeId, StaffId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, days_between, local, local_day, minute_of
from scheduler.persistence import centers as stored
from scheduler.persistence.days import StoredStay
from scheduler.persistence.models import Closure, NurseAbsence
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of, forget
from scheduler.services.changes import Kept, note_change
from scheduler.services.day_frames import frame_of
from scheduler.services.days import lock_days, stays_of

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
class AffectedVisit:
    """A visit that somebody has to look at."""

    appointment_id: AppointmentId
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What a change of the center's days means.

    Args:
        id: The closure or absence.
        change_id: The change, which can be undone for 30 seconds.
        visits: The visits that no longer fit: to be moved or cancelled by a person.
        over: Sentences that say by what days are over capacity now.
    """

    id: UUID
    change_id: ChangeId
    visits: tuple[AffectedVisit, ...] = ()
    over: tuple[str, ...] = ()


def add_closure(uow: UnitOfWork, request: AddClosure, *, now: Instant, actor: Actor) -> Affected:
    """Close days or parts of them; booked visits stay and are listed, for a person decides.

    Raises:
        InvalidError: the span ends before it begins, is longer than a year, or has no reason.
    """
    actor.require(Permission.MANAGE_CENTER)
    _check(request)
    with uow:
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
        visits, over = _shown_anew(uow, request.center_id, days, now=now)
        words = f"Closed from {request.first_day:%b} {request.first_day.day}: {row.reason}."
        change_id = note_change(
            uow, "closed", words, [{"closure": row.id.hex}], now=now, actor=actor
        )
        uow.audit(actor, "closed", "center", row.center_id, at=now, after=words)
        uow.commit()
        return Affected(id=row.id, change_id=change_id, visits=visits, over=over)


def _check(request: AddClosure) -> None:
    if request.last_day < request.first_day:
        raise InvalidError("A closure ends on or after the day it begins.", field="last_day")
    if request.last_day - request.first_day > LONGEST:
        raise InvalidError("A closure is at most a year long.", field="last_day")
    if not request.reason.strip():
        raise InvalidError("Say why the center is closed.", field="reason")


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
    _shown_anew(uow, row.center_id, days_between(row.first_day, row.last_day), now=now)
    return row


def nurse_out(uow: UnitOfWork, request: NurseOut, *, now: Instant, actor: Actor) -> Affected:
    """Note that a nurse is out; the day may read "over capacity" then, and its visits are listed.

    Raises:
        InvalidError: the part of the day ends before it begins.
    """
    actor.require(Permission.MANAGE_CENTER)
    if request.from_time and request.until_time and request.until_time <= request.from_time:
        raise InvalidError("The time ends before it begins.", field="until_time")
    with uow:
        row = NurseAbsence(
            center_id=request.center_id,
            staff_id=request.staff_id,
            day=request.day,
            from_time=request.from_time,
            until_time=request.until_time,
            reason=request.reason.strip()[:80],
        )
        uow.add(row)
        visits, over = _shown_anew(uow, request.center_id, [request.day], now=now)
        words = f"A nurse is out on {request.day:%b} {request.day.day}."
        kept: list[Kept] = [{"absence": row.id.hex}]
        change_id = note_change(uow, "nurse out", words, kept, now=now, actor=actor)
        uow.audit(actor, "nurse out", "staff", request.staff_id, at=now, after=words)
        uow.commit()
        return Affected(id=row.id, change_id=change_id, visits=visits, over=over)


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
    _shown_anew(uow, row.center_id, [row.day], now=now)
    return row


def _shown_anew(
    uow: UnitOfWork, center_id: CenterId, days: Sequence[date], *, now: Instant
) -> tuple[tuple[AffectedVisit, ...], tuple[str, ...]]:
    """Read the center's settings anew, raise the days' revisions, and say what no longer fits."""
    uow.session.flush()
    forget(uow, center_id)
    facts = facts_of(uow, center_id)
    wanted = [day for day in days if frame_of(facts, day, None) is not None]
    visits: list[AffectedVisit] = []
    over: list[str] = []
    stays = stays_of(uow, facts, [day for day in wanted if day >= local_day(now, facts.zone)])
    for day, locked in lock_days(uow, center_id, wanted).items():
        locked.store()
        exceeded = over_capacity(locked.load, locked.limits)
        over += [f"{day:%b} {day.day}: {refusal.sentence}" for refusal in exceeded]
        visits += [
            _affected(stay)
            for stay in stays.get(day, [])
            if stay.kept_until is None and (exceeded or _outside(facts, day, stay))
        ]
    return tuple(visits), tuple(over)


def _outside(facts: CenterFacts, day: date, stay: StoredStay) -> bool:
    hours = facts.hours(day)
    if not isinstance(hours, DayHours):
        return True
    begins, ends = local(stay.starts_at, facts.zone), local(stay.ends_at, facts.zone)
    opens, closes = minute_of(hours.opens), minute_of(hours.closes)
    return minute_of(begins.time()) < opens or minute_of(ends.time()) > closes


def _affected(stay: StoredStay) -> AffectedVisit:
    return AffectedVisit(
        appointment_id=stay.id,
        starts_at=stay.starts_at,
        ends_at=stay.ends_at,
    )
