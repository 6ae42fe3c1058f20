"""Re-planning a day: its visits rearranged for the lowest peak, the earliest end or the most in chairs.

Used the week before, by a person, who sees every move first.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from scheduler.domain.capacity import load_of
from scheduler.domain.day_bounds import (
    capped,
    least_closing,
    least_peak,
    most_chair_slots,
    stay_slots,
)
from scheduler.domain.day_limits import DayLimits
from scheduler.domain.grid import IN_CHAIRS
from scheduler.domain.packing import Candidate, Packing
from scheduler.domain.packing_search import go_home, improve
from scheduler.domain.visits import VisitProfile

STEPS = 60_000
"""Steps of a search: a few seconds for 120 visits."""

BOOKED = 100_000
"""Worth of a visit that has a place: more than all that wait together, so that nobody loses one."""

Slots: TypeAlias = tuple[int | None, ...]


class Goal(StrEnum):
    """What a day is rearranged for."""

    PEAK = "peak"
    CLOSING = "closing"
    FILL = "fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVisit:
    """A visit of the day.

    Args:
        key: Anything that names it.
        profile: What it takes.
        slot: Where it starts now; None while it waits for a place.
        fixed: It stays where it is (arrived, or promised).
    """

    key: Hashable
    profile: VisitProfile
    slot: int | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A visit and its new start; ``before`` is None for one that waited."""

    key: Hashable
    before: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """What a day would become.

    Args:
        slots: Start of each visit in the order given; None for one that still waits.
        moves: What changes, by start; a patient to call for each with a ``before``.
        value: Patients in chairs at the busiest moment, or slots from the day's first until the last
            patient leaves, or booked chair-slots, as the goal says.
        before: The same of the day as it is.
        bound: No arrangement of these visits can do better.
    """

    slots: tuple[int | None, ...]
    moves: tuple[Move, ...]
    value: int
    before: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.value == self.bound


def replan_day(
    visits: Sequence[DayVisit],
    limits: DayLimits,
    *,
    goal: Goal = Goal.PEAK,
    most_calls: int | None = None,
    most_minutes: int | None = None,
    steps: int = STEPS,
) -> DayPlan:
    """Return the best arrangement found; nobody loses a place, and nothing gets worse.

    ``PEAK`` and ``CLOSING`` need everybody placed; waiting visits come in if they fit. ``FILL`` brings in
    the waiting ones. The same question has the same answer; a day over capacity already (a nurse is
    sick) may stay so, but not get worse.

    Args:
        visits: Everybody of the day, and who waits for a place on it.
        limits: What the day allows.
        goal: What to rearrange for.
        most_calls: Booked patients that may be moved; None when any number.
        most_minutes: How far a booked visit may move; None when any distance.
        steps: How long to search; ten thousand take about a third of a second.
    """
    day = DayQuestion(visits, limits, most_calls, most_minutes)
    slots = day.filled(steps)
    if goal is not Goal.FILL:
        slots = day.squeezed(goal, slots, steps)
    return day.plan(goal, exchanged(visits, slots))


