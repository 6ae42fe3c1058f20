"""A re-planned day holds what it held, within its limits, and is never worse."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.bench.instances import drawn_day
from scheduler.domain.capacity import DayLimits, load_of, over_capacity
from scheduler.domain.grid import Layout
from scheduler.domain.nursing import NurseRule, hands_on_rule, simple_rule
from scheduler.domain.packing import Candidate, Packing
from scheduler.domain.replanning import DayPlan, DayVisit, Goal, replan_day
from scheduler.domain.visits import VisitProfile
from tests.factories.capacity import make_chairs, make_limits, make_nurses, make_setup

LENGTHS = (4, 4, 4, 6, 8, 8, 12, 16, 20, 24)


def make_day_limits(
    *, chairs: int = 30, nurses: int = 8, rule: NurseRule | None = None
) -> DayLimits:
    setup = make_setup(
        chairs=make_chairs(chairs), nurses=make_nurses(nurses), rule=rule or simple_rule(4)
    )
    return make_limits(setup, layout=Layout(needs=()))


def make_visit(key: int, slots: int, start: int | None = None) -> DayVisit:
    profile = VisitProfile(iv_start=15, infusion=15 * (slots - 1), turnover=0)
    return DayVisit(key=key, profile=profile, slot=start)


def make_waiting(count: int, seed: int) -> list[DayVisit]:
    draw = random.Random(seed)
    return [make_visit(key, draw.choice(LENGTHS)) for key in range(count)]


def make_crowded_morning(count: int, seed: int, limits: DayLimits) -> list[DayVisit]:
    """Return visits booked as early as there is room: the ten o'clock jam."""
    plan = replan_day(make_waiting(count, seed), limits, goal=Goal.FILL, steps=0)
    waiting = make_waiting(count, seed)
    return [
        DayVisit(key=each.key, profile=each.profile, slot=slot)
        for each, slot in zip(waiting, plan.slots, strict=True)
        if slot is not None
    ]


def is_within(visits: list[DayVisit], plan: DayPlan, limits: DayLimits) -> bool:
    placed = [
        (each.profile, slot)
        for each, slot in zip(visits, plan.slots, strict=True)
        if slot is not None
    ]
    return not over_capacity(load_of(limits, placed), limits)


@pytest.mark.family
@pytest.mark.parametrize("seed", range(4))
def test_a_day_is_leveled_to_a_peak_that_hardly_anything_can_beat(seed: int) -> None:
    limits = make_day_limits()
    visits = make_crowded_morning(80, seed, limits)

    plan = replan_day(visits, limits, goal=Goal.PEAK, steps=4_000)

    assert plan.value - plan.bound <= 1
    assert plan.value < plan.before
    assert is_within(visits, plan, limits)


@pytest.mark.family
@pytest.mark.parametrize("seed", range(4))
def test_a_day_ends_as_early_as_it_can(seed: int) -> None:
    limits = make_day_limits()
    visits = make_waiting(80, seed)

    plan = replan_day(visits, limits, goal=Goal.CLOSING, steps=4_000)

    assert plan.value - plan.bound <= 1
    assert None not in plan.slots
    assert max(slot or 0 for slot in plan.slots) < plan.value


@pytest.mark.slow
@pytest.mark.parametrize("rule", [simple_rule(4), hands_on_rule(4)])
def test_waiting_visits_fill_the_day_to_two_percent_of_what_is_possible(rule: NurseRule) -> None:
    limits = make_day_limits(chairs=12, nurses=4, rule=rule)
    visits = make_waiting(70, 5)

    plan = replan_day(visits, limits, goal=Goal.FILL, steps=3_000)

    assert plan.value >= 0.98 * plan.bound
    assert is_within(visits, plan, limits)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 99),
    calls=st.integers(0, 6),
    minutes=st.sampled_from([15, 30, 60, 120]),
    goal=st.sampled_from(Goal),
)
def test_no_more_patients_are_called_and_none_moves_farther_than_allowed(
    seed: int, calls: int, minutes: int, goal: Goal
) -> None:
    limits = make_day_limits(chairs=10, nurses=3)
    visits = make_crowded_morning(24, seed, limits) + make_waiting(3, seed + 1)

    plan = replan_day(visits, limits, goal=goal, most_calls=calls, most_minutes=minutes, steps=150)

    called = [move for move in plan.moves if move.before is not None]
    assert len(called) <= calls
    assert all(15 * abs(move.after - (move.before or 0)) <= minutes for move in called)
    assert is_within(visits, plan, limits)
    assert all(slot is not None for each, slot in zip(visits, plan.slots, strict=True) if each.slot)


def test_who_has_arrived_stays() -> None:
    limits = make_day_limits(chairs=4, nurses=4)
    visits = [
        DayVisit(key=key, profile=make_visit(key, 8).profile, slot=0, fixed=key < 2)
        for key in range(4)
    ]

    plan = replan_day(visits, limits, goal=Goal.PEAK, steps=500)

    assert plan.slots[:2] == (0, 0)
    assert (plan.before, plan.value) == (4, 2)


def test_like_visits_exchange_places_so_that_few_are_called() -> None:
    limits = make_day_limits(chairs=4, nurses=4)
    visits = [make_visit(key, 8, start=0) for key in range(3)]

    plan = replan_day(visits, limits, goal=Goal.PEAK, steps=500)

    assert (plan.value, len(plan.moves)) == (1, 2)


def test_a_day_over_capacity_is_rearranged_and_never_gets_worse() -> None:
    limits = make_day_limits(chairs=3, nurses=1)
    visits = [make_visit(key, 4, start=0) for key in range(4)]

    plan = replan_day(visits, limits, goal=Goal.PEAK, steps=500)

    assert plan.value == 1
    assert is_within(visits, plan, limits)


def test_an_empty_day_needs_no_plan() -> None:
    plan = replan_day([], make_day_limits(), goal=Goal.CLOSING)

    assert (plan.value, plan.bound, plan.moves) == (0, 0, ())


@given(
    lengths=st.lists(st.sampled_from(LENGTHS), min_size=1, max_size=40),
    homes=st.lists(st.none() | st.integers(0, 12), min_size=40, max_size=40),
    order=st.randoms(use_true_random=False),
)
def test_visits_go_to_their_first_start_with_room_whether_or_not_another_like_them_was_tried(
    lengths: list[int], homes: list[int | None], order: random.Random
) -> None:
    limits = make_day_limits(chairs=5, nurses=2)
    starts = tuple(range(16))
    candidates = [
        Candidate(profile=make_visit(0, n).profile, starts=starts, worth=n, home=home)
        for n, home in zip(lengths, homes, strict=False)
    ]
    turns = list(range(len(candidates)))
    order.shuffle(turns)
    packing, plain = Packing(limits, candidates), Packing(limits, candidates)

    packing.fill(turns, lambda: False)
    for index in turns:
        any(plain.put(index, slot) for slot in starts)

    assert packing.slot == plain.slot
    assert packing.worth == plain.worth


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize(("seed", "count"), [(40, 120), (41, 160)])
def test_a_full_day_under_the_hands_on_rule_is_filled_to_within_two_percent(
    seed: int, count: int
) -> None:
    (requests,) = drawn_day(count, first_seed=seed, seeds=1).days
    limits = make_day_limits(nurses=10, rule=hands_on_rule(4))
    visits = [make_visit(key, slots) for key, slots in enumerate(requests.slots)]

    plan = replan_day(visits, limits, goal=Goal.FILL, steps=4_000)

    assert plan.value >= 0.98 * plan.bound
