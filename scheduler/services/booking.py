"""Booking a dose, or a course as one: a place in the clinic day, a chair, and the message owed for it."""

from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import InvalidError, NoCapacityError
from scheduler.domain.ids import AppointmentId, ChairId, DoseId
from scheduler.domain.people import Viewed
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, instant_at, local_day
from scheduler.persistence import centers, patients
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import status_on
from scheduler.services.bookable import Bookable
from scheduler.services.booking_days import require_day
from scheduler.services.booking_other import BookOther, book_other
from scheduler.services.booking_series import (
    BookSeries,
    SeriesBooked,
    SeriesMode,
    SeriesRefusedError,
    book_series,
    preview_series,
)
from scheduler.services.center_facts import facts_of
from scheduler.services.due_together import bookable_together
from scheduler.services.idempotency import answered, remember
from scheduler.services.looks import note_told_again
from scheduler.services.new_visits import add_visits, booked_words, noted, visits_of
from scheduler.services.next_offers import with_offers
from scheduler.services.notices import owe_booked
from scheduler.services.series_proposal import SeriesLine
from scheduler.services.visit_places import (
    exceeds_nurses,
)
from scheduler.services.visit_reading import VisitRead, read_visit, visit_read
from scheduler.services.wanted_bookings import answer_wanted

__all__ = [
    "BookDose",
    "BookOther",
    "BookSeries",
    "SeriesBooked",
    "SeriesLine",
    "SeriesMode",
    "SeriesRefusedError",
    "book_dose",
    "book_other",
    "book_series",
    "preview_series",
]


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
        together: Further doses of the patient that share the visit.
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
    together: tuple[DoseId, ...] = ()


def book_dose(uow: UnitOfWork, request: BookDose, *, now: Instant, actor: Actor) -> VisitRead:
    """Book a planned dose: take a place in the clinic day and owe the confirmation.

    Locks the patient, then the clinic days in ascending order, so that two desks never decide on the
    same facts.

    Returns:
        The new visit; of a course, the first day's.

    Raises:
        NoCapacityError: hours, chairs, IV starts, nurse load or mixing refuse; says which, and carries
            the next offers.
        TooEarlyError: before the dose's not-before; says from when.
        OutsideWindowError: outside the window without role and reason.
        AlreadyBookedError: the dose is booked, or the patient is elsewhere at that time.
        NotBookableError: plan, patient or dose take no booking.
        NotAuthorizedError: no prior authorization holds, and the organization refuses that.
    """
    actor.require(Permission.BOOK)
    with uow:
        known = answered_under_lock(uow, request)
        if known is not None:
            told = read_visit(uow, AppointmentId(UUID(known)))
            note_told_again(uow, Viewed.VISIT, told.id, now=now, actor=actor)
            return told
        target = bookable_together(uow, request.dose_id, request.together, lock=True)
        rows = _book(uow, target, request, now=now, actor=actor)
        owe_booked(uow, rows[0], now=now, dose=target.told)
        noted(uow, rows, booked_words(uow, rows), now=now, actor=actor)
        others = [other.first.id for other in target.others]
        doses = [*(dose.id for dose in target.doses), *others]
        answer_wanted(uow, doses, now=now, actor=actor)
        remember(uow, request.idempotency_key, request, rows[0].id.hex, now=now)
        made = visit_read(uow, rows[0], [target.first.id, *others])
        uow.commit()
        return made


def answered_under_lock(uow: UnitOfWork, request: BookDose) -> str | None:
    """Return what the request's key was answered with; two presses at once wait for each other."""
    if not request.idempotency_key:
        return None
    if uow.is_postgresql:
        patients.lock_patient_of(uow, request.dose_id)
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
    status, why = status_on(uow, target, day)
    status = AppointmentStatus.PENDING if request.tentative else status
    reason = "; ".join(part for part in (override, request.override_reason.strip(), why) if part)
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
