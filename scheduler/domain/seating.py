"""The search behind chair assignment: ejection chains first, seating the day anew as a last resort."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from scheduler.domain.chairs import ChairFacts
from scheduler.domain.stays import Stay

MOST_STEPS = 1_000
"""Search steps after which looking for the fewest moves stops."""

MOST_STEPS_ANEW = 3_000
"""Search steps after which seating the day anew counts as impossible."""


class Room:
    """Chairs and stays by index, and who sits where.

    Attributes:
        seat_of: Chair index of each seated stay.
        held: Stay indices in each chair.
        locked: Stays that must not be moved.
    """

    def __init__(self, chairs: Sequence[ChairFacts], stays: Sequence[Stay]) -> None:
        self.chairs = tuple(chairs)
        self.stays = tuple(stays)
        self.seat_of: dict[int, int] = {}
        self.held: list[list[int]] = [[] for _ in self.chairs]
        self.locked: set[int] = set()
        self.suitable = [
            [index for index, chair in enumerate(self.chairs) if stay.suits(chair)]
            for stay in self.stays
        ]

    def home(self, stay: int) -> int | None:
        """Return the chair that the stay has now, when it may keep it."""
        current = self.stays[stay].current
        return next((c for c in self.suitable[stay] if self.chairs[c].key == current), None)

    def in_the_way(self, stay: int, chair: int) -> list[int]:
        """Return the stays in a chair that overlap a stay."""
        return [other for other in self.held[chair] if self.stays[other].overlaps(self.stays[stay])]

    def sit(self, stay: int, chair: int) -> None:
        """Put a stay into a chair."""
        self.seat_of[stay] = chair
        self.held[chair].append(stay)

    def leave(self, stay: int) -> int:
        """Take a stay out of its chair and return the chair."""
        chair = self.seat_of.pop(stay)
        self.held[chair].remove(stay)
        return chair

    def reset(self, seat_of: dict[int, int]) -> None:
        """Seat exactly those stays again."""
        for index in list(self.seat_of):
            self.leave(index)
        for index, chair in seat_of.items():
            self.sit(index, chair)

    def overbooked(self) -> bool:
        """Say whether at some moment there are more stays than chairs."""
        edges = [(stay.begins, 1) for stay in self.stays]
        edges += [(stay.free_at, -1) for stay in self.stays]
        there = accumulate(change for _, change in sorted(edges))
        return max(there, default=0) > len(self.chairs)

    def keep_current(self) -> list[int] | None:
        """Seat everybody who can stay put; return the rest in order of start, None if locked clash."""
        bound = [i for i, stay in enumerate(self.stays) if stay.fixed or stay.pinned is not None]
        for index in bound:
            if len(self.suitable[index]) == 1:
                self.locked.add(index)
                if self.in_the_way(index, self.suitable[index][0]):
                    return None
                self.sit(index, self.suitable[index][0])
        for index in self.by_start(set(range(len(self.stays))) - self.locked):
            home = self.home(index)
            if home is not None and not self.in_the_way(index, home):
                self.sit(index, home)
        return self.by_start(set(range(len(self.stays))) - self.seat_of.keys())

    def by_start(self, stays: Iterable[int]) -> list[int]:
        """Return stays in order of start, the longer first."""
        return sorted(stays, key=lambda i: (self.stays[i].begins, -self.stays[i].free_at))

    def snugness(self, stay: int, chair: int) -> tuple[int, int, int]:
        """Return how badly a chair suits: needless equipment first, then idle time before the stay."""
        spare = len(self.chairs[chair].offers - self.stays[stay].needs)
        begins = self.stays[stay].begins
        before = [self.stays[other].free_at for other in self.held[chair]]
        gap = begins - max((end for end in before if end <= begins), default=0)
        return spare, gap, chair


class Search:
    """Depth-first search by ejection: who is in the way moves on, within a budget of moves.

    Exact: in a solution with the fewest moves every moved stay is pushed by another one.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self.settled = set(room.locked)
        self.steps = 0

    def seat(self, pending: Sequence[int], moves: int) -> bool:
        """Seat all pending stays, moving at most ``moves`` others; the room is unchanged if not."""
        if not pending:
            return True
        self.steps += 1
        if self.steps > MOST_STEPS:
            return False
        stay, rest = pending[0], pending[1:]
        return any(self._try(stay, chair, rest, moves) for chair in self._options(stay))

    def _options(self, stay: int) -> list[int]:
        room = self.room
        return sorted(
            room.suitable[stay],
            key=lambda c: (
                len(room.in_the_way(stay, c)),
                c != room.home(stay),
                room.snugness(stay, c),
            ),
        )

    def _try(self, stay: int, chair: int, rest: Sequence[int], moves: int) -> bool:
        room = self.room
        pushed = room.in_the_way(stay, chair)
        if len(pushed) > moves or not self.settled.isdisjoint(pushed):
            return False
        for other in pushed:
            room.leave(other)
        room.sit(stay, chair)
        self.settled.add(stay)
        if self.seat((*room.by_start(pushed), *rest), moves - len(pushed)):
            return True
        self.settled.discard(stay)
        room.leave(stay)
        for other in pushed:
            room.sit(other, chair)
        return False


