"""Which nurse looks after which visit: even loads, the usual nurse where it costs little, few hand-overs."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.domain.nursing import NURSE, NurseShift

HOUR = 60
UNUSUAL = 0.5
"""What it costs when a patient's usual nurse is there and another one is given: half a busy hour."""

FIRST_DOSES = 0.7
"""What each further first dose on one nurse costs."""

HAND_OVER = 50.0
"""What it costs when somebody other than the nurse already announced takes over."""

IMPOSSIBLE = 1000.0
"""What each patient too many, and each part of a stay without its nurse, costs: only if nobody else can."""

MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Nurse:
    """A nurse of the day.

    Args:
        id: Anything that names her.
        parts: When she is there, absences taken out.
        most: Patients that she may watch at once.
    """

    id: Hashable
    parts: tuple[NurseShift, ...]
    most: int

    @property
    def minutes(self) -> int:
        """How long she is there."""
        return sum(part.shift.ends - part.shift.begins for part in self.parts)

    def may(self, visit: "Care") -> bool:
        """Say whether she may do all that the visit asks for."""
        able = frozenset[str]().union(*(part.competencies for part in self.parts))
        return bool(self.parts) and visit.competencies <= able

    def away(self, visit: "Care") -> bool:
        """Say whether she is not there for some of the stay, lunch aside."""
        return not any(
            part.shift.begins <= visit.begins and visit.ends <= part.shift.ends
            for part in self.parts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """A visit in want of a nurse, in minutes after midnight.

    Args:
        load: Its work in units of ``NURSE`` times minutes.
        first: Whether a first dose is given.
        competencies: What its nurse must be able to do.
        usual: The nurse who looked after this patient most often.
        current: The nurse already announced.
    """

    id: Hashable
    begins: int
    ends: int
    load: int = 0
    first: bool = False
    competencies: frozenset[str] = frozenset()
    usual: Hashable | None = None
    current: Hashable | None = None

    @property
    def hours(self) -> float:
        """Its work in hours of one nurse fully busy."""
        return self.load / NURSE / HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseDay:
    """A nurse for each visit; None where nobody who is there may do it.

    Args:
        nurse_of: The nurse of each visit, by the visit's id.
        hand_overs: The visits that leave the nurse already announced.
    """

    nurse_of: dict[Hashable, Hashable | None]
    hand_overs: tuple[Hashable, ...]


def assign_nurses(nurses: Sequence[Nurse], visits: Sequence[Care]) -> NurseDay:
    """Return a nurse for every visit that anybody who is there may look after.

    Work is spread in proportion to how long each nurse is there. A visit whose announced nurse is still
    there and able stays with her: with somebody out, only that nurse's visits are handed over.
    """
    search = _Search(nurses, visits)
    search.improve()
    found = search.nurse_of
    moved = [v.id for v in visits if v.current is not None and found[v.id] != v.current]
    return NurseDay(nurse_of=found, hand_overs=tuple(moved))


class _Search:
    """The longest work first to who it costs least, then moves and swaps while they make it better."""

    def __init__(self, nurses: Sequence[Nurse], visits: Sequence[Care]) -> None:
        self.nurses = list(nurses)
        self.held: list[list[Care]] = [[] for _ in self.nurses]
        self.able = {
            visit.id: [n for n, nurse in enumerate(self.nurses) if nurse.may(visit)]
            for visit in visits
        }
        self.without = [visit for visit in visits if not self.able[visit.id]]
        for visit in sorted(visits, key=lambda v: (v.current is None, -v.load, v.begins)):
            if self.able[visit.id]:
                best = min(self.able[visit.id], key=lambda n: self._added(n, visit))
                self.held[best].append(visit)

    @property
    def nurse_of(self) -> dict[Hashable, Hashable | None]:
        """The nurse of each visit."""
        found: dict[Hashable, Hashable | None] = {visit.id: None for visit in self.without}
        for nurse, mine in zip(self.nurses, self.held, strict=True):
            found |= {visit.id: nurse.id for visit in mine}
        return found

    def improve(self) -> None:
        """Take the best move or swap while there is one."""
        for _ in range(MOST_ROUNDS):
            if not any(self._better(a, b) for a, b in combinations(range(len(self.nurses)), 2)):
                return

    def _better(self, a: int, b: int) -> bool:
        """Take the first move or swap between two nurses that lowers what they cost together."""
        before = self._cost(a, self.held[a]) + self._cost(b, self.held[b])
        for mine, theirs in self._trades(a, b):
            kept = [v for v in self.held[a] if v is not mine] + ([theirs] if theirs else [])
            given = [v for v in self.held[b] if v is not theirs] + ([mine] if mine else [])
            if self._cost(a, kept) + self._cost(b, given) < before - 1e-9:
                self.held[a], self.held[b] = kept, given
                return True
        return False

    def _trades(self, a: int, b: int) -> Iterable[tuple[Care | None, Care | None]]:
        from_a = [v for v in self.held[a] if b in self.able[v.id]]
        from_b = [v for v in self.held[b] if a in self.able[v.id]]
        yield from ((mine, None) for mine in from_a)
        yield from ((None, theirs) for theirs in from_b)
        yield from ((mine, theirs) for mine in from_a for theirs in from_b)

    def _added(self, n: int, visit: Care) -> float:
        return self._cost(n, [*self.held[n], visit]) - self._cost(n, self.held[n])

    def _cost(self, n: int, visits: Sequence[Care]) -> float:
        """Return what it costs when a nurse has these visits."""
        nurse = self.nurses[n]
        hours = sum(visit.hours for visit in visits)
        cost = hours * hours / max(nurse.minutes / HOUR, 1e-6)
        firsts = sum(visit.first for visit in visits)
        cost += FIRST_DOSES * firsts * (firsts - 1) / 2
        cost += UNUSUAL * sum(v.usual is not None and v.usual != nurse.id for v in visits)
        cost += HAND_OVER * sum(v.current is not None and v.current != nurse.id for v in visits)
        cost += IMPOSSIBLE * (_too_many(nurse, visits) + sum(nurse.away(v) for v in visits))
        return cost


def _too_many(nurse: Nurse, visits: Sequence[Care]) -> int:
    """Return how many patients too many she has at the worst moment."""
    edges = sorted([(v.begins, 1) for v in visits] + [(v.ends, -1) for v in visits])
    there = most = 0
    for _, change in edges:
        there += change
        most = max(most, there)
    return max(0, most - nurse.most)
