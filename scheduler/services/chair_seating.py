"""Who sits where: a chair for a visit, others of the day moving only when there is no other way."""

from collections.abc import Sequence
from datetime import timedelta

from scheduler.domain.assignment import Stay, place_one
from scheduler.domain.chairs import ChairFacts
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, ReservationId
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments, reservations
from scheduler.persistence.days import StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.days import LockedDay, Span, stay_of

NEW = "new"


def seat(
    uow: UnitOfWork, day: LockedDay, stays: Sequence[StoredStay], new: Stay, span: Span
) -> int:
    """Return the chair's key for a visit, and re-assign others of the day where that is needed.

    Args:
        uow: The unit of work.
        day: The locked day.
        stays: Its other live visits.
        new: The visit; ``pinned`` when a person chose the chair.
        span: When it begins and its chair is free again.

    Raises:
        NoCapacityError: no chair is free for the whole visit.
    """
    found = free_chair(day.frame.chairs, stays, new, span)
    if found is not None:
        return found
    published = day.row.published_at is not None
    others = [stay_of(day.facts, each, published) for each in stays]
    assignment = place_one(day.frame.chairs, others, new)
    if assignment is None:
        raise NoCapacityError(no_chair(day, new).sentence, field="starts_at")
    moves = {move.stay.id: move.chair for move in assignment.moves if move.stay.id != new.id}
    _reassign(uow, {stay.id: moves[stay.id] for stay in stays if stay.id in moves}, stays)
    return assignment.chair_of(new.id)


def no_chair(day: LockedDay, new: Stay) -> Refusal:
    """Return the refusal of a day that has room by numbers, but no chair for the whole visit."""
    slot = (new.begins - day.limits.grid.first) // day.limits.grid.slot_minutes
    return Refusal(limit=Limit.CHAIR_ASSIGNMENT, at=day.limits.grid.at(slot))


def free_chair(
    chairs: Sequence[ChairFacts], stays: Sequence[StoredStay], new: Stay, span: Span
) -> int | None:
    """Return the snuggest chair that is free for a visit as everybody sits now, None when none is."""
    begins, free_at = span
    taken = {s.chair_key for s in stays if s.starts_at < free_at and begins < s.chair_free_at}
    free = [chair for chair in chairs if chair.key not in taken and new.suits(chair)]
    if not free:
        return None
    before = sorted((s.chair_free_at, s.chair_key) for s in stays if s.chair_free_at <= begins)
    left = {key: free_at for free_at, key in before}
    return min(free, key=lambda chair: _snugness(chair, new, begins, left.get(chair.key))).key


def _snugness(
    chair: ChairFacts, new: Stay, begins: Instant, left: Instant | None
) -> tuple[bool, int, timedelta]:
    empty = begins - left if left else timedelta.max
    return chair.key != new.current, len(chair.offers - new.needs), empty


def _reassign(
    uow: UnitOfWork, chairs: dict[AppointmentId, int], stays: Sequence[StoredStay]
) -> None:
    only_kept = {stay.id for stay in stays if stay.kept_until is not None}
    visits = {each: key for each, key in chairs.items() if each not in only_kept}
    appointments.park(uow, visits)
    appointments.reseat(uow, visits)
    places = {ReservationId(each): key for each, key in chairs.items() if each in only_kept}
    reservations.reseat(uow, places)
