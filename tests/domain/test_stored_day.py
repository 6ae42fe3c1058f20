"""A stored day: what is not a day is not read."""

import pytest

from scheduler.domain.capacity import DayLoad
from scheduler.domain.visits import VisitProfile
from tests.factories.capacity import make_limits

HOUR = VisitProfile(iv_start=15, infusion=45)


def test_bytes_of_another_day_are_not_read() -> None:
    limits = make_limits()

    with pytest.raises(ValueError, match="reshape"):
        DayLoad.from_bytes(b"\0\0", limits.layout, limits.grid)
