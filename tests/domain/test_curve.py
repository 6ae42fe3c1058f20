"""The curve shows each slot against its limits."""

from datetime import time

from scheduler.domain.capacity import place
from scheduler.domain.curve import curve
from scheduler.domain.visits import VisitProfile
from tests.factories.capacity import make_limits, make_load, make_nurses, make_setup


def test_the_curve_shows_chairs_starts_and_nurses_against_their_limits() -> None:
    limits = make_limits()
    load = place(make_load(limits), limits, VisitProfile(infusion=45, turnover=15), 10)

    points = curve(load, limits)

    assert len(points) == 40
    point = points[10]
    assert (point.at, point.chairs, point.iv_starts, point.nurse_load) == (time(10, 0), 1, 1, 1.0)
    assert (point.chairs_allowed, point.iv_starts_allowed, point.nurse_load_allowed) == (8, 4, 4.0)
    assert (points[14].chairs, points[14].patients) == (1, 0)
    assert not any(point.over for point in points)


def test_a_slot_over_capacity_says_so() -> None:
    limits = make_limits()
    short = make_limits(make_setup(nurses=make_nurses(0)))

    points = curve(place(make_load(limits), limits, VisitProfile(infusion=45), 10), short)

    assert [point.at for point in points if point.over] == [
        time(10, 0),
        time(10, 15),
        time(10, 30),
        time(10, 45),
    ]
