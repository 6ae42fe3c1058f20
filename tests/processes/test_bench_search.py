"""Offers are measured among booked days, in process and over HTTP, and told as plain values."""

import json

import pytest

from scheduler.bench.search import measure_offers, measure_search
from scheduler.bench.speed import Measured


@pytest.mark.slow
def test_offers_over_ninety_days_are_found_in_process() -> None:
    found = measure_search()

    assert found.rows == 90 * 90
    assert found.ours_ms > found.floor_ms > 0
    assert found.ours_ms < 25, "guidance: 1 ms"


@pytest.mark.slow
def test_offers_over_http_are_measured_beside_a_bare_page() -> None:
    found = measure_offers("sqlite", appointments=48)

    assert found.ours_ms > 0
    assert found.floor_ms > 0
    assert (found.engine, found.rows) == ("sqlite", 48)


@pytest.mark.parametrize(("in_ms", "held"), [(True, True), (False, False)])
def test_a_limit_is_in_milliseconds_or_in_times_the_floor(*, in_ms: bool, held: bool) -> None:
    found = Measured(
        what="offers",
        engine="-",
        ours_ms=0.8,
        floor_ms=0.1,
        ratio=8.0,
        most=5.0,
        rows=3,
        in_ms=in_ms,
    )

    told = json.loads(json.dumps(found.as_plain()))
    assert told["held"] is held
    assert (told["rows"], told["ms"], told["floor_ms"], told["ratio"]) == (3, 0.8, 0.1, 8.0)
