"""Who sits where: exact chair assignment of one day, moving as few announced places as possible."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.chairs import ChairFacts
from scheduler.domain.seating import Rebuild, Room, Search, squeeze_in
from scheduler.domain.stays import Stay

__all__ = ["Assignment", "Seat", "Seating", "Stay", "assign", "place_one"]

MOST_MOVES = 3
"""Moves of announced places that are searched for exactly; beyond, the day is seated anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A stay and its chair."""

    stay: Stay
    chair: int

    @property
    def moved(self) -> bool:
        """Whether the stay had another chair before."""
        return self.stay.current is not None and self.stay.current != self.chair


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A chair for every stay of the day, in the order given."""

    seats: tuple[Seat, ...]

    @property
    def moves(self) -> tuple[Seat, ...]:
        """The seats that differ from the stay's current chair."""
        return tuple(seat for seat in self.seats if seat.moved)

    def chair_of(self, stay_id: object) -> int:
        """Return the chair's key of a stay."""
        return next(seat.chair for seat in self.seats if seat.stay.id == stay_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """The chairs of a day and the stays that are booked on it."""

    chairs: tuple[ChairFacts, ...]
    stays: tuple[Stay, ...] = ()


def assign(chairs: Sequence[ChairFacts], stays: Sequence[Stay]) -> Assignment | None:
    """Return a chair for every stay, or None when there is no way.

    Never two stays in one chair at once, needs met, pinned and fixed stays where they are;
    as few stays as possible leave their current chair. A pin outweighs needs, a fixed stay
    everything: a person decided.
    """
    room = Room(chairs, stays)
    pending = None if room.overbooked() else room.keep_current()
    if pending is None:
        return None
    movable = len(room.seat_of.keys() - room.locked)
    for moves in range(min(MOST_MOVES, movable) + 1):
        if Search(room).seat(pending, moves):
            return _assignment(room)
    if squeeze_in(room, pending, MOST_MOVES) or Rebuild(room).run():
        return _assignment(room)
    return None


def place_one(chairs: Sequence[ChairFacts], stays: Sequence[Stay], new: Stay) -> Assignment | None:
    """Return an assignment with ``new`` seated; others move only when there is no other way."""
    return assign(chairs, (*stays, new))


def _assignment(room: Room) -> Assignment:
    return Assignment(
        seats=tuple(
            Seat(stay=stay, chair=room.chairs[room.seat_of[index]].key)
            for index, stay in enumerate(room.stays)
        )
    )