class DayQuestion:
    """The question of a re-plan: who may start where."""

    def __init__(
        self,
        visits: Sequence[DayVisit],
        limits: DayLimits,
        most_calls: int | None,
        most_minutes: int | None,
    ) -> None:
        booked = [(each.profile, each.slot) for each in visits if each.slot is not None]
        self.visits = visits
        self.limits = limits.tolerating(load_of(limits, booked))
        self.stays = [stay_slots(limits, each.profile) for each in visits]
        self.most_calls = most_calls
        self.few = most_calls is not None or most_minutes is not None
        self.starts = [self._starts(each, most_minutes) for each in visits]

    def _starts(self, visit: DayVisit, most_minutes: int | None) -> tuple[int, ...]:
        if visit.fixed and visit.slot is not None:
            return (visit.slot,)
        grid, home = self.limits.grid, visit.slot
        first = self.limits.earliest_start(visit.profile)
        last = self.limits.latest_start(visit.profile)
        starts = [slot for slot in range(grid.slots) if first <= grid.begins(slot) <= last]
        if home is None:
            return tuple(starts)
        reach = grid.slots if most_minutes is None else most_minutes // grid.slot_minutes
        near = {home, *(slot for slot in starts if abs(slot - home) <= reach)}
        return tuple(sorted(near, key=lambda slot: abs(slot - home) if self.few else slot))

    def filled(self, steps: int) -> Slots:
        """Return places for everybody who has one, and for as much waiting chair time as is found."""
        waiting = [each.profile for each in self.visits if each.slot is None]
        as_it_is = tuple(each.slot for each in self.visits)
        packing = self._packing(self.limits, as_it_is, booked=BOOKED)
        if waiting:
            everybody = [each.profile for each in self.visits]
            spare = sum(self.stays) - most_chair_slots(self.limits, everybody)
            worths = sum(each.worth for each in packing.candidates)
            improve(packing, target=worths - spare, steps=steps)
            go_home(packing)
        return tuple(packing.slot)

    def squeezed(self, goal: Goal, slots: Slots, steps: int) -> Slots:
        """Return the places under the tightest cap that is found to hold all who have one."""
        low, high = self.bound(goal, slots), self.value(goal, slots)
        cap, tried = low, steps // 2
        while low < high:
            found = self._under(goal, cap, slots, tried)
            if found:
                slots, high = found, self.value(goal, found)
            else:
                low = cap + 1
            cap, tried = (low + high - 1) // 2, steps // 4
        return slots

    def _under(self, goal: Goal, cap: int, slots: Slots, steps: int) -> Slots | None:
        limits = capped(self.limits, **{goal.value: cap})
        packing = self._packing(limits, slots, only_these=True)
        wanted = sum(each.worth for each in packing.candidates if each.starts)
        if not improve(packing, target=wanted, steps=steps):
            return None
        go_home(packing)
        return tuple(packing.slot)

    def _packing(
        self, limits: DayLimits, slots: Slots, *, booked: int = 0, only_these: bool = False
    ) -> Packing:
        """Return the candidates, each where it is if that has room.

        Args:
            limits: What the day allows.
            slots: Where everybody is.
            booked: What having a place already adds to a visit's worth.
            only_these: Whoever has no place gets none.
        """
        candidates = [
            Candidate(
                profile=each.profile,
                starts=() if only_these and slot is None else starts,
                worth=stay + booked * (each.slot is not None),
                home=each.slot,
            )
            for each, slot, starts, stay in zip(
                self.visits, slots, self.starts, self.stays, strict=True
            )
        ]
        packing = Packing(limits, candidates, most_moves=self.most_calls)
        for index, slot in enumerate(slots):
            if slot is not None:
                packing.put(index, slot)
        return packing

    def value(self, goal: Goal, slots: Slots) -> int:
        """Return what the goal counts."""
        placed = [
            (each, slot, stay)
            for each, slot, stay in zip(self.visits, slots, self.stays, strict=True)
            if slot is not None
        ]
        if goal is Goal.FILL:
            return sum(stay for _, _, stay in placed)
        if goal is Goal.CLOSING:
            return max((slot + stay for _, slot, stay in placed), default=0)
        load = load_of(self.limits, [(each.profile, slot) for each, slot, _ in placed])
        return int(load.counts[self.limits.layout.row(IN_CHAIRS)].max(initial=0))

    def bound(self, goal: Goal, slots: Slots) -> int:
        """Return what no arrangement of those placed can beat; of all, when the goal is to fill."""
        if goal is Goal.FILL:
            return most_chair_slots(self.limits, [each.profile for each in self.visits])
        placed = [
            each.profile for each, slot in zip(self.visits, slots, strict=True) if slot is not None
        ]
        least = least_peak if goal is Goal.PEAK else least_closing
        return least(self.limits, placed, self.value(goal, slots))

    def plan(self, goal: Goal, slots: Slots) -> DayPlan:
        """Return the plan that moves everybody to those slots."""
        pairs = zip(self.visits, slots, strict=True)
        moves = [
            Move(key=each.key, before=each.slot, after=slot)
            for each, slot in pairs
            if slot is not None and slot != each.slot
        ]
        return DayPlan(
            slots=slots,
            moves=tuple(sorted(moves, key=lambda move: move.after)),
            value=self.value(goal, slots),
            before=self.value(goal, tuple(each.slot for each in self.visits)),
            bound=self.bound(goal, slots),
        )


def exchanged(visits: Sequence[DayVisit], slots: Slots) -> Slots:
    """Return the same day with fewer and shorter moves: like visits exchange their new places.

    Whoever can keep the old place does; the others go in the order in which they were.
    """
    changed = dict(enumerate(slots))
    alike: dict[VisitProfile, list[int]] = defaultdict(list)
    for index, each in enumerate(visits):
        if each.slot is not None and not each.fixed:
            alike[each.profile].append(index)
    for indices in alike.values():
        free = Counter(slots[index] for index in indices)
        found, moving = dict[int, int | None](), []
        for index in sorted(indices, key=lambda i: visits[i].slot or 0):
            if free[visits[index].slot]:
                free[visits[index].slot] -= 1
                found[index] = visits[index].slot
            else:
                moving.append(index)
        left = sorted(slot for slot in free.elements() if slot is not None)
        found.update(zip(moving, left, strict=True))
        if _farthest(visits, found, indices) <= _farthest(visits, dict(enumerate(slots)), indices):
            changed.update(found)
    return tuple(changed.values())


def _farthest(
    visits: Sequence[DayVisit], slots: Mapping[int, int | None], indices: Sequence[int]
) -> int:
    return max(abs((slots[index] or 0) - (visits[index].slot or 0)) for index in indices)
