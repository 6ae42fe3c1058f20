"""A stored day and the hours of its center: what grows keeps its use, what is not a day is not read."""

import pytest

from scheduler.domain.capacity import DayLoad, place
from scheduler.domain.visits import VisitProfile
from tests.factories.capacity import make_hours, make_limits, make_load, make_setup

HOUR = VisitProfile(iv_start=15, infusion=45)


def test_a_day_keeps_its_use_when_the_hours_grow() -> None:
    limits = make_limits()
    booked = place(make_load(limits), limits, HOUR, 10)
    longer = make_limits(make_setup(hours=make_hours("07:00", "19:00")))
    grid = limits.grid.covering(longer.grid)

    moved = booked.moved_to(grid, from_grid=limits.grid)

    assert grid == longer.grid
    assert moved.same_as(place(make_load(longer), longer, HOUR, 12))


def test_bytes_of_another_day_are_not_read() -> None:
    limits = make_limits()

    with pytest.raises(ValueError, match="reshape"):
        DayLoad.from_bytes(b"\0\0", limits.layout, limits.grid)
