"""Who sits where: exact chair assignment of one day, moving as few announced places as possible."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.chairs import ChairFacts, ChairNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One visit in want of a chair, in minutes after midnight on the center's clock.

    Args:
        id: Anything that names the visit, a UUID's text or an appointment id.
        begins: When the patient sits down.
        free_at: When the chair is clean again (``chair_free_at``), not included.
        needs: What the place must offer.
        pinned: The key of the chair that a person chose.
        current: The key of the chair that it has now.
        fixed: It stays in ``current`` whatever happens (arrived, published).
    """

    id: object
    begins: int
    free_at: int
    needs: frozenset[ChairNeed] = frozenset()
    pinned: int | None = None
    current: int | None = None
    fixed: bool = False


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
    as few stays as possible leave their current chair.
    """
    raise NotImplementedError


def place_one(chairs: Sequence[ChairFacts], stays: Sequence[Stay], new: Stay) -> Assignment | None:
    """Return an assignment with ``new`` seated; others move only when there is no other way."""
    raise NotImplementedError
