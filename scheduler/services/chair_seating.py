"""Who sits where: a chair for a visit, others of the day moving only when there is no other way."""

from collections.abc import Iterable, Sequence

from scheduler.domain.assignment import Stay, place_one
from scheduler.domain.chairs import ChairFacts
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.refusals import Limit, Refusal
from scheduler.persistence import appointments
from scheduler.persistence.days import StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.days import LockedDay, stay_of

NEW = "new"


def seat(uow: UnitOfWork, day: LockedDay, stays: Iterable[StoredStay], new: Stay) -> int:
    """Return the chair's key for a visit, and re-assign others of the day where that is needed.

    Args:
        uow: The unit of work.
        day: The locked day.
        stays: Its other live visits.
        new: The visit; ``pinned`` when a person chose the chair.

    Raises:
        NoCapacityError: no chair is free for the whole visit.
    """
    published = day.row.published_at is not None
    others = [stay_of(day.facts, each, published) for each in stays]
    found = free_chair(day.frame.chairs, others, new)
    if found is not None:
        return found
    assignment = place_one(day.frame.chairs, others, new)
    if assignment is None:
        raise NoCapacityError(no_chair(day, new).sentence, field="starts_at")
    moves = {move.stay.id: move.chair for move in assignment.moves if move.stay.id != new.id}
    _reassign(uow, {AppointmentId(each): key for each, key in moves.items()})  # type: ignore[arg-type]  # visits
    return assignment.chair_of(new.id)


def no_chair(day: LockedDay, new: Stay) -> Refusal:
    """Return the refusal of a day that has room by numbers, but no chair for the whole visit."""
    slot = (new.begins - day.limits.grid.first) // day.limits.grid.slot_minutes
    return Refusal(limit=Limit.CHAIR_ASSIGNMENT, at=day.limits.grid.at(slot))


def free_chair(chairs: Sequence[ChairFacts], others: Sequence[Stay], new: Stay) -> int | None:
    """Return the snuggest chair that is free for a visit as everybody sits now, None when none is."""
    taken = {stay.current for stay in others if stay.overlaps(new)}
    free = [chair for chair in chairs if chair.key not in taken and new.suits(chair)]
    return min(free, key=lambda chair: _snugness(chair, others, new)).key if free else None


def _snugness(chair: ChairFacts, others: Sequence[Stay], new: Stay) -> tuple[bool, int, int]:
    before = [s.free_at for s in others if s.current == chair.key and s.free_at <= new.begins]
    spare = len(chair.offers - new.needs)
    return chair.key != new.current, spare, new.begins - max(before, default=0)


def _reassign(uow: UnitOfWork, chairs: dict[AppointmentId, int]) -> None:
    appointments.park(uow, chairs)
    appointments.reseat(uow, chairs)
