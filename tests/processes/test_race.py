"""32 clients over HTTP against started servers: one place has one winner, a series is booked once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.bench.race import Round, run_races, together
from scheduler.bench.scene import weekdays_after


@pytest.mark.slow
@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_of_32_clients_exactly_one_wins_and_the_others_are_told_so(engine: str) -> None:
    place, series = run_races((engine,), rounds=1)

    assert (place.wins, place.refused, place.with_offers) == (1, 31, 31)
    assert (series.wins, series.other) == (1, ())
    assert (place.stored, series.stored) == (1, 26)
    assert place.right
    assert series.right


def make_round(*, race: str = "last place", right: bool = True) -> Round:
    return Round(
        engine="sqlite",
        race=race,
        wins=1 if right else 2,
        refused=31,
        with_offers=31,
        other=(),
        stored=1,
        right=right,
    )


def test_rounds_are_told_together_and_one_wrong_one_makes_the_race_wrong() -> None:
    rounds = [make_round(), make_round(right=False), make_round(race="series of 26")]

    place, series = together(rounds)

    assert (place.kind, place.rounds, place.right, place.wins) == ("last place", 2, 1, 3)
    assert (place.stored, place.clients, place.verdict) == (2, 32, "wrong")
    assert (series.rounds, series.verdict) == (1, "right")


@given(day=st.dates(date(2024, 1, 1), date(2036, 12, 31)))
def test_each_round_races_for_a_day_of_its_own(day: date) -> None:
    days = weekdays_after(day, 10, 5)

    assert len(set(days)) == 5
    assert min(days) >= day + timedelta(days=10)
