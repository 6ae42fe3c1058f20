"""Places for many visits of one day at once: the room they share as one whole number.

A field per measure and slot, each with a guard bit that is cleared when more is taken than there is.
Whether a visit fits, whatever it takes of whatever is counted, is then one subtraction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.day_limits import DayLimits
from scheduler.domain.visits import VisitProfile

GUARD = 1 << 15
"""The guard bit of a field of 16 bits; limits and loads are below it."""

Places: TypeAlias = tuple[int, list[int | None], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A visit to be placed.

    Args:
        profile: What it takes.
        starts: Slots that it may start in, in the order in which they are tried.
        worth: What placing it counts.
        home: The slot it has now; a place elsewhere is a move. None when it has none.
    """

    profile: VisitProfile
    starts: tuple[int, ...]
    worth: int
    home: int | None = None


class Packing:
    """Where candidates are placed on a day of given limits, and the room that is left.

    Attributes:
        slot: The place of each candidate, None while it waits.
        stays: How many slots each takes.
        worth: What the placed ones count together.
        most_moves: How many may be placed away from their home.
    """

    def __init__(
        self, limits: DayLimits, candidates: Sequence[Candidate], *, most_moves: int | None = None
    ) -> None:
        """Start with nobody placed."""
        self.candidates = tuple(candidates)
        self.most_moves = len(candidates) if most_moves is None else most_moves
        allowed = np.maximum(limits.allowed.astype(np.int64), 0)
        self._guards = _number(np.full_like(allowed, GUARD))
        self._room = _number(allowed + GUARD)
        alike = {(each.profile, each.starts): each for each in self.candidates}
        taken = {kind: _taken(limits, each) for kind, each in alike.items()}
        self._taken = [taken[each.profile, each.starts] for each in self.candidates]
        kinds = {(each.profile, each.starts, each.home): n for n, each in enumerate(candidates)}
        self._kinds = [kinds[each.profile, each.starts, each.home] for each in candidates]
        self.stays = [limits.footprint(each.profile).slots for each in self.candidates]
        self.slot: list[int | None] = [None] * len(self.candidates)
        self.worth = 0

    def put(self, index: int, slot: int) -> bool:
        """Place a candidate if it fits; say whether it did."""
        if not self._fits(index, slot):
            return False
        self._room -= self._taken[index][slot]
        self.slot[index] = slot
        self.worth += self.candidates[index].worth
        return True

    def _fits(self, index: int, slot: int) -> bool:
        return (self._room - self._taken[index][slot]) & self._guards == self._guards

    def take_out(self, index: int) -> int | None:
        """Take a candidate out and return the slot it had."""
        slot = self.slot[index]
        if slot is not None:
            self._room += self._taken[index][slot]
            self.slot[index] = None
            self.worth -= self.candidates[index].worth
        return slot

    def has_moved(self, index: int) -> bool:
        """Say whether a candidate is placed away from its home."""
        home = self.candidates[index].home
        return home is not None and self.slot[index] not in (None, home)

    @property
    def moves(self) -> int:
        """How many are placed away from their home."""
        return sum(map(self.has_moved, range(len(self.slot))))

    def waiting(self) -> list[int]:
        """Return who has no place."""
        return [index for index, slot in enumerate(self.slot) if slot is None]

    def fill(self, order: Iterable[int], overlooks: Callable[[], bool]) -> None:
        """Place candidates in that order, each in the first of its starts with room not overlooked.

        Room only gets less, so one that is like another is not tried again where that one found none.
        """
        moves = self.moves if self.most_moves < len(self.slot) else 0
        tried = dict.fromkeys(self._kinds, 0)
        for index in order:
            each, kind = self.candidates[index], self._kinds[index]
            if each.home is not None and moves >= self.most_moves:
                self.put(index, each.home)
                continue
            for place in range(tried[kind], len(each.starts)):
                slot = each.starts[place]
                if self._fits(index, slot) and (slot == each.home or not overlooks()):
                    self.put(index, slot)
                    moves += self.has_moved(index)
                    break
                tried[kind] = place + 1

    def places(self) -> Places:
        """Return what ``restore`` needs to come back."""
        return self._room, self.slot.copy(), self.worth

    def restore(self, places: Places) -> None:
        """Come back to a state."""
        self._room, self.slot, self.worth = places[0], places[1].copy(), places[2]


def _number(matrix: NDArray[np.int64]) -> int:
    return int.from_bytes(matrix.astype("<u2").tobytes(), "little")


def _taken(limits: DayLimits, candidate: Candidate) -> dict[int, int]:
    """Return by start what the visit takes; cleaning after the last slot is cut off."""
    counts = limits.footprint(candidate.profile).counts
    rows, slots = limits.allowed.shape
    found = {}
    for slot in candidate.starts:
        matrix = np.zeros((rows, slots), dtype=np.int64)
        end = min(slots, slot + counts.shape[1])
        matrix[:, slot:end] = counts[:, : end - slot]
        found[slot] = _number(matrix)
    return found
