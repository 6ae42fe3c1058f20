"""A day's proven best arrangement, by OR-Tools: only where the ``[optimizer]`` extra is installed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from scheduler.domain.day_bounds import capped, stay_slots
from scheduler.domain.day_limits import DayLimits
from scheduler.domain.errors import DomainError
from scheduler.domain.replanning import (
    STEPS,
    DayPlan,
    DayQuestion,
    DayVisit,
    Goal,
    Slots,
    exchanged,
    replan_day,
)
from scheduler.domain.visits import VisitProfile

SECONDS = 30.0
WORKERS = 2


class NoOptimizerError(DomainError):
    """OR-Tools is not installed."""


def has_optimizer() -> bool:
    """Say whether OR-Tools is installed."""
    return find_spec("ortools") is not None


@dataclass(frozen=True, slots=True)
class _Kind:
    """Visits that are interchangeable: the same profile, the same place now, the same choice of starts."""

    profile: VisitProfile
    home: int | None
    starts: tuple[int, ...]


def optimal_day(
    visits: Sequence[DayVisit],
    limits: DayLimits,
    *,
    goal: Goal,
    most_calls: int | None = None,
    most_minutes: int | None = None,
    steps: int = STEPS,
) -> DayPlan:
    """Return what ``replan_day`` asks for, improved to the proven best; its own answer if time runs out.

    The unknowns are counts of starts per kind of visit and slot, so that like visits are not told apart.

    Raises:
        NoOptimizerError: the extra is not installed.
    """
    if not has_optimizer():
        raise NoOptimizerError("Install infusion-scheduler[optimizer] to prove a day's best plan.")
    own = replan_day(
        visits,
        limits,
        goal=goal,
        most_calls=most_calls,
        most_minutes=most_minutes,
        steps=steps,
    )
    if own.proven:
        return own
    question = DayQuestion(visits, limits, most_calls, most_minutes)
    placed = [slot is not None or goal is Goal.FILL for slot in own.slots]
    found = _improved(question, goal, own, placed)
    return question.plan(goal, exchanged(visits, found)) if found else own


def _improved(
    question: DayQuestion, goal: Goal, own: DayPlan, placed: Sequence[bool]
) -> Slots | None:
    """Return better places than our own, if there are any."""
    if goal is Goal.FILL:
        return _Model(question, question.limits, placed).most()
    for cap in range(own.bound, own.value):
        limits = capped(question.limits, **{goal.value: cap})
        found = _Model(question, limits, placed).every_one()
        if found:
            return found
    return None


class _Model:
    """The day as a program of whole numbers."""

    def __init__(self, question: DayQuestion, limits: DayLimits, placed: Sequence[bool]) -> None:
        self.solver = import_module("ortools.sat.python.cp_model")
        self.model: Any = self.solver.CpModel()
        self.question, self.limits = question, limits
        self.kinds = defaultdict[_Kind, list[int]](list)
        for index, each in enumerate(question.visits):
            if placed[index]:
                kind = _Kind(each.profile, each.slot, tuple(sorted(question.starts[index])))
                self.kinds[kind].append(index)
        self.count: dict[tuple[_Kind, int], Any] = {
            (kind, slot): self.model.NewIntVar(0, len(members), "")
            for kind, members in self.kinds.items()
            for slot in kind.starts
        }
        self._keep_limits()
        self._keep_calls()

    def _keep_limits(self) -> None:
        taken = defaultdict[tuple[int, int], list[Any]](list)
        slots = self.limits.grid.slots
        for (kind, start), count in self.count.items():
            wanted = self.limits.footprint(kind.profile).counts
            for row, later in zip(*wanted.nonzero(), strict=True):
                if start + later < slots:
                    taken[int(row), int(start + later)].append(int(wanted[row, later]) * count)
        for (row, slot), terms in taken.items():
            self.model.Add(sum(terms) <= int(self.limits.allowed[row, slot]))

    def _keep_calls(self) -> None:
        if self.question.most_calls is not None:
            moved = [
                count
                for (kind, slot), count in self.count.items()
                if kind.home is not None and slot != kind.home
            ]
            self.model.Add(sum(moved) <= self.question.most_calls)

    def every_one(self) -> Slots | None:
        """Return places for everybody, or None when there are none."""
        for kind, members in self.kinds.items():
            self.model.Add(sum(self.count[kind, slot] for slot in kind.starts) == len(members))
        return self._solved()

    def most(self) -> Slots | None:
        """Return places for all who have one and for as much waiting chair time as there is room for."""
        worth = []
        for kind, members in self.kinds.items():
            total = sum(self.count[kind, slot] for slot in kind.starts)
            if kind.home is None:
                self.model.Add(total <= len(members))
                worth.append(stay_slots(self.limits, kind.profile) * total)
            else:
                self.model.Add(total == len(members))
        self.model.Maximize(sum(worth))
        return self._solved()

    def _solved(self) -> Slots | None:
        solver = self.solver.CpSolver()
        solver.parameters.max_time_in_seconds = SECONDS
        solver.parameters.num_workers = WORKERS
        if solver.Solve(self.model) not in (self.solver.OPTIMAL, self.solver.FEASIBLE):
            return None
        slots: list[int | None] = [None] * len(self.question.visits)
        for kind, members in self.kinds.items():
            starts = [s for s in kind.starts for _ in range(solver.Value(self.count[kind, s]))]
            starts.sort(key=lambda slot: (slot != kind.home, slot))
            for index, slot in zip(members, starts, strict=False):
                slots[index] = slot
        return tuple(slots)
