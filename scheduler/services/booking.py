"""Booking a dose, or a course as one: a place in the clinic day, a chair, and the message owed for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.dates import open_days_with_gaps, run_of_days
from scheduler.domain.errors import InvalidError, NoCapacityError
from scheduler.domain.ids import AppointmentId, ChairId, DoseId
from scheduler.domain.people import TaskOutcome
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, instant_at, local, local_day
from scheduler.persistence import appointments, centers, patients, plans
from scheduler.persistence.base import new_id
from scheduler.persistence.models import Appointment, AppointmentItem, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.bookable import Bookable, bookable, regimen_in_force, require_day
from scheduler.services.calendars import open_days as calendar_of
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, note_change
from scheduler.services.idempotency import answered, remember
from scheduler.services.notices import owe_booked
from scheduler.services.offers import with_offers
from scheduler.services.tasks import settle_tasks
from scheduler.services.visit_places import (
    OpenDays,
    Place,
    exceeds_nurses,
    open_days,
    require_free,
    require_future,
    stay_row,
    take_place,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDose:
    """A place for a dose; for any day of a course, for the whole course.

    Args:
        dose_id: The dose.
        day: The (first) day, with ``start``; or give ``starts_at``.
        start: The start on the center's clock.
        starts_at: The start as an instant.
        chair_id: The chair that a person wants; None lets the day decide, and change it later.
        idempotency_key: A second press with the same key is answered with the first booking.
        outside_window_reason: Why on a day outside the window.
        override_reason: Why a charge nurse exceeds nurse limits.
        documented_order: The prescriber's order for a day below the not-before.
        second_person: Who else checked that order.
        tentative: Holds the place without promising it to the patient.
    """

    dose_id: DoseId
    day: date | None = None
    start: time | None = None
    starts_at: Instant | None = None
    chair_id: ChairId | None = None
    idempotency_key: str | None = None
    outside_window_reason: str = ""
    override_reason: str = ""
    documented_order: str = ""
    second_person: str = ""
    tentative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewVisit:
    """A visit to be made: its dose and its place."""

    target: Bookable
    dose: PlannedDose
    place: Place


def book_dose(uow: UnitOfWork, request: BookDose, *, now: Instant, actor: Actor) -> AppointmentId:
    """Book a planned dose: take a place in the clinic day and owe the confirmation.

    Locks the patient, then the clinic days in ascending order, so that two desks never decide on the
    same facts.

    Returns:
        The new visit's id; of a course, the first day's.

    Raises:
        NoCapacityError: hours, chairs, IV starts, nurse load or mixing refuse; says which, and carries
            the next offers.
        TooEarlyError: before the dose's not-before; says from when.
        OutsideWindowError: outside the window without role and reason.
        AlreadyBookedError: the dose is booked, or the patient is elsewhere at that time.
        NotBookableError: plan, patient or dose take no booking.
    """
    actor.require(Permission.BOOK)
    with uow:
        known = answered_under_lock(uow, request)
        if known is not None:
            return AppointmentId(UUID(known))
        target = bookable(uow, request.dose_id, lock=True)
        rows = _book(uow, target, request, now=now, actor=actor)
        owe_booked(uow, rows[0], now=now)
        noted(uow, rows, _words(uow, rows), now=now, actor=actor)
        settle(uow, target.doses, now=now, actor=actor)
        remember(uow, request.idempotency_key, request, rows[0].id.hex, now=now)
        uow.commit()
        return rows[0].id


def answered_under_lock(uow: UnitOfWork, request: BookDose) -> str | None:
    """Return what the request's key was answered with; two presses at once wait for each other."""
    if not request.idempotency_key:
        return None
    if uow.is_postgresql:
        patients.lock_patient(uow, plans.dose(uow, request.dose_id).patient_id)
    return answered(uow, request.idempotency_key, request)


def _book(
    uow: UnitOfWork, target: Bookable, request: BookDose, *, now: Instant, actor: Actor
) -> list[Appointment]:
    starts_at = start_of(uow, target, request)
    day = local_day(starts_at, facts_of(uow, target.center_id).zone)
    override = require_day(
        target,
        day,
        actor,
        outside_window=request.outside_window_reason,
        below=request.documented_order,
        second=request.second_person,
    )
    exceed = exceeds_nurses(actor, request.override_reason)
    chair = _chair_key(uow, target, request.chair_id)
    visits = visits_of(uow, target, starts_at)
    visits = [
        replace(v, place=replace(v.place, chair_key=chair, exceed_nurses=exceed)) for v in visits
    ]
    status = AppointmentStatus.PENDING if request.tentative else AppointmentStatus.BOOKED
    reason = " ".join(part for part in (override, request.override_reason.strip()) if part)
    try:
        return add_visits(uow, visits, status=status, reason=reason, now=now, actor=actor)
    except NoCapacityError as refusal:
        raise with_offers(uow, refusal, target, starts_at, now=now) from None


def start_of(uow: UnitOfWork, target: Bookable, request: BookDose) -> Instant:
    """Return the start that a request asks for.

    Raises:
        InvalidError: neither an instant nor day and time.
        SkippedTimeError: the clocks skip that time.
    """
    if request.starts_at is not None:
        return request.starts_at
    if request.day is None or request.start is None:
        raise InvalidError("Say on which day and at what time.", field="day")
    return instant_at(request.day, request.start, facts_of(uow, target.center_id).zone)


