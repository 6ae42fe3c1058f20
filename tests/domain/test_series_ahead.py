"""A series placed with a look ahead: windows of later doses stay reachable, overflowing days are avoided."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.capacity import load_of
from scheduler.domain.crowding import DayTime, Expected, Window, crowding
from scheduler.domain.series_places import SeriesDose, place_series
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import Wish
from tests.factories.capacity import MONDAY, make_day, make_days, make_limits

HOUR = VisitProfile(iv_start=15, infusion=45)


def make_dose(key: int, due: int, *, early: int = 0, late: int = 0, after: int = 1) -> SeriesDose:
    on = MONDAY + timedelta(days=due)
    return SeriesDose(
        key=key,
        wish=Wish(earliest=on - timedelta(days=early), latest=on + timedelta(days=late), due=on),
        visits=(HOUR,),
        days_after_previous=after,
    )


def test_no_dose_is_put_so_late_that_the_next_windows_are_over() -> None:
    doses = [make_dose(1, 4, early=4, late=4), make_dose(2, 8, early=2, after=6)]

    places = place_series(doses, make_days(10))

    assert [place.visits[0].day for place in places] == [
        MONDAY + timedelta(days=2),
        MONDAY + timedelta(days=8),
    ]


def test_when_only_a_late_day_has_room_the_dose_is_placed_all_the_same() -> None:
    doses = [make_dose(1, 4, early=4, late=4), make_dose(2, 8, early=2, after=6)]
    days = [day for day in make_days(10) if day.day >= MONDAY + timedelta(days=4)]

    first, second = place_series(doses, days)

    assert first.visits[0].day == MONDAY + timedelta(days=4)
    assert second.refusal is not None


def test_a_day_that_will_overflow_is_avoided() -> None:
    doses = [make_dose(1, 2, early=2, late=2)]
    wednesday = MONDAY + timedelta(days=2)

    (place,) = place_series(doses, make_days(5), crowding={wednesday: 1.5})

    assert place.visits[0].day in (wednesday - timedelta(days=1), wednesday + timedelta(days=1))


def test_a_day_is_crowded_only_by_what_is_beyond_its_room() -> None:
    limits = make_limits()
    chairs = 8 * 600

    assert crowding(make_day(limits=limits), int(0.9 * chairs)) == 0
    assert crowding(make_day(limits=limits), int(0.9 * chairs) + 600) == 1
    booked = make_day(limits=limits, load=load_of(limits, [(HOUR, 0)] * 4))
    assert crowding(booked, int(0.9 * chairs)) == 4 * 60 / 600


@given(
    facts=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)),
        min_size=1,
        max_size=6,
    ),
    crowded=st.dictionaries(st.integers(0, 40), st.floats(0, 5), max_size=10),
)
def test_every_place_keeps_window_and_distance(
    facts: list[tuple[int, int, int, int]], crowded: dict[int, float]
) -> None:
    doses = [
        make_dose(n, due, early=early, late=late, after=after)
        for n, (due, early, late, after) in enumerate(sorted(facts))
    ]
    days = {MONDAY + timedelta(days=n): value for n, value in crowded.items()}

    places = place_series(doses, make_days(30), crowding=days)

    last: date | None = None
    for dose, place in zip(doses, places, strict=True):
        assert bool(place.visits) != (place.refusal is not None)
        if place.visits:
            day = place.visits[0].day
            assert dose.wish.earliest <= day <= dose.wish.latest
            assert last is None or (day - last).days >= (dose.days_after_previous or 0)
            last = day


def make_times(booked: list[float], *, room: float = 600) -> list[DayTime]:
    return [
        DayTime(day=MONDAY + timedelta(days=n), room=room, booked=each)
        for n, each in enumerate(booked)
    ]


def window(first: int, last: int) -> Window:
    return MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)


def test_what_waits_is_expected_on_the_less_full_days_of_its_window() -> None:
    expected = Expected(make_times([400, 0, 0]), {window(0, 1): 300, window(5, 9): 60})

    first, second, third = expected.minutes().values()

    assert first + second == pytest.approx(300)
    assert second > 2 * first
    assert third == 0, "outside every window"


@given(
    booked=st.lists(st.floats(0, 600), min_size=4, max_size=4),
    waits=st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda each: window(*sorted(each))),
        st.floats(1, 500),
        max_size=6,
    ),
)
def test_all_that_waits_is_expected_somewhere_and_can_be_taken_out_again(
    booked: list[float], waits: dict[Window, float]
) -> None:
    expected = Expected(make_times(booked), waits)

    left = expected.minutes()
    assert sum(left.values()) == pytest.approx(sum(waits.values()))
    assert all(minutes >= -1e-6 for minutes in left.values())
    for each, minutes in waits.items():
        for day, part in expected.of(each, minutes).items():
            assert each[0] <= day <= each[1]
            left[day] -= part
    assert all(abs(minutes) < 1e-6 for minutes in left.values())
