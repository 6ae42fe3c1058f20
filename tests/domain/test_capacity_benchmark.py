"""A day booked request by request comes out as plain counting says, under both nurse rules."""

import random
from datetime import time
from itertools import product

import numpy as np
import pytest

from scheduler.domain.capacity import DayLimits, free_slots, place
from scheduler.domain.day_cost import level
from scheduler.domain.grid import Layout
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseRule, hands_on_rule, simple_rule
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import Weights
from tests.factories.capacity import (
    make_chairs,
    make_limits,
    make_load,
    make_nurses,
    make_setup,
)

CHAIRS, NURSES, PATIENTS, SLOTS = 12, 4, 4, 40
PEAK_THEN_SUM = Weights(peak=10_000.0, mean=1.0)


def make_requests(seed: int) -> list[tuple[int, int]]:
    """Return visits that come in one by one: length and wished start, in slots."""
    draw = random.Random(seed)
    return [(draw.choice([2, 4, 4, 6, 8, 12, 16, 22]), draw.randrange(28)) for _ in range(60)]


class CountedDay:
    """Patients and starts per slot, counted without any of our functions."""

    def __init__(self, *, hands_on: bool) -> None:
        self.weight = PATIENTS - 1 if hands_on else 0
        self.patients = [0] * SLOTS
        self.starts = [0] * SLOTS

    def loads(self, start: int, length: int) -> list[int]:
        return [
            self.patients[slot] + self.weight * (self.starts[slot] + (slot == start))
            for slot in range(start, start + length)
        ]

    def fits(self, start: int, length: int) -> bool:
        return (
            start + length <= SLOTS
            and self.starts[start] < NURSES
            and max(self.patients[start : start + length]) < CHAIRS
            and max(self.loads(start, length)) < PATIENTS * NURSES
        )

    def book(self, start: int, length: int) -> None:
        self.starts[start] += 1
        for slot in range(start, start + length):
            self.patients[slot] += 1


def counted(seed: int, policy: str, *, hands_on: bool) -> list[int | None]:
    day, booked = CountedDay(hands_on=hands_on), list[int | None]()
    for length, wish in make_requests(seed):
        ranked = []
        for start in range(SLOTS):
            if day.fits(start, length):
                loads = day.loads(start, length)
                level_key = (max(loads), sum(loads), start)
                ranked.append(level_key if policy == "level" else (abs(start - wish), 0, start))
        booked.append(min(ranked)[2] if ranked else None)
        if ranked:
            day.book(min(ranked)[2], length)
    return booked


def ours(seed: int, policy: str, rule: NurseRule) -> list[int | None]:
    hours = DayHours(opens=time(7, 30), closes=time(17, 30))
    setup = make_setup(
        hours=hours, chairs=make_chairs(CHAIRS), nurses=make_nurses(NURSES), rule=rule
    )
    limits = make_limits(setup, layout=Layout(needs=()))
    load, booked = make_load(limits), list[int | None]()
    for length, wish in make_requests(seed):
        profile = VisitProfile(iv_start=15, infusion=15 * (length - 1))
        free = np.flatnonzero(free_slots(load, limits, profile)).tolist()
        cost = np.abs(np.arange(SLOTS) - wish).astype(float)
        if policy == "level":
            cost = level([load], [limits], profile, PEAK_THEN_SUM)[0].scores
        start = min(free, key=lambda slot: (round(float(cost[slot]), 6), slot), default=None)
        booked.append(start)
        if start is not None:
            load = place(load, limits, profile, start)
    return booked


@pytest.mark.parametrize(("seed", "policy"), list(product(range(6), ["desk", "level"])))
def test_the_simple_rule_books_the_same_starts_as_plain_counting(seed: int, policy: str) -> None:
    assert ours(seed, policy, simple_rule(PATIENTS)) == counted(seed, policy, hands_on=False)


@pytest.mark.parametrize(("seed", "policy"), list(product(range(6), ["desk", "level"])))
def test_the_hands_on_rule_books_the_same_starts_as_plain_counting(seed: int, policy: str) -> None:
    assert ours(seed, policy, hands_on_rule(PATIENTS)) == counted(seed, policy, hands_on=True)


def test_leveling_fills_a_day_better_than_taking_the_nearest_start() -> None:
    lengths = [[length for length, _ in make_requests(seed)] for seed in range(6)]

    def filled(policy: str) -> int:
        return sum(
            length
            for seed in range(6)
            for length, start in zip(
                lengths[seed], ours(seed, policy, simple_rule(PATIENTS)), strict=True
            )
            if start is not None
        )

    assert filled("level") > 1.02 * filled("desk")


def test_the_limits_of_a_day_are_computed_once() -> None:
    setup = make_setup()
    first: DayLimits = make_limits(setup)

    assert make_limits(setup) is first