def _chair_key(uow: UnitOfWork, target: Bookable, chair_id: ChairId | None) -> int | None:
    return centers.chair(uow, target.center_id, chair_id).key if chair_id else None


def visits_of(uow: UnitOfWork, target: Bookable, starts_at: Instant) -> list[NewVisit]:
    """Return the visits of a dose or course that begins at an instant, each day at the same time.

    Raises:
        NoCapacityError: the course finds no run of open days from there.
    """
    facts = facts_of(uow, target.center_id)
    at = local(starts_at, facts.zone)
    days = course_days(uow, target, at.date())
    profiles = target.profiles(at.date())
    clock = at.time().replace(tzinfo=None, fold=0)
    starts = [starts_at, *(instant_at(day, clock, facts.zone) for day in days[1:])]
    return [
        NewVisit(target=target, dose=dose, place=Place(starts_at=start, profile=profile))
        for dose, start, profile in zip(target.doses, starts, profiles, strict=True)
    ]


def course_days(uow: UnitOfWork, target: Bookable, first: date) -> tuple[date, ...]:
    """Return the days of a dose or course that begins on ``first``.

    Raises:
        NoCapacityError: a closed day breaks the run.
    """
    length = len(target.doses)
    if length == 1:
        return (first,)
    calendar = calendar_of(uow, target.center_id, first, first + timedelta(days=length + 31))
    regimen = regimen_in_force(uow, target.plan)
    run = next((phase.run for phase in regimen.phases if phase.id == target.first.phase), None)
    if run is None or run.consecutive:
        days = run_of_days(first, length, first, calendar)
    else:
        days = open_days_with_gaps(first, length, calendar, run.max_gap)
    if not days or days[0] != first:
        raise NoCapacityError(
            f"{first:%b} {first.day}: a closed day breaks the {length} days of the course.",
            field="day",
        )
    return days


def add_visits(
    uow: UnitOfWork,
    visits: Sequence[NewVisit],
    *,
    status: AppointmentStatus,
    reason: str,
    now: Instant,
    actor: Actor,
) -> list[Appointment]:
    """Take all places and store the visits with their doses; the days of a course share its id.

    Raises:
        NoCapacityError: one of them has no place.
        AlreadyBookedError: the patient is elsewhere at one of these times.
    """
    target = visits[0].target
    places = [visit.place for visit in visits]
    require_future(places, facts_of(uow, target.center_id).slot_minutes, now)
    require_free(uow, target.patient, places)
    opened = open_days(uow, target.center_id, [place.starts_at for place in places])
    rows = [_row(uow, opened, visit) for visit in visits]
    _name_courses(visits, rows)
    for row in rows:
        row.status, row.override_reason = status, reason
        row.booked_at, row.booked_by = now, actor.name[:80]
    uow.add(*rows)
    uow.session.flush()
    uow.add(*(_item(row, visit) for row, visit in zip(rows, visits, strict=True)))
    for day in opened.days.values():
        day.store()
    return rows


def _row(uow: UnitOfWork, opened: OpenDays, visit: NewVisit) -> Appointment:
    place, target = visit.place, visit.target
    day, chair_key = take_place(uow, opened, place)
    row = Appointment(
        id=new_id(),
        center_id=target.center_id,
        clinic_day_id=day.row.id,
        patient_id=target.patient.id,
        patient_key=target.patient.key,
        chair_key=chair_key,
        pinned=place.chair_key is not None,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        chair_free_at=place.chair_free_at,
        footprint=footprints.written(place.profile),
    )
    day.row.fixed = day.row.fixed or row.pinned
    opened.stays[day.day].append(stay_row(row))
    return row


def _name_courses(visits: Sequence[NewVisit], rows: Sequence[Appointment]) -> None:
    first: dict[DoseId, AppointmentId] = {}
    for visit, row in zip(visits, rows, strict=True):
        if len(visit.target.doses) > 1:
            row.course_id = first.setdefault(visit.target.first.id, row.id)


def _item(row: Appointment, visit: NewVisit) -> AppointmentItem:
    return AppointmentItem(appointment_id=row.id, dose_id=visit.dose.id, live=True)


def noted(
    uow: UnitOfWork, rows: Sequence[Appointment], words: str, *, now: Instant, actor: Actor
) -> None:
    """Keep the change for undo, audit each visit, and settle the tasks that asked for a booking."""
    uow.session.flush()
    before: list[Kept] = [{"visit": row.id.hex, "version": row.version} for row in rows]
    note_change(uow, "booked", words, before, now=now, actor=actor)
    for row in rows:
        uow.audit(
            actor,
            "booked",
            "appointment",
            row.id,
            at=now,
            patient_id=row.patient_id,
            after=row.starts_at.isoformat(),
            reason=row.override_reason,
        )


def settle(uow: UnitOfWork, doses: Sequence[PlannedDose], *, now: Instant, actor: Actor) -> None:
    """Close the tasks that asked for a booking of these doses."""
    for kind, dose_id in appointments.wanted_bookings(uow, [dose.id for dose in doses]):
        settle_tasks(uow, kind, dose_id, TaskOutcome.BOOKED, now=now, actor=actor)


def _words(uow: UnitOfWork, rows: Sequence[Appointment]) -> str:
    at = local(rows[0].starts_at, facts_of(uow, rows[0].center_id).zone)
    days = f", {len(rows)} days" if len(rows) > 1 else ""
    return f"Visit booked for {at:%b} {at.day}, {at:%H:%M}{days}."
