"""The search behind a day re-plan: take some visits out, put them back otherwise, keep what is better.

Simulated annealing over ruin and recreation (Schrimpf et al., J. Comput. Phys. 159, 2000; the overlooking of
starts is from Christiaens, Vanden Berghe, Transportation Science 54, 2020). Its draws are seeded: the same
day gives the same plan each time.
"""

from math import log

from scheduler.domain.draws import Draws
from scheduler.domain.packing import Packing

BLINK = 0.02
"""Share of the possible starts that putting back overlooks."""

AROUND = 0.6
"""Share of the steps that take out visits around one moment; the others take out any."""

CHANCE = (0.5, 0.5, 1.0, None)
"""How much the order in which visits go back differs from the longest first; None for any order."""

MOST_OUT = 8
PATIENCE = 0.15
"""How much worse a step may be at first, in units of the least candidate's worth."""


def improve(packing: Packing, *, target: int, steps: int, seed: int = 1) -> bool:
    """Place as much worth as so many steps find; say whether that reached ``target``."""
    search = _Search(packing, Draws(seed))
    search.fill()
    kept, best = packing.places(), packing.worth
    worth = best
    for step in range(steps):
        if best >= target:
            break
        before = packing.places()
        search.step()
        if packing.worth < worth - search.tolerated(1 - step / steps):
            packing.restore(before)
            continue
        worth = packing.worth
        if worth > best:
            kept, best = packing.places(), worth
    packing.restore(kept)
    return best >= target


def go_home(packing: Packing) -> None:
    """Let everybody whose old place is free again have it, as often as that frees another one."""
    moved = [index for index in range(len(packing.slot)) if packing.has_moved(index)]
    while moved:
        still = [index for index in moved if not _back(packing, index)]
        if len(still) == len(moved):
            return
        moved = still


def _back(packing: Packing, index: int) -> bool:
    home, slot = packing.candidates[index].home, packing.take_out(index)
    if home is not None and packing.put(index, home):
        return True
    if slot is not None:
        packing.put(index, slot)
    return False


class _Search:
    """Who comes out in a step, and in which order they go back."""

    def __init__(self, packing: Packing, draw: Draws) -> None:
        self.packing, self.draw = packing, draw
        self.worths = [each.worth for each in packing.candidates]
        self.least = min(self.worths, default=0)
        self.starts = sorted({slot for each in packing.candidates for slot in each.starts}) or [0]

    def fill(self) -> None:
        """Place whoever waits, the greatest worth first."""
        waiting = sorted(self.packing.waiting(), key=lambda index: -self.worths[index])
        self.packing.fill(waiting, lambda: False)

    def tolerated(self, left: float) -> float:
        """Return by how much a step may be worse while that share of all steps is left."""
        return -PATIENCE * self.least * left * log(1 - self.draw.number())

    def step(self) -> None:
        """Take some out, put them and the waiting back."""
        for index in self._out():
            self.packing.take_out(index)
        draw = self.draw.number
        self.packing.fill(self._order(), lambda: draw() < BLINK)

    def _out(self) -> list[int]:
        slots, draw = self.packing.slot, self.draw
        placed = [index for index, slot in enumerate(slots) if slot is not None]
        count = min(len(placed), 2 + draw.below(MOST_OUT - 1))
        if draw.number() < AROUND:
            moment = self.starts[draw.below(len(self.starts))]
            stays = self.packing.stays
            away = [
                0 if begins is None else max(begins - moment, moment - begins - stay, 0)
                for begins, stay in zip(slots, stays, strict=True)
            ]
            placed = sorted(placed, key=away.__getitem__)[: 2 * count]
        return draw.some(placed, count)

    def _order(self) -> list[int]:
        """Return who waits: mostly the long ones first, or with more chance, or in any order."""
        waiting, draw = self.packing.waiting(), self.draw.number
        chance = CHANCE[self.draw.below(len(CHANCE))]
        if chance is None:
            return self.draw.some(waiting, len(waiting))
        return sorted(waiting, key=lambda index: self.worths[index] * (chance * draw() - 1))
