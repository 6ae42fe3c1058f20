"""Putting visits into locked clinic days and taking them out: counts, chairs and rows together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.domain.assignment import Stay
from scheduler.domain.capacity import DayLoad, refuse
from scheduler.domain.errors import AlreadyBookedError, InvalidError, NoCapacityError
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local, local_day, local_time, minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.persistence import appointments as stored
from scheduler.persistence.days import StoredStay
from scheduler.persistence.models import Appointment, Patient, Reservation
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.center_facts import facts_of
from scheduler.services.chair_seating import seat
from scheduler.services.days import LockedDay, lock_days, stays_of
from scheduler.services.kept_words import kept_words
from scheduler.services.why_not import refused

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a visit is to go.

    Args:
        starts_at: When.
        profile: What it takes.
        chair_key: The chair that a person chose; None lets the day decide.
        exceed_nurses: A charge nurse exceeds nurse limits, with a reason.
        visit: The visit that moves there; None for a new one.
        current: The chair that it would rather have again.
    """

    starts_at: Instant
    profile: VisitProfile
    chair_key: int | None = None
    exceed_nurses: bool = False
    visit: AppointmentId | None = None
    current: int | None = None

    @property
    def ends_at(self) -> Instant:
        """When the patient can go home."""
        return self.starts_at + timedelta(minutes=self.profile.chair_minutes)

    @property
    def chair_free_at(self) -> Instant:
        """When the chair is clean."""
        return self.starts_at + timedelta(minutes=self.profile.occupied_minutes)


@dataclass(slots=True, kw_only=True, eq=False)
class OpenDays:
    """Locked days with the live visits on them.

    Args:
        days: The days.
        stays: Their visits; those that left are gone.
        before: What a day used before something left it: what is over capacity already may stay so.
    """

    days: dict[date, LockedDay]
    stays: dict[date, list[StoredStay]]
    before: dict[date, DayLoad] = field(default_factory=dict)


def open_days(uow: UnitOfWork, center_id: CenterId, instants: Iterable[Instant]) -> OpenDays:
    """Lock the days of these instants, ascending, and read their visits."""
    facts = facts_of(uow, center_id)
    return open_clinic_days(uow, center_id, {local_day(at, facts.zone) for at in instants})


def open_clinic_days(uow: UnitOfWork, center_id: CenterId, days: Iterable[date]) -> OpenDays:
    """Lock these days, ascending, and read their visits."""
    wanted = sorted(set(days))
    locked = lock_days(uow, center_id, wanted)
    return OpenDays(days=locked, stays=stays_of(uow, facts_of(uow, center_id), wanted))


def exceeds_nurses(actor: Actor, reason: str) -> bool:
    """Say whether nurse limits are exceeded, which needs the role and a typed reason.

    Raises:
        NotAllowedError: a reason, but not the role.
    """
    if not reason.strip():
        return False
    actor.require(Permission.EXCEED_NURSE_LIMITS)
    return True


def require_free(
    uow: UnitOfWork, patient: Patient, places: Sequence[Place], *, but: Iterable[AppointmentId] = ()
) -> None:
    """Refuse a patient who would be in two places at once.

    Raises:
        AlreadyBookedError: says when the other visit is.
    """
    first = min(place.starts_at for place in places) - LONGEST
    last = max(place.ends_at for place in places)
    gone = set(but)
    for visit_id, starts_at, ends_at in stored.live_of(uow, patient.id, first, last):
        clash = any(p.starts_at < ends_at and starts_at < p.ends_at for p in places)
        if clash and visit_id not in gone:
            raise AlreadyBookedError(
                "The patient has another visit at that time.", field="starts_at"
            )


def require_future(places: Iterable[Place], minutes: int, now: Instant) -> None:
    """Refuse a start that has passed; the slot that is running is still bookable.

    Raises:
        InvalidError: names the field.
    """
    if any(place.starts_at + timedelta(minutes=minutes) <= now for place in places):
        raise InvalidError("This time has passed; choose a later one.", field="starts_at")


