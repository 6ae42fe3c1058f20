"""Doses exchanged between days, many at a time, where moving one after the other leaves days too full.

Simulated annealing over the excess of all days: a dose goes to another day of its window, often in exchange
for one of that day. Draws are seeded: the same weeks have the same answer each time.
"""

from collections.abc import Hashable, Mapping
from datetime import date
from math import log

from scheduler.domain.dose_spread import Spread, Takes, WaitingDose
from scheduler.domain.draws import Draws

STEPS = 20_000
"""Steps of a search: a quarter of a second."""

TRIES = 3
"""Searches, each from where the one before it ended."""

PATIENCE = 0.01
"""How much worse a step may be at first, in shares of a day's room."""

ROUNDING = 1e-6

EXCHANGES = 0.5
"""Share of the steps in which a dose of the other day comes back."""


def exchange(plan: Spread, *, steps: int = STEPS) -> None:
    """Lower by how much days are too full together, and fill none beyond its room for that.

    What need not have moved goes back.
    """
    search = _Search(plan)
    at, loads = dict(plan.at), {day: tuple(plan.load[day]) for day in search.over}
    for _ in range(TRIES):
        search.run(steps // TRIES)
    if not _no_day_worse(plan, loads, at):
        for dose in search.doses:
            plan.move(dose, at[dose.key])
    _go_home(plan, search.doses)


def _no_day_worse(plan: Spread, loads: Mapping[date, Takes], at: Mapping[Hashable, date]) -> bool:
    """Send back what fills a day beyond its room that was not so full; False when something stays."""
    for day, load in loads.items():
        while plan.worse(day, load):
            back = next(
                (
                    dose
                    for dose in sorted(plan.here[day], key=lambda each: each.takes)
                    if at[dose.key] != day
                    and at[dose.key] in plan.days(dose)
                    and not plan.worse(at[dose.key], loads[at[dose.key]], dose)
                ),
                None,
            )
            if back is None:
                return False
            plan.move(back, at[back.key])
    return True


def _go_home(plan: Spread, doses: list[WaitingDose]) -> None:
    for dose in doses:
        home = dose.planned
        if plan.at[dose.key] != home and home in plan.days(dose) and plan.fits(home, dose):
            plan.move(dose, home)


class _Search:
    """The days that a crowded one can reach, and the doses that may move between them."""

    def __init__(self, plan: Spread) -> None:
        self.plan, self.draw = plan, Draws()
        days = {day for day in plan.load if plan.excess(day)}
        self.doses: list[WaitingDose] = []
        left = sorted(days)
        while left:
            for dose in plan.here[left.pop()]:
                reached = plan.days(dose)
                if reached:
                    self.doses.append(dose)
                left += [day for day in reached if day not in days]
                days.update(reached)
        self.over = {day: plan.over(day) for day in days}
        self.least = self._least(days)

    def _least(self, days: set[date]) -> float:
        """Return what stays too much because it can go nowhere else."""
        for dose in self.doses:
            self.plan.count(self.plan.at[dose.key], dose, -1)
        least = sum(map(self.plan.over, days))
        for dose in self.doses:
            self.plan.count(self.plan.at[dose.key], dose, 1)
        return least + ROUNDING

    def run(self, steps: int) -> None:
        """Search until nothing is too much that could go elsewhere, or so many steps are done."""
        total = sum(self.over.values())
        for step in range(steps if self.doses else 0):
            if total <= self.least:
                return
            total += self._step(PATIENCE * (1 - step / steps))

    def _step(self, patience: float) -> float:
        """Move one dose, or two against each other; return by how much days are more too full."""
        plan, draw = self.plan, self.draw
        dose = self.doses[draw.below(len(self.doses))]
        days, now = plan.days(dose), plan.at[dose.key]
        if not days:
            return 0.0
        to = days[draw.below(len(days))]
        other = self._other(to, now) if draw.number() < EXCHANGES else None
        self._move(dose, to, other, now)
        over = plan.over(now), plan.over(to)
        worse = sum(over) - self.over[now] - self.over[to]
        if worse > -patience * log(1 - draw.number()):
            self._move(dose, now, other, to)
            return 0.0
        self.over[now], self.over[to] = over
        return worse

    def _other(self, day: date, to: date) -> WaitingDose | None:
        here = self.plan.here[day]
        other = here[self.draw.below(len(here))] if here else None
        return other if other is not None and to in self.plan.days(other) else None

    def _move(self, dose: WaitingDose, to: date, other: WaitingDose | None, back: date) -> None:
        self.plan.move(dose, to)
        if other is not None:
            self.plan.move(other, back)
