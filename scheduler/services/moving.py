"""Moving visits to another time or chair: both days locked, the same checks as for a booking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from scheduler.domain.errors import InvalidError, NoCapacityError
from scheduler.domain.ids import AppointmentId, ChairId, ChangeId, DoseId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, instant_at, local
from scheduler.persistence import appointments as stored
from scheduler.persistence import centers
from scheduler.persistence.models import Appointment, Patient
from scheduler.persistence.patients import patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import settle_status, status_on
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.booking_days import require_day
from scheduler.services.cancelling import (
    TO_COME,
    found,
    remembered,
    require_current,
    together,
)
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, note_change
from scheduler.services.new_visits import course_days
from scheduler.services.next_offers import with_offers
from scheduler.services.notices import owe_moved
from scheduler.services.visit_places import (
    Place,
    exceeds_nurses,
    leave_place,
    open_days,
    profile_of,
    require_free,
    require_future,
    stay_row,
    take_place,
)
from scheduler.services.wanted_bookings import answer_wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAppointment:
    """A visit and where it goes; of a course, all days to come move with its first.

    Args:
        appointment_id: Which visit.
        version: The visit's version that the person saw.
        starts_at: The new start; None keeps it. Or give ``day`` and ``start``.
        day: The new day.
        start: The new start on the center's clock.
        chair_id: The chair that a person wants, from now on pinned.
        told: Whether the patient was told by phone already.
        told_by_phone_name: Who was spoken with.
        reason: Why it moves.
        outside_window_reason: Why to a day outside the window.
        override_reason: Why a charge nurse exceeds nurse limits.
        documented_order: The prescriber's order for a day below the not-before.
        second_person: Who else checked that order.
    """

    appointment_id: AppointmentId
    version: int | None = None
    starts_at: Instant | None = None
    day: date | None = None
    start: time | None = None
    chair_id: ChairId | None = None
    told: bool = False
    told_by_phone_name: str = ""
    reason: str = ""
    outside_window_reason: str = ""
    override_reason: str = ""
    documented_order: str = ""
    second_person: str = ""


def move_appointment(
    uow: UnitOfWork, request: MoveAppointment, *, now: Instant, actor: Actor
) -> ChangeId:
    """Move a visit, or the whole course it belongs to, and owe the message if the patient's facts change.

    Returns:
        The change, which can be undone for 30 seconds.

    Raises:
        StaleError: somebody else changed the visit since.
        VisitOverError: the patient is here already, or the visit is over.
        NoCapacityError: no room there; says why, and carries the next offers.
        TooEarlyError, OutsideWindowError, NotAuthorizedError: as for a booking, when the day changes.
    """
    actor.require(Permission.BOOK)
    with uow:
        rows, before = move(uow, request, now=now, actor=actor)
        for row in rows:
            owe_moved(uow, row, now=now)
        answer_wanted(uow, doses_on(uow, rows), now=now, actor=actor)
        change_id = noted(uow, rows, before, _reason(request), now=now, actor=actor)
        uow.commit()
        return change_id


def _reason(request: MoveAppointment) -> str:
    by_phone = f"told by phone: {request.told_by_phone_name}" if request.told else ""
    parts = (request.reason, by_phone, request.override_reason, request.outside_window_reason)
    return "; ".join(part.strip() for part in parts if part.strip())


def move(
    uow: UnitOfWork, request: MoveAppointment, *, now: Instant, actor: Actor
) -> tuple[list[Appointment], list[Kept]]:
    """Move the rows without saving; return them with what they were."""
    visit = found(uow, request.appointment_id)
    require_current(visit, request.version)
    rows = together(uow, visit)
    before = [remembered(row) for row in rows]
    starts_at = start_of_move(uow, visit, request)
    target = _target(uow, rows)
    places = _places(uow, request, rows, target, starts_at)
    zone = facts_of(uow, visit.center_id).zone
    moves_day = local(starts_at, zone).date() != local(rows[0].starts_at, zone).date()
    override = _allowed(target, request, local(starts_at, zone).date(), actor) if moves_day else ""
    tentative = _authorized(uow, rows, target, local(starts_at, zone).date()) if moves_day else None
    exceed = exceeds_nurses(actor, request.override_reason)
    places = [replace(place, exceed_nurses=exceed) for place in places]
    if starts_at != rows[0].starts_at:
        require_future(places, facts_of(uow, visit.center_id).slot_minutes, now)
    _relocate_or_offer(uow, rows, places, target, now=now)
    for row in rows:
        row.override_reason = override or row.override_reason
        if tentative is not None:
            settle_status(row, tentative)
    return rows, before


def _authorized(
    uow: UnitOfWork, rows: Sequence[Appointment], target: Bookable | None, day: date
) -> str | None:
    """Return why the visit is tentative on its new day, empty when it is not; None when nothing asks."""
    if target is None or rows[0].status not in TO_COME:
        return None
    return status_on(uow, target, day)[1]


def _allowed(target: Bookable | None, request: MoveAppointment, day: date, actor: Actor) -> str:
    if target is None:
        return ""
    return require_day(
        target,
        day,
        actor,
        outside_window=request.outside_window_reason,
        below=request.documented_order,
        second=request.second_person,
    )


def start_of_move(uow: UnitOfWork, visit: Appointment, request: MoveAppointment) -> Instant:
    """Return the start that a move asks for; what it does not name stays."""
    facts = facts_of(uow, visit.center_id)
    if request.starts_at is not None:
        return request.starts_at
    first = together(uow, visit)[:1] or [visit]
    at = local(first[0].starts_at, facts.zone)
    if request.day is None and request.start is None:
        return first[0].starts_at
    clock = request.start or at.time().replace(tzinfo=None, fold=0)
    return instant_at(request.day or at.date(), clock, facts.zone)


def _target(uow: UnitOfWork, rows: Sequence[Appointment]) -> Bookable | None:
    """Return the dose behind the visits with those that share the visit, None when they are for something else."""
    gone = [row.id for row in rows]
    found = [bookable(uow, dose_id, but=gone) for dose_id in doses_on(uow, rows[:1])]
    return replace(found[0], others=tuple(found[1:])) if found else None


def doses_on(uow: UnitOfWork, rows: Sequence[Appointment]) -> list[DoseId]:
    """Return the doses that visits are for."""
    items = stored.items(uow, [row.id for row in rows])
    return [item.dose_id for item in items if item.dose_id]


def _places(
    uow: UnitOfWork,
    request: MoveAppointment,
    rows: Sequence[Appointment],
    target: Bookable | None,
    starts_at: Instant,
) -> list[Place]:
    facts = facts_of(uow, rows[0].center_id)
    at = local(starts_at, facts.zone)
    same_day = at.date() == local(rows[0].starts_at, facts.zone).date()
    if target is None or same_day or len(rows) != len(target.doses):
        shift = at.date() - local(rows[0].starts_at, facts.zone).date()
        days = tuple(local(row.starts_at, facts.zone).date() + shift for row in rows)
    else:
        days = course_days(uow, target, at.date())
    clock = at.time().replace(tzinfo=None, fold=0)
    key = centers.chair(uow, rows[0].center_id, request.chair_id).key if request.chair_id else None
    return [
        Place(
            starts_at=instant_at(day, clock, facts.zone) if index else starts_at,
            profile=profile_of(row),
            chair_key=key,
            visit=row.id,
            current=row.chair_key,
        )
        for index, (row, day) in enumerate(zip(rows, days, strict=True))
    ]


def _relocate_or_offer(
    uow: UnitOfWork,
    rows: Sequence[Appointment],
    places: Sequence[Place],
    target: Bookable | None,
    *,
    now: Instant,
) -> None:
    try:
        relocate(uow, rows, places, patient(uow, rows[0].patient_id))
    except NoCapacityError as refusal:
        if target is None:
            raise
        raise with_offers(uow, refusal, target, places[0].starts_at, now=now) from None


def relocate(
    uow: UnitOfWork, rows: Sequence[Appointment], places: Sequence[Place], patient: Patient
) -> None:
    """Take visits out of their places and put them into others, all days locked.

    Raises:
        NoCapacityError: one of them has no place there.
        AlreadyBookedError: the patient is elsewhere at that time.
    """
    if len(rows) != len(places):
        raise InvalidError("Every visit needs its place.")
    require_free(uow, patient, places, but=[row.id for row in rows])
    instants = [row.starts_at for row in rows] + [place.starts_at for place in places]
    opened = open_days(uow, rows[0].center_id, instants)
    for row in rows:
        leave_place(opened, row)
    stored.park(uow, [row.id for row in rows])
    for row, place in zip(rows, places, strict=True):
        day, key = take_place(uow, opened, place)
        row.clinic_day_id, row.chair_key, row.parked = day.row.id, key, None
        row.starts_at, row.ends_at, row.chair_free_at = (
            place.starts_at,
            place.ends_at,
            place.chair_free_at,
        )
        row.pinned = place.chair_key is not None
        day.row.fixed = day.row.fixed or row.pinned or bool(place.profile.needs)
        opened.stays[day.day].append(stay_row(row))
    for day in opened.days.values():
        day.store()
    uow.session.flush()


def noted(
    uow: UnitOfWork,
    rows: Sequence[Appointment],
    before: Sequence[Kept],
    reason: str,
    *,
    now: Instant,
    actor: Actor,
) -> ChangeId:
    """Keep the move for undo and audit each visit."""
    uow.session.flush()
    for row, old in zip(rows, before, strict=True):
        uow.audit(
            actor,
            "moved",
            "appointment",
            row.id,
            at=now,
            patient_id=row.patient_id,
            before=str(old["starts_at"]),
            after=row.starts_at.isoformat(),
            reason=reason,
        )
    kept = [{**old, "version": row.version} for row, old in zip(rows, before, strict=True)]
    at = local(rows[0].starts_at, facts_of(uow, rows[0].center_id).zone)
    words = f"Visit moved to {at:%b} {at.day}, {at:%-H:%M}."
    return note_change(uow, "moved", words, kept, now=now, actor=actor)
