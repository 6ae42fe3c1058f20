"""Keeping a place for a patient on the phone for some minutes; it expires by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.domain.errors import InvalidError, NoCapacityError
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, ReservationId, StaffId
from scheduler.domain.roles import WORKER, Actor, ActorKind, Permission
from scheduler.domain.timing import Instant, instant_at, local, local_day
from scheduler.persistence import plans
from scheduler.persistence import reservations as stored
from scheduler.persistence.base import new_id
from scheduler.persistence.days import StoredStay
from scheduler.persistence.models import Reservation
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.booking_days import require_day
from scheduler.services.center_facts import facts_of, limits_on
from scheduler.services.new_visits import NewVisit, visits_of
from scheduler.services.next_offers import with_offers
from scheduler.services.visit_places import (
    OpenDays,
    give_back,
    open_days,
    require_free,
    require_future,
    take_place,
)

KEPT_MINUTES = 10
ON_THE_PHONE = "kept while on the phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservePlace:
    """A place to keep: for any day of a course, the whole course."""

    dose_id: DoseId
    day: date
    start: time


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    """A place that is kept; times on the center's clock."""

    id: ReservationId
    day: date
    starts: time
    ends: time
    until: time
    days: int = 1


def reserve_place(
    uow: UnitOfWork, request: ReservePlace, *, now: Instant, actor: Actor
) -> KeptPlace:
    """Keep a place for some minutes; an earlier one for the same dose is given back.

    Raises:
        NoCapacityError: the place cannot be had; carries the next offers.
        TooEarlyError, OutsideWindowError, AlreadyBookedError, NotBookableError: as for booking.
    """
    actor.require(Permission.BOOK)
    with uow:
        target = bookable(uow, request.dose_id, lock=True)
        facts = facts_of(uow, target.center_id)
        require_day(target, request.day, actor, outside_window=ON_THE_PHONE, below="", second="")
        starts_at = instant_at(request.day, request.start, facts.zone)
        try:
            rows = _keep(uow, target, visits_of(uow, target, starts_at), now=now, actor=actor)
        except NoCapacityError as refusal:
            raise with_offers(uow, refusal, target, starts_at, now=now) from None
        _note(uow, target, "kept a place", rows, now=now, actor=actor)
        kept = _kept(uow, target.center_id, rows)
        uow.commit()
        return kept


def _keep(
    uow: UnitOfWork, target: Bookable, visits: Sequence[NewVisit], *, now: Instant, actor: Actor
) -> list[Reservation]:
    facts = facts_of(uow, target.center_id)
    places = [visit.place for visit in visits]
    require_future(places, facts.slot_minutes, now)
    require_free(uow, target.patient, places)
    before = stored.of_doses(uow, [dose.id for dose in target.doses])
    starts = [place.starts_at for place in places]
    opened = open_days(uow, facts.id, [*starts, *(row.starts_at for row in before)])
    give_back(uow, opened, before, now=now)
    limits = limits_on(facts, local_day(now, facts.zone))
    until = now + timedelta(minutes=limits.keep_minutes if limits else KEPT_MINUTES)
    rows = [_row(uow, opened, visit, until, actor) for visit in visits]
    uow.add(*rows)
    for day in opened.days.values():
        day.store()
    return rows


def _row(
    uow: UnitOfWork, opened: OpenDays, visit: NewVisit, until: Instant, actor: Actor
) -> Reservation:
    place, dose_id = visit.place, visit.items[0].dose_id
    day, chair_key = take_place(uow, opened, place)
    if dose_id is None:
        raise InvalidError("A place is kept for a dose.", field="dose_id")
    row = Reservation(
        id=ReservationId(new_id()),
        center_id=visit.center_id,
        clinic_day_id=day.row.id,
        dose_id=dose_id,
        chair_key=chair_key,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        chair_free_at=place.chair_free_at,
        footprint=footprints.written(place.profile),
        reserved_until=until,
        staff_id=StaffId(actor.id) if actor.id and actor.kind is ActorKind.STAFF else None,
    )
    day.row.fixed = day.row.fixed or bool(place.profile.needs)
    opened.stays[day.day].append(_stay(row))
    return row


def _stay(row: Reservation) -> StoredStay:
    return StoredStay(
        id=AppointmentId(row.id),  # among the stays of its day, as they are read
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        chair_free_at=row.chair_free_at,
        chair_key=row.chair_key,
        pinned=False,
        arrived_at=None,
        footprint=row.footprint,
        kept_until=row.reserved_until,
    )


def kept_for(uow: UnitOfWork, dose_id: DoseId, *, now: Instant) -> KeptPlace | None:
    """Return the place that is kept for a dose now, None when there is none."""
    with uow:
        rows = [row for row in stored.of_doses(uow, [dose_id]) if row.reserved_until > now]
        return _kept(uow, rows[0].center_id, rows) if rows else None


def _kept(uow: UnitOfWork, center_id: CenterId, rows: Sequence[Reservation]) -> KeptPlace:
    first, zone = rows[0], facts_of(uow, center_id).zone
    starts, ends, until = (
        local(at, zone) for at in (first.starts_at, first.ends_at, first.reserved_until)
    )
    return KeptPlace(
        id=first.id,
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time(),
        until=until.time(),
        days=len(rows),
    )


def release_place(
    uow: UnitOfWork, reservation_id: ReservationId, *, now: Instant, actor: Actor
) -> DoseId:
    """Give a kept place back, of a course all its days; once it is given back nothing happens.

    Returns:
        The dose it was for.

    Raises:
        NotFoundError: there is none of that id here.
    """
    actor.require(Permission.BOOK)
    with uow:
        row = stored.reservation(uow, reservation_id)
        dose_id, center_id = row.dose_id, row.center_id
        target = bookable(uow, dose_id, lock=True)
        mine = stored.of_doses(uow, [dose.id for dose in target.doses])
        _release(uow, center_id, mine, now=now)
        _note(uow, target, "gave a kept place back", mine, now=now, actor=actor)
        uow.commit()
        return dose_id


def _release(
    uow: UnitOfWork, center_id: CenterId, rows: Sequence[Reservation], *, now: Instant
) -> None:
    """Give back what nobody else gave back while this waited for the days."""
    if not rows:
        return
    opened = open_days(uow, center_id, [row.starts_at for row in rows])
    give_back(uow, opened, rows, now=now)
    for day in opened.days.values():
        day.store()


def _note(
    uow: UnitOfWork,
    target: Bookable,
    action: str,
    rows: Sequence[Reservation],
    *,
    now: Instant,
    actor: Actor,
) -> None:
    for row in rows:
        uow.audit(
            actor,
            action,
            "reservation",
            row.id,
            at=now,
            patient_id=target.patient.id,
            after=row.starts_at.isoformat(),
        )


def release_expired(uow: UnitOfWork, *, now: Instant) -> int:
    """Give back the places whose time is over; returns how many."""
    with uow:
        by_center: dict[CenterId, list[Reservation]] = defaultdict(list)
        for row in stored.over(uow, now=now):
            by_center[row.center_id].append(row)
        for center_id, rows in by_center.items():
            _release(uow, center_id, rows, now=now)
            _note_over(uow, rows, now=now)
        uow.commit()
        return sum(map(len, by_center.values()))


def _note_over(uow: UnitOfWork, rows: Sequence[Reservation], *, now: Instant) -> None:
    for row in rows:
        patient_id = plans.dose(uow, row.dose_id).patient_id
        uow.audit(
            WORKER, "kept place is over", "reservation", row.id, at=now, patient_id=patient_id
        )
