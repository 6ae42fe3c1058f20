"""Clinic days: reading what they use and allow, locking them, and taking or giving back a place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scheduler.domain.assignment import Seating, Stay
from scheduler.domain.capacity import DayLimits, DayLoad, over_capacity, place, remove
from scheduler.domain.chairs import ChairNeed
from scheduler.domain.curve import CurvePoint, curve
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.grid import CHAIRS, slot_after
from scheduler.domain.hours import Closed
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.refusals import Refusal
from scheduler.domain.timing import Instant, local, local_day, local_time, minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState
from scheduler.persistence import days as stored
from scheduler.persistence.days import NewDay, StoredDay, StoredStay
from scheduler.persistence.models import ClinicDay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of, setup_on
from scheduler.services.day_frames import (
    Frame,
    counted,
    frame_on,
    is_counted_otherwise,
    load_from,
    profile_of,
)

Span = tuple[Instant, Instant]


@dataclass(slots=True, kw_only=True, eq=False)
class LockedDay:
    """A clinic day that nobody else can change until this transaction ends.

    Args:
        day: The day.
        row: Its row.
        facts: The center's settings.
        frame: What it allows.
        load: What it uses; changed by ``take`` and ``give_back``, written by ``store``.
    """

    day: date
    row: ClinicDay
    facts: CenterFacts
    frame: Frame
    load: DayLoad

    @property
    def limits(self) -> DayLimits:
        """What the day allows."""
        return self.frame.limits

    def slot_at(self, starts_at: Instant) -> int:
        """Return the slot that begins at an instant.

        Raises:
            OffGridError: none does.
        """
        return self.limits.slot_at(local_time(starts_at, self.facts.zone))

    def slot_in(self, starts_at: Instant) -> int:
        """Return the slot that an instant lies in; before or after the day, its first or last."""
        grid = self.limits.grid
        begins = minute_of(local_time(starts_at, self.facts.zone))
        return min(max(0, (begins - grid.first) // grid.slot_minutes), grid.slots - 1)

    def take(self, profile: VisitProfile, slot: int) -> None:
        """Count a visit."""
        self.load = place(self.load, self.limits, profile, slot)

    def give_back(self, profile: VisitProfile, slot: int) -> None:
        """Take a visit out of the counts."""
        self.load = remove(self.load, self.limits, profile, slot)

    def store(self) -> None:
        """Write what is used, and raise the revision, since the board shows something else now."""
        self.row.slot_minutes = self.limits.grid.slot_minutes
        self.row.first_slot = self.limits.grid.first
        self.row.layout = self.frame.layout_text
        self.row.occupancy = self.load.to_bytes()
        self.row.revision += 1


def setup_of(uow: UnitOfWork, center_id: CenterId, day: date) -> DaySetup | Closed:
    """Return what a center has on a day, or that it is closed and why."""
    facts = facts_of(uow, center_id)
    hours = facts.hours(day)
    return hours if isinstance(hours, Closed) else setup_on(facts, day, hours)


def lock_days(uow: UnitOfWork, center_id: CenterId, days: Iterable[date]) -> dict[date, LockedDay]:
    """Return clinic days with their rows locked, ascending; days not stored yet are added empty.

    Raises:
        NoCapacityError: a day on which the center never is open, and nothing was booked.
    """
    facts = facts_of(uow, center_id)
    wanted = {day: _new(facts, day) for day in sorted(set(days))}
    return {day: _open(uow, facts, row) for day, row in stored.lock(uow, center_id, wanted).items()}


def lock_day(uow: UnitOfWork, center_id: CenterId, day: date) -> LockedDay:
    """Return one clinic day with its row locked.

    Raises:
        NoCapacityError: as ``lock_days``.
    """
    return lock_days(uow, center_id, [day])[day]


def _new(facts: CenterFacts, day: date) -> NewDay:
    frame = frame_on(facts, None, day)
    if frame is None:
        return NewDay(slot_minutes=facts.slot_minutes, first_slot=0, layout="")
    grid = frame.limits.grid
    return NewDay(slot_minutes=grid.slot_minutes, first_slot=grid.first, layout=frame.layout_text)


def _open(uow: UnitOfWork, facts: CenterFacts, row: ClinicDay) -> LockedDay:
    frame = frame_on(facts, row, row.day)
    if frame is None:
        hours = facts.hours(row.day)
        reason = hours.reason if isinstance(hours, Closed) else "no opening hours are set"
        raise NoCapacityError(
            f"{row.day:%b} {row.day.day}: The center is closed: {reason}.", field="day"
        )
    visits: Sequence[tuple[VisitProfile, int]] = ()
    if is_counted_otherwise(frame, row):
        visits = counted(facts, frame.limits.grid, stored.stays(uow, facts.id, [row.day]))
    return LockedDay(
        day=row.day, row=row, facts=facts, frame=frame, load=load_from(frame, row, visits)
    )


def day_states(
    uow: UnitOfWork,
    center_id: CenterId,
    days: Iterable[date],
    *,
    without: Iterable[AppointmentId] = (),
    needs: Iterable[ChairNeed] = (),
    now: Instant | None = None,
) -> dict[date, DayState]:
    """Return the open days among these as offers see them: one query for all that is stored.

    Visits are read only of days with chairs that are not interchangeable any more.

    Args:
        uow: The unit of work.
        center_id: Whose days.
        days: Which days.
        without: Visits that are about to move, and do not count.
        needs: What the visit asks of a chair: with any, counts alone are not enough on any day.
        now: Starts before it are not offered.
    """
    facts, asked = facts_of(uow, center_id), sorted(set(days))
    rows = {row.day: row for row in stored.stored_days(uow, center_id, asked)}
    frames = {day: frame_on(facts, rows.get(day), day) for day in asked}
    known = {day: frame for day, frame in frames.items() if frame and not frame.closed}
    gone, particular = set(without), bool(list(needs))
    today = local_day(now, facts.zone) if now else date.min
    exact = [
        day
        for day, frame in known.items()
        if gone or particular or _is_exact(frame, rows.get(day), day, today)
    ]
    stays = stays_of(uow, facts, [day for day in exact if day in rows])
    states = {
        day: _state(facts, frame, rows.get(day), day, stays=stays.get(day), gone=gone)
        for day, frame in known.items()
    }
    if now and today in states:
        states[today] = _from_now_on(states[today], now, facts)
    return states


def _is_exact(frame: Frame, row: StoredDay | None, day: date, today: date) -> bool:
    """Say whether counts are not enough: pins, published or arrived visits, chairs out of service."""
    if row is None:
        return False
    if is_counted_otherwise(frame, row) or row.fixed or row.published_at or day == today:
        return True
    return any(chair.out_of_service for chair in frame.chairs)


def stays_of(
    uow: UnitOfWork, facts: CenterFacts, days: Sequence[date]
) -> dict[date, list[StoredStay]]:
    """Return the live visits of days, by day."""
    found: dict[date, list[StoredStay]] = defaultdict(list, {day: [] for day in days})
    for stay in stored.stays(uow, facts.id, days):
        found[local_day(stay.starts_at, facts.zone)].append(stay)
    return found


def _state(
    facts: CenterFacts,
    frame: Frame,
    row: StoredDay | None,
    day: date,
    *,
    stays: list[StoredStay] | None,
    gone: set[AppointmentId],
) -> DayState:
    if stays is None:
        return DayState(day=day, limits=frame.limits, load=load_from(frame, row, ()))
    load = load_from(frame, row, counted(facts, frame.limits.grid, stays))
    for profile, slot in counted(
        facts, frame.limits.grid, [stay for stay in stays if stay.id in gone]
    ):
        load = remove(load, frame.limits, profile, slot)
    left = [stay for stay in stays if stay.id not in gone]
    published = row is not None and row.published_at is not None
    seating = Seating(
        chairs=frame.chairs, stays=tuple(stay_of(facts, stay, published) for stay in left)
    )
    return DayState(day=day, limits=frame.limits, load=load, seating=seating)


def stay_of(facts: CenterFacts, stay: StoredStay, published: bool) -> Stay:  # noqa: FBT001 - a fact of the day
    """Return a stored visit as chair assignment sees it."""
    begins = minute_of(local_time(stay.starts_at, facts.zone))
    minutes = int((stay.chair_free_at - stay.starts_at).total_seconds() // 60)
    return Stay(
        id=stay.id,
        begins=begins,
        free_at=begins + minutes,
        needs=profile_of(stay).needs,
        pinned=stay.chair_key if stay.pinned else None,
        current=stay.chair_key,
        fixed=published or stay.arrived_at is not None,
    )


def _from_now_on(state: DayState, now: Instant, facts: CenterFacts) -> DayState:
    """Return today with the slots that have begun taken."""
    begun = slot_after(state.limits.grid, local(now, facts.zone).time())
    counts = state.load.counts.copy()
    row = state.limits.layout.row(CHAIRS)
    counts[row, :begun] = np.maximum(counts[row, :begun], state.limits.allowed[row, :begun])
    return DayState(
        day=state.day, limits=state.limits, load=DayLoad(counts=counts), seating=state.seating
    )


def day_curve(uow: UnitOfWork, center_id: CenterId, day: date) -> tuple[CurvePoint, ...]:
    """Return the curve under the board: what each slot of a day uses and allows; empty when closed."""
    found = _looked_at(uow, center_id, day)
    return curve(*found) if found else ()


def day_over(uow: UnitOfWork, center_id: CenterId, day: date) -> tuple[Refusal, ...]:
    """Return by what a day is over capacity (a nurse called in sick); empty when it is not."""
    found = _looked_at(uow, center_id, day)
    return over_capacity(*found) if found else ()


def _looked_at(uow: UnitOfWork, center_id: CenterId, day: date) -> tuple[DayLoad, DayLimits] | None:
    with uow:
        facts = facts_of(uow, center_id)
        rows = stored.stored_days(uow, center_id, [day])
        row = rows[0] if rows else None
        frame = frame_on(facts, row, day)
        if frame is None:
            return None
        again = is_counted_otherwise(frame, row)
        stays = stays_of(uow, facts, [day])[day] if again else []
        return load_from(frame, row, counted(facts, frame.limits.grid, stays)), frame.limits
