"""What holds in every plan, over random rules and random fates: ten thousand in the suite, a million in a night."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from scheduler.domain.doses import DoseStatus, Facts, GivenFact, PlannedDose
from scheduler.domain.plans import GivenOutcome
from tests.domain.random_plans import INGREDIENT, Plan, random_plans
from tests.oracle.almanac import allowed_after, day_of, number_of

SUITE, NIGHT, BATCHES = 10_000, 1_000_000, 20
Law = Callable[[Plan, Random], None]


def gaps_hold(plan: Plan, _random: Random) -> None:
    """No dose is planned before its not-before, nor sooner after a given one than the label's gap allows."""
    bar = _last_given_plus_gap(plan)
    for dose in plan.series().doses:
        if dose.given is not None or dose.planned is None:
            continue
        assert dose.not_before is None or dose.planned >= dose.not_before
        if dose.phase == "interval" and bar is not None:
            assert dose.planned >= bar
            assert dose.not_before is not None
            assert dose.not_before >= bar


def days_are_open_and_in_the_window(plan: Plan, _random: Random) -> None:
    """A planned day is open, and between earliest and latest but for a course, which then is called late."""
    for dose in plan.series().doses:
        if dose.given is not None or dose.planned is None:
            continue
        assert plan.calendar.is_open(dose.planned)
        assert dose.earliest <= dose.planned
        assert dose.planned <= dose.latest or (dose.course and dose.status is not DoseStatus.OK)


def ordinals_are_stable(plan: Plan, random: Random) -> None:
    """Ordinals rise by one, and a dose that is skipped takes its own with it and no other."""
    before = [dose.ordinal for dose in plan.series().doses]
    assert before == list(range(1, len(before) + 1))
    given = {fact.ordinal for fact in plan.facts.given}
    open_ones = [d for d in plan.series().doses if d.ordinal not in given and d.course is None]
    if not open_ones:
        return
    skipped = random.choice(open_ones).ordinal
    after = [
        dose.ordinal
        for dose in plan.series(replace(plan.facts, skipped=frozenset({skipped}))).doses
    ]
    assert skipped not in after
    assert set(after) <= set(before)
    assert after == sorted(after)


def nothing_changes_by_asking_twice(plan: Plan, random: Random) -> None:
    """Resolving is a function of its facts, whatever their order."""
    shuffled = list(plan.facts.given)
    random.shuffle(shuffled)
    assert plan.series() == plan.series(Facts(given=tuple(shuffled)))


def a_farther_horizon_adds_doses_and_changes_none(plan: Plan, random: Random) -> None:
    """The doses to a day are those to a later day that are due by then."""
    nearer = plan.order.first_day + timedelta(days=random.randint(0, 200))
    near, far = plan.series(until=nearer).doses, plan.series().doses
    assert far[: len(near)] == near


def the_future_leaves_the_past_alone(plan: Plan, _random: Random) -> None:
    """Adding facts in steps, as time goes on, never changes a dose that was given before."""
    known: tuple[GivenFact, ...] = ()
    seen: dict[int, PlannedDose] = {}
    for fact in sorted(plan.facts.given, key=lambda fact: fact.day):
        known = (*known, fact)
        found = {d.ordinal: d for d in plan.series(Facts(given=known)).doses if d.given is not None}
        for ordinal, dose in seen.items():
            assert found.get(ordinal) == dose
        seen = found
    assert list(seen.values()) == [d for d in plan.series().doses if d.given is not None]


def what_lies_between_does_not_move_a_grid_that_never_moves(plan: Plan, _random: Random) -> None:
    """Under ``never`` a due day follows from its anchor alone, whatever became of the doses between."""
    interval = plan.rule.phase("interval")
    if interval.reanchor.value != "never" or interval.anchor == "opening.last":
        return
    first = tuple(fact for fact in plan.facts.given if fact.ordinal == 1)
    calm = {
        d.ordinal: d.due for d in plan.series(Facts(given=first)).doses if d.phase == "interval"
    }
    began = max((fact.day for fact in first if fact.real), default=date.min)
    for dose in plan.series().doses:
        if dose.given is not None and dose.given < began:
            continue  # given before the anchor was: told as it was known then
        if dose.phase == "interval" and dose.ordinal in calm:
            assert dose.due == calm[dose.ordinal]


LAWS = (
    gaps_hold,
    days_are_open_and_in_the_window,
    ordinals_are_stable,
    nothing_changes_by_asking_twice,
    a_farther_horizon_adds_doses_and_changes_none,
    the_future_leaves_the_past_alone,
    what_lies_between_does_not_move_a_grid_that_never_moves,
)


def hold(law: Law, count: int, seed: str) -> None:
    """Ask a law of so many random plans; what breaks it names seed and plan."""
    random = Random(seed)
    for n, plan in enumerate(random_plans(random, count)):
        try:
            law(plan, random)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed!r}, plan {n}: {plan}") from broken


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_in_every_plan(law: Law) -> None:
    hold(law, 300, "quick")


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4))
def test_no_dose_comes_before_its_not_before_in_ten_thousand_plans(batch: int) -> None:
    hold(gaps_hold, SUITE // 4, f"suite {batch}")


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS[1:], ids=lambda law: law.__name__)
def test_a_law_holds_in_a_thousand_plans(law: Law) -> None:
    hold(law, 1000, "suite")


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_dose_comes_before_its_not_before_in_a_million_plans(batch: int) -> None:
    hold(gaps_hold, NIGHT // BATCHES, f"night {date.today()} {batch}")  # noqa: DTZ011 - any seed does


@pytest.mark.nightly
@pytest.mark.parametrize("law", LAWS[1:], ids=lambda law: law.__name__)
def test_a_law_holds_in_twenty_thousand_plans(law: Law) -> None:
    hold(law, 20_000, f"night {date.today()}")  # noqa: DTZ011 - any seed does


def _last_given_plus_gap(plan: Plan) -> date | None:
    """Return the first day that the rule's gap allows after the last given dose, by the almanac."""
    gap = plan.rule.phase("interval").min_gap
    days = [
        fact.day
        for fact in plan.facts.given
        if fact.outcome is not GivenOutcome.NONE and fact.ingredient == INGREDIENT
    ]
    if gap is None or not days:
        return None
    last = max(days)
    number = number_of(last.year, last.month, last.day)
    return date(*day_of(allowed_after(number, gap.span.months) + gap.span.days))
