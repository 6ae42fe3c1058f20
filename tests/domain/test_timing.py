"""Wall times become instants in one place, which refuses times that the clocks skip."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.timing import (
    SkippedTimeError,
    instant_at,
    local,
    local_day,
    local_time,
    minute_of,
    time_of,
)

CHICAGO = ZoneInfo("America/Chicago")


def test_a_wall_time_the_clocks_skip_is_refused_and_named() -> None:
    with pytest.raises(SkippedTimeError, match=r"skip 2:30 on March 8, 2026") as refused:
        instant_at(date(2026, 3, 8), time(2, 30), CHICAGO)

    assert refused.value.status == 422
    assert refused.value.code == "skipped_time"


def test_of_a_repeated_wall_time_the_earlier_counts() -> None:
    instant = instant_at(date(2026, 11, 1), time(1, 30), CHICAGO)

    assert instant == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_there_and_back_is_the_same_wall_time(day: date, at: time) -> None:
    try:
        instant = instant_at(day, at, CHICAGO)
    except SkippedTimeError:
        assert 2 <= at.hour < 3
        return

    assert instant.tzinfo is UTC
    assert (local_day(instant, CHICAGO), local_time(instant, CHICAGO)) == (day, at)
    # between zones Python calls the repeated hour unequal to everything (PEP 495)
    assert local(instant, CHICAGO).astimezone(UTC) == instant


@given(st.integers(0, 1439))
def test_minutes_and_times_are_the_same_thing(minute: int) -> None:
    assert minute_of(time_of(minute)) == minute
