"""A sequence of numbers that looks like chance and is the same every time: for searches, not for secrets."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

FACTOR, STEP, MASK = 6_364_136_223_846_793_005, 1_442_695_040_888_963_407, (1 << 64) - 1
"""Knuth's linear congruential generator of 64 bits (MMIX); its high bits are used."""

HIGH = 2.0**-53


class Draws:
    """Draws from a fixed sequence."""

    def __init__(self, seed: int = 1) -> None:
        """Start the sequence that belongs to a seed."""
        self._state = (seed * FACTOR + STEP) & MASK

    def number(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        self._state = (self._state * FACTOR + STEP) & MASK
        return (self._state >> 11) * HIGH

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit`` - 1."""
        return int(self.number() * limit)

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """Return so many different members in any order; all of them when there are fewer."""
        left = list(of)
        for place in range(min(count, len(left))):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]