def squeeze_in(room: Room, pending: Sequence[int], most_moves: int) -> bool:
    """Seat pending stays one by one, each pushing a few others: by start, else choosy ones first."""
    kept = dict(room.seat_of)
    choosy_first = sorted(pending, key=lambda stay: len(room.suitable[stay]))
    for order in (pending, choosy_first):
        if all(_squeeze(room, stay, most_moves) for stay in order):
            return True
        room.reset(kept)
    return False


def _squeeze(room: Room, stay: int, most_moves: int) -> bool:
    return any(Search(room).seat([stay], moves) for moves in range(most_moves + 1))


class Rebuild:
    """Exact seating of everybody who is not bound, in order of start, dead ends remembered."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.steps = 0
        self.dead: set[tuple[int, tuple[tuple[int, int], ...]]] = set()
        movable = set(range(len(room.stays))) - room.locked
        for index in movable & room.seat_of.keys():
            room.leave(index)
        self.order = room.by_start(movable)
        self.free_at = [0] * len(room.chairs)
        self.alike = self._classes()

    def _classes(self) -> list[int]:
        """Return the same number for chairs that are interchangeable on this day."""
        facts = [
            (chair.offers, chair.out_of_service, tuple(self.room.held[index]))
            for index, chair in enumerate(self.room.chairs)
        ]
        return [facts.index(fact) for fact in facts]

    def run(self) -> bool:
        """Seat everybody, then let all who can go back to their current chair."""
        return self._seat(0) and self._return_home()

    def _seat(self, position: int) -> bool:
        if position == len(self.order):
            return True
        stay = self.order[position]
        state = (position, tuple(sorted(self._state(stay))))
        self.steps += 1
        if state in self.dead or self.steps > MOST_STEPS_ANEW:
            return False
        if any(self._try(stay, chair, position) for chair in self._options(stay)):
            return True
        self.dead.add(state)
        return False

    def _state(self, stay: int) -> list[tuple[int, int]]:
        """Return per chair its class and when it is free, 0 when it is by the stay's start."""
        begins = self.room.stays[stay].begins
        free_at = [end if end > begins else 0 for end in self.free_at]
        return list(zip(self.alike, free_at, strict=True))

    def _options(self, stay: int) -> list[int]:
        """Return chairs to try, the current one first; of interchangeable ones only the best."""
        room = self.room
        home = room.home(stay)
        free = [chair for chair in room.suitable[stay] if not room.in_the_way(stay, chair)]
        free.sort(key=lambda c: (c != home, room.snugness(stay, c)))
        best = {self.alike[chair]: chair for chair in reversed(free)}
        return [chair for chair in free if best[self.alike[chair]] == chair]

    def _try(self, stay: int, chair: int, position: int) -> bool:
        before = self.free_at[chair]
        self.free_at[chair] = self.room.stays[stay].free_at
        self.room.sit(stay, chair)
        if self._seat(position + 1):
            return True
        self.room.leave(stay)
        self.free_at[chair] = before
        return False

    def _return_home(self) -> bool:
        room = self.room
        for stay in self.order:
            home = room.home(stay)
            if home is not None and not room.in_the_way(stay, home):
                room.leave(stay)
                room.sit(stay, home)
        return True
