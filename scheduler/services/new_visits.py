"""New visits: places taken, rows and items stored, courses named, tasks settled, the change kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.appointments import AppointmentStatus, ItemKind
from scheduler.domain.dates import open_days_with_gaps, run_of_days
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, CenterId, DoseId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, instant_at, local
from scheduler.persistence import appointments, reservations
from scheduler.persistence.base import new_id
from scheduler.persistence.models import Appointment, Patient, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.bookable import Bookable
from scheduler.services.calendars import open_days as calendar_of
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, note_change
from scheduler.services.floors import regimen_in_force
from scheduler.services.visit_places import (
    OpenDays,
    Place,
    give_back,
    open_days,
    require_free,
    require_future,
    stay_row,
    take_place,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What a new visit is for."""

    kind: ItemKind = ItemKind.DOSE
    dose_id: DoseId | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewVisit:
    """A visit to be made; ``course`` is the first dose of the course it belongs to."""

    center_id: CenterId
    patient: Patient
    place: Place
    items: tuple[NewItem, ...]
    course: DoseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """Visits whose places are taken in locked days, with the rows that are to be stored."""

    opened: OpenDays
    visits: Sequence[NewVisit]
    rows: list[Appointment]


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
        NewVisit(
            center_id=target.center_id,
            patient=target.patient,
            place=Place(starts_at=start, profile=profile),
            items=_for(target, dose),
            course=target.first.id if len(target.doses) > 1 else None,
        )
        for dose, start, profile in zip(target.doses, starts, profiles, strict=True)
    ]


def _for(target: Bookable, dose: PlannedDose) -> tuple[NewItem, ...]:
    shared = (dose, *(other.first for other in target.others))
    return tuple(NewItem(dose_id=each.id) for each in shared)


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
    places = [visit.place for visit in visits]
    require_future(places, facts_of(uow, visits[0].center_id).slot_minutes, now)
    require_free(uow, visits[0].patient, places)
    placed = take_places(uow, visits, status=status, reason=reason, now=now, actor=actor)
    uow.add(*placed.rows)
    uow.session.flush()
    _store(uow, placed)
    return placed.rows


def take_places(
    uow: UnitOfWork,
    visits: Sequence[NewVisit],
    *,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
    reason: str = "",
    now: Instant,
    actor: Actor,
) -> Placed:
    """Take the places of visits, and return their rows before they are stored.

    Raises:
        NoCapacityError: one of them has no place.
    """
    opened = _opened(uow, visits[0].center_id, visits, now=now)
    rows = [_row(uow, opened, visit) for visit in visits]
    _name_courses(visits, rows)
    for row in rows:
        row.status, row.override_reason = status, reason
        row.booked_at, row.booked_by = now, actor.name[:80]
    return Placed(opened=opened, visits=visits, rows=rows)


def store_series(uow: UnitOfWork, placed: Placed) -> None:
    """Store many visits in one statement; the session does not keep their rows, so nobody changes them."""
    appointments.add_series(uow, placed.rows)
    _store(uow, placed)


def _store(uow: UnitOfWork, placed: Placed) -> None:
    """Store what the visits are for, and what their days use now."""
    pairs = zip(placed.rows, placed.visits, strict=True)
    appointments.add_items(uow, [item for pair in pairs for item in _items(*pair)])
    for day in placed.opened.days.values():
        day.store()


def _opened(
    uow: UnitOfWork, center_id: CenterId, visits: Sequence[NewVisit], *, now: Instant
) -> OpenDays:
    """Lock the days of the visits, and give back what was kept for their doses."""
    kept = reservations.of_doses(uow, [i.dose_id for v in visits for i in v.items if i.dose_id])
    starts = [visit.place.starts_at for visit in visits]
    opened = open_days(uow, center_id, [*starts, *(row.starts_at for row in kept)])
    give_back(uow, opened, kept, now=now)
    return opened


def _row(uow: UnitOfWork, opened: OpenDays, visit: NewVisit) -> Appointment:
    place = visit.place
    day, chair_key = take_place(uow, opened, place)
    row = Appointment(
        id=new_id(),
        center_id=visit.center_id,
        clinic_day_id=day.row.id,
        patient_id=visit.patient.id,
        patient_key=visit.patient.key,
        chair_key=chair_key,
        pinned=place.chair_key is not None,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        chair_free_at=place.chair_free_at,
        footprint=footprints.written(place.profile),
    )
    day.row.fixed = day.row.fixed or row.pinned or bool(place.profile.needs)
    opened.stays[day.day].append(stay_row(row))
    return row


def _name_courses(visits: Sequence[NewVisit], rows: Sequence[Appointment]) -> None:
    first: dict[DoseId, AppointmentId] = {}
    for visit, row in zip(visits, rows, strict=True):
        if visit.course is not None:
            row.course_id = first.setdefault(visit.course, row.id)


def _items(row: Appointment, visit: NewVisit) -> list[dict[str, object]]:
    return [
        {"appointment_id": row.id, "kind": item.kind, "dose_id": item.dose_id, "words": item.words}
        for item in visit.items
    ]


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


def booked_words(uow: UnitOfWork, rows: Sequence[Appointment]) -> str:
    """Return what the undo bar says of a booking."""
    at = local(rows[0].starts_at, facts_of(uow, rows[0].center_id).zone)
    days = f", {len(rows)} days" if len(rows) > 1 else ""
    return f"Visit booked for {at:%b} {at.day}, {at:%-H:%M}{days}."
