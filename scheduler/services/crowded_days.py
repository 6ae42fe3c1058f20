"""Days whose visits no longer fit: closed, outside the hours, over capacity, or in a chair out of service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.assignment import assign
from scheduler.domain.capacity import from_slot, over_capacity, refuse_hours
from scheduler.domain.grid import slot_after
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.stays import Stay
from scheduler.domain.timing import Instant, local_day, local_time
from scheduler.persistence import days as stored
from scheduler.persistence.days import StoredDay, StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.day_frames import (
    Frame,
    counted,
    frame_on,
    load_from,
    profile_of,
    slot_of,
)
from scheduler.services.days import stay_of, stays_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrowdedDay:
    """A day on which something no longer fits.

    Args:
        day: Which.
        frame: What it allows.
        stays: Its live visits.
        cannot_stay: Why, for each visit that cannot stay.
        over: By what the day is over capacity, one refusal a measure.
        chairs: Visits that only need another chair at the same time; nobody has to be told.
    """

    day: date
    frame: Frame
    stays: tuple[StoredStay, ...]
    cannot_stay: dict[AppointmentId, Refusal]
    over: tuple[Refusal, ...]
    chairs: tuple[AppointmentId, ...]


def crowded_days(
    uow: UnitOfWork, center_id: CenterId, days: Iterable[date], *, now: Instant
) -> tuple[CrowdedDay, ...]:
    """Return those of these days, from today on, that need a person."""
    facts = facts_of(uow, center_id)
    today = local_day(now, facts.zone)
    rows = stored.stored_days(uow, center_id, sorted(day for day in set(days) if day >= today))
    stays = stays_of(uow, facts, [row.day for row in rows])
    begun = {today: local_time(now, facts.zone)}
    found = [
        _looked_at(facts, row, stays[row.day], begun.get(row.day)) for row in rows if stays[row.day]
    ]
    return tuple(each for each in found if each.cannot_stay or each.over or each.chairs)


def _looked_at(
    facts: CenterFacts, row: StoredDay, stays: Sequence[StoredStay], since: time | None
) -> CrowdedDay:
    frame = frame_on(facts, row, row.day)
    if frame is None:  # stored with visits, yet no hours ever: nothing can be said but "closed"
        raise AssertionError("a stored day has the slots it was stored with")
    cannot = {
        stay.id: refusal
        for stay in stays
        if _can_leave(stay) and (refusal := _refusal(facts, frame, stay))
    }
    load = load_from(frame, row, counted(facts, frame.limits.grid, stays))
    if since is not None:
        load = from_slot(load, frame.limits, slot_after(frame.limits.grid, since))
    published = row.published_at is not None
    chairs = [] if frame.closed else out_of_service(facts, frame, stays, published)
    here = [stay for stay in stays if stay.id not in cannot]
    unseated = _unseated(facts, row, frame, here, chairs)
    cannot |= {stay.id: _no_chair(facts, stay) for stay in unseated}
    return CrowdedDay(
        day=row.day,
        frame=frame,
        stays=tuple(stays),
        cannot_stay=cannot,
        over=() if frame.closed else over_capacity(load, frame.limits),
        chairs=tuple(stay.id for stay in chairs if stay.id not in cannot),
    )


def _can_leave(stay: StoredStay) -> bool:
    """Say whether it is a visit that has not begun, and no place kept for somebody on the phone."""
    return stay.arrived_at is None and stay.kept_until is None


def _refusal(facts: CenterFacts, frame: Frame, stay: StoredStay) -> Refusal | None:
    if frame.closed:
        at = local_time(stay.starts_at, facts.zone)
        return Refusal(limit=Limit.CLOSED, at=at, detail=frame.closed)
    return refuse_hours(frame.limits, profile_of(stay), slot_of(facts, frame.limits.grid, stay))


def _no_chair(facts: CenterFacts, stay: StoredStay) -> Refusal:
    return Refusal(limit=Limit.CHAIR_ASSIGNMENT, at=local_time(stay.starts_at, facts.zone))


def out_of_service(
    facts: CenterFacts,
    frame: Frame,
    stays: Sequence[StoredStay],
    published: bool,  # noqa: FBT001 - a fact of the day
) -> list[StoredStay]:
    """Return the visits to come that sit in a chair while it is out of service."""
    chairs = {chair.key: chair for chair in frame.chairs}
    found = []
    for stay in stays:
        seen = stay_of(facts, stay, published)
        chair = chairs.get(stay.chair_key)
        broken = chair is not None and not chair.in_service(seen.begins, seen.free_at)
        if broken and _can_leave(stay):
            found.append(stay)
    return found


def _unseated(
    facts: CenterFacts,
    row: StoredDay,
    frame: Frame,
    stays: Sequence[StoredStay],
    leaving: Sequence[StoredStay],
) -> list[StoredStay]:
    """Return which of the visits that leave their chair find no other one at the same time."""
    ids, published = {stay.id for stay in leaving}, row.published_at is not None
    seated = [loosened(facts, stay, published, ids) for stay in stays if stay.id not in ids]
    without = []
    for stay in leaving:
        seen = loosened(facts, stay, published, ids)
        if assign(frame.chairs, [*seated, seen]) is None:
            without.append(stay)
        else:
            seated.append(seen)
    return without


def loosened(
    facts: CenterFacts,
    stay: StoredStay,
    published: bool,  # noqa: FBT001 - a fact of the day
    leaving: set[AppointmentId],
) -> Stay:
    """Return a visit as chair assignment sees it; who has to leave a chair may sit anywhere."""
    seen = stay_of(facts, stay, published)
    if stay.id not in leaving:
        return seen
    return Stay(id=seen.id, begins=seen.begins, free_at=seen.free_at, needs=seen.needs)
