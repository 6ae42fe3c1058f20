"""32 clients over HTTP against started servers: one place has one winner, a series is booked once."""

import pytest

from scheduler.bench.race import run_races


@pytest.mark.slow
@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_of_32_clients_exactly_one_wins_and_the_others_are_told_so(engine: str) -> None:
    place, series = run_races((engine,), rounds=1)

    assert (place.wins, place.refused, place.with_offers) == (1, 31, 31)
    assert (series.wins, series.other) == (1, ())
    assert place.right
    assert series.right