def take_place(uow: UnitOfWork, opened: OpenDays, place: Place) -> tuple[LockedDay, int]:
    """Count a visit in its day and return the day and the key of a chair for it.

    Raises:
        NoCapacityError: the center is closed, or hours, IV starts, chairs, nurse load or mixing refuse.
        OffGridError: not the start of a slot.
    """
    day, slot = require_room(opened, place)
    key = _chair(uow, opened, day, place)
    day.take(place.profile, slot)
    return day, key


def require_room(opened: OpenDays, place: Place) -> tuple[LockedDay, int]:
    """Return the day and slot of a place that the counts of its day allow; takes nothing.

    Raises:
        NoCapacityError, OffGridError: as ``take_place``, chairs one by one left aside.
    """
    facts = next(iter(opened.days.values())).facts
    day = opened.days[local_day(place.starts_at, facts.zone)]
    at = local_time(place.starts_at, facts.zone)
    if day.frame.closed:
        closed = Refusal(limit=Limit.CLOSED, at=at, detail=day.frame.closed)
        raise NoCapacityError(refused(day.day, at, closed), field="day")
    limits = day.limits.without_nurse_limits() if place.exceed_nurses else day.limits
    if day.day in opened.before:
        limits = limits.tolerating(opened.before[day.day])
    slot = day.slot_at(place.starts_at)
    refusal = refuse(day.load, limits, place.profile, slot)
    if refusal is not None:
        held = [stay for stay in opened.stays[day.day] if stay.kept_until is not None]
        kept = kept_words(day.facts, day.limits, day.load, held, (place.profile, slot))
        raise NoCapacityError(f"{refused(day.day, at, refusal)}{kept}", field="starts_at")
    return day, slot


def _chair(uow: UnitOfWork, opened: OpenDays, day: LockedDay, place: Place) -> int:
    begins = minute_of(local_time(place.starts_at, day.facts.zone))
    new = Stay(
        id=place.visit or "new",
        begins=begins,
        free_at=begins + place.profile.occupied_minutes,
        needs=place.profile.needs,
        pinned=place.chair_key,
        current=place.current,
    )
    others = [stay for stay in opened.stays[day.day] if stay.id != place.visit]
    try:
        return seat(uow, day, others, new, (place.starts_at, place.chair_free_at))
    except NoCapacityError as refusal:
        at = local(place.starts_at, day.facts.zone)
        words = f"{at:%b} {at.day}, {at:%-H:%M}: {refusal}"
        raise NoCapacityError(words, field=refusal.field) from None


def leave_place(opened: OpenDays, visit: Appointment) -> LockedDay:
    """Take a visit out of the counts of its day, exactly as it was counted."""
    facts = next(iter(opened.days.values())).facts
    day = opened.days[local_day(visit.starts_at, facts.zone)]
    opened.before.setdefault(day.day, day.load)
    day.give_back(profile_of(visit), day.slot_in(visit.starts_at))
    opened.stays[day.day] = [stay for stay in opened.stays[day.day] if stay.id != visit.id]
    return day


def give_back(
    uow: UnitOfWork, opened: OpenDays, places: Sequence[Reservation], *, now: Instant
) -> None:
    """Take kept places out of the counts of their locked days, exactly as they were counted.

    They were found before the days were locked, so each is read again: another desk, or the worker,
    may have given it back meanwhile.
    """
    facts = next(iter(opened.days.values())).facts
    for place in places:
        uow.session.refresh(place)
        if place.released_at is not None:
            continue
        day = opened.days[local_day(place.starts_at, facts.zone)]
        day.give_back(footprints.read(place.footprint), day.slot_in(place.starts_at))
        opened.stays[day.day] = [stay for stay in opened.stays[day.day] if stay.id != place.id]
        place.released_at = now


def profile_of(visit: Appointment) -> VisitProfile:
    """Return a visit's profile as it was counted."""
    minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    return footprints.read(visit.footprint, 0 if visit.footprint else minutes)


def stay_row(visit: Appointment) -> StoredStay:
    """Return a visit that was just placed as one of its day's stays."""
    return StoredStay(
        id=visit.id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        chair_free_at=visit.chair_free_at,
        chair_key=visit.chair_key,
        pinned=visit.pinned,
        arrived_at=visit.arrived_at,
        footprint=visit.footprint,
    )
