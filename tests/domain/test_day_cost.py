"""What a start does to its day: gaps that nobody can fill, a wish that yields on a full day."""

from datetime import time

import numpy as np
import pytest

from scheduler.domain.capacity import DayLimits, DayLoad, load_of
from scheduler.domain.day_cost import level
from scheduler.domain.nursing import simple_rule
from scheduler.domain.scoring import Costs, best_first
from scheduler.domain.timing import minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import CHOICE, Weights
from scheduler.domain.wishes import Wish
from tests.factories.capacity import MONDAY, make_day, make_limits, make_load, make_setup

HOUR = VisitProfile(iv_start=15, infusion=45)
LONG = VisitProfile(iv_start=15, infusion=345)
GAPS = Weights(peak=0.0, mean=0.0, before=(0.0, 1.0, 2.0, 3.0), after=(0.0, 10.0, 20.0, 30.0))


def cost(load: DayLoad, limits: DayLimits, weights: Weights, at: str) -> float:
    """Return what an hour at a time costs its day."""
    found = level([load], [limits], HOUR, weights)[0]
    return float(found.scores[slot(limits, at)])


def slot(limits: DayLimits, at: str) -> int:
    return (minute_of(time.fromisoformat(at)) - limits.grid.first) // limits.grid.slot_minutes


def busy(limits: DayLimits, *starts: str, profile: VisitProfile = HOUR, each: int = 1) -> DayLoad:
    """Return a day on which visits start at these times."""
    return load_of(limits, [(profile, slot(limits, at)) for at in starts for _ in range(each)])


HALF_FULL = (
    "07:30",
    "08:30",
    "09:30",
    "10:30",
    "11:30",
    "12:30",
    "13:30",
    "14:30",
    "15:30",
    "16:30",
)


@pytest.mark.parametrize("minutes", [5, 15])
@pytest.mark.parametrize(
    ("at", "costs"),
    [
        ("11:30", 0.0),
        ("11:45", 1.0 + 30.0),
        ("12:00", 2.0 + 20.0),
        ("12:15", 3.0 + 10.0),
        ("12:30", 0.0),
    ],
)
def test_a_gap_too_short_for_anybody_costs_by_its_quarter_hours(
    minutes: int, at: str, costs: float
) -> None:
    """Two hours are free between two blocks of visits that fill half of the chairs."""
    limits = make_limits(slot_minutes=minutes)
    blocks = [hour for hour in HALF_FULL if hour not in {"11:30", "12:30"}]
    load = busy(limits, *blocks, each=5)

    assert cost(load, limits, GAPS, at) == pytest.approx(costs)


def test_opening_and_closing_end_a_gap_like_a_taken_chair() -> None:
    limits = make_limits()
    load = busy(limits, *HALF_FULL, each=3)
    filling = 3 / 4

    assert cost(load, limits, GAPS, "07:45") == pytest.approx(1.0 * filling)
    assert cost(load, limits, GAPS, "16:15") == pytest.approx(10.0 * filling)
    assert cost(load, limits, GAPS, "07:30") == cost(load, limits, GAPS, "16:30") == 0.0


def test_gaps_do_not_matter_on_an_empty_day() -> None:
    limits = make_limits()

    assert cost(make_load(limits), limits, GAPS, "07:45") == 0.0


CLOSE = Weights(peak=0.0, mean=0.0, close=(2.0, -3.0), close_brief=1.0)


@pytest.mark.parametrize("minutes", [5, 15])
@pytest.mark.parametrize(
    ("at", "costs"), [("16:00", 0.0), ("16:15", -3.0), ("16:30", 2.0 * 2.0), ("11:30", 0.0)]
)
def test_the_last_quarter_hour_stays_free_for_who_stays_longer(
    minutes: int, at: str, costs: float
) -> None:
    """An hour to the end of the day costs twice what two hours do: short visits last longer more often."""
    limits = make_limits(slot_minutes=minutes)
    load, filling = busy(limits, *HALF_FULL, each=3), 3 / 4

    assert cost(load, limits, CLOSE, at) == pytest.approx(costs * filling)


def test_a_long_visit_may_end_with_the_day_sooner_than_a_short_one() -> None:
    limits = make_limits()
    load, filling = busy(limits, *HALF_FULL, each=3), 3 / 4
    found = level([load], [limits], LONG, CLOSE)[0]

    assert found.scores[slot(limits, "11:30")] == pytest.approx(2.0 * 2 / 6 * filling)


def test_a_valley_is_filled_before_a_slope_of_the_same_mean() -> None:
    """Two patients all hour long, or four for half of it: as many in the mean, not in the squares."""
    limits = make_limits(make_setup(rule=simple_rule(4)))
    brief = VisitProfile(iv_start=15, infusion=15)
    flat, slope = busy(limits, "10:00", each=2), busy(limits, "10:30", each=4, profile=brief)
    even = Weights(peak=0.0, mean=1.0)
    squares = Weights(peak=0.0, mean=0.0, squares=1.0)
    share = 1 / int(limits.allowed[limits.layout.row("chairs")].max())

    assert cost(flat, limits, even, "10:00") == cost(slope, limits, even, "10:00")
    assert cost(flat, limits, squares, "10:00") == pytest.approx(9.0 * share)
    assert cost(slope, limits, squares, "10:00") == pytest.approx((1 + 25) / 2 * share)


def test_how_full_a_day_is_counts_the_chairs_and_hours_that_are_taken() -> None:
    limits = make_limits()
    half = level([busy(limits, *HALF_FULL, each=4)], [limits], HOUR, GAPS)[0]
    none = level([make_load(limits)], [limits], HOUR, GAPS)[0]

    assert (none.full, half.full) == (0.0, 0.5)


def way(load: DayLoad, limits: DayLimits, profile: VisitProfile) -> float:
    """Return what the way from ten o'clock to a quarter past eleven costs, beside what the day costs."""
    weights = Weights(peak=0.0, mean=0.0, slot=1.0, yields=CHOICE.yields, brief=CHOICE.brief)
    wish = Wish(earliest=MONDAY, latest=MONDAY, times=(time(10),))
    day = make_day(limits=limits, load=load)
    scores = {at: score for score, _, at in best_first([day], wish, profile, Costs(weights))}
    return scores[slot(limits, "11:15")] - scores[slot(limits, "10:00")]


def test_a_wished_time_yields_as_the_day_fills() -> None:
    limits = make_limits()
    ways = [way(busy(limits, *HALF_FULL, each=each), limits, HOUR) for each in range(4)]

    assert ways == sorted(ways, reverse=True)
    assert 0 < ways[-1] < ways[0]


def test_a_short_visit_gets_its_wish_before_a_long_one() -> None:
    limits = make_limits()
    empty = make_load(limits)

    assert way(empty, limits, HOUR) > way(empty, limits, LONG) > 0


def test_a_time_nearer_to_the_wish_never_costs_more_for_being_near() -> None:
    """No offer is made only to be passed over: of two times alike for the day the nearer is the better."""
    limits = make_limits()
    wish = Wish(earliest=MONDAY, latest=MONDAY, times=(time(10),))
    of_time = Costs(CHOICE).of_time(limits.grid, wish)
    at = slot(limits, "10:00")

    assert (np.diff(of_time[at:]) >= 0).all()
    assert (np.diff(of_time[: at + 1]) <= 0).all()
