"""Weeks ahead: what cannot be held is named, and spread inside windows where that helps."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.look_ahead import FULL, DayRoom, WaitingDose, look_ahead

MONDAY = date(2026, 3, 2)
ALLOWS = (1000.0, 800.0, 40.0)


def make_days(
    weeks: int = 2, *, closed: tuple[int, ...] = (), booked: float = 0.0
) -> list[DayRoom]:
    """Return the days of some weeks, weekends closed; ``booked`` is the share that is taken."""
    return [
        DayRoom(
            day=MONDAY + timedelta(days=n),
            allows=ALLOWS if n % 7 < 5 and n not in closed else (0.0, 0.0, 0.0),
            booked=tuple(booked * each for each in ALLOWS) if n % 7 < 5 else (0.0, 0.0, 0.0),
        )
        for n in range(7 * weeks)
    ]


def make_dose(
    key: int, day: int, *, late: int = 0, early: int = 0, size: float = 300
) -> WaitingDose:
    planned = MONDAY + timedelta(days=day)
    return WaitingDose(
        key=key,
        planned=planned,
        first=planned - timedelta(days=early),
        last=planned + timedelta(days=late),
        takes=(size, size / 2, 1.0),
    )


def test_a_day_that_is_not_too_full_keeps_its_doses() -> None:
    found = look_ahead(make_days(), [make_dose(n, 0, late=5) for n in range(3)])

    assert found.moves == {}
    assert found.weeks[0].holds
    assert (found.weeks[0].waiting, found.weeks[0].could, found.weeks[0].must) == (3, 3, 3)


def test_what_is_too_much_for_a_week_goes_to_another_one_inside_its_window() -> None:
    doses = [make_dose(n, n % 5, late=7) for n in range(20)]

    found = look_ahead(make_days(), doses)

    assert found.weeks[0].needed > FULL
    assert found.weeks[0].after <= FULL
    assert all(week.short == 0 for week in found.weeks)
    assert len(found.moves) == 5, "15 of 20 fit"


def test_a_week_that_cannot_hold_what_must_be_there_is_named() -> None:
    doses = [make_dose(n, 0, size=400) for n in range(5)]

    found = look_ahead(make_days(), doses)

    assert found.moves == {}
    assert [week.short for week in found.weeks] == [3, 0]
    assert found.weeks[0].scarcest == "chair time"


def test_a_dose_goes_where_another_one_makes_room() -> None:
    bound = [make_dose(n, 0, late=1, size=450) for n in range(3)]
    ahead = [make_dose(10 + n, 1, late=1, size=450) for n in range(2)]

    found = look_ahead(make_days(1), [*bound, *ahead])

    assert len(found.moves) == 2
    assert all(week.short == 0 for week in found.weeks)


def test_a_closed_day_loses_its_doses() -> None:
    found = look_ahead(make_days(closed=(0,)), [make_dose(1, 0, late=2)])

    assert found.moves == {1: MONDAY + timedelta(days=1)}


def test_a_dose_keeps_its_distance_to_the_one_before_it() -> None:
    first = make_dose(1, 0, late=4)
    second = replace(make_dose(2, 7, early=6, late=1, size=950), previous=1, apart=6)
    third = replace(make_dose(3, 8, late=4), previous=2, apart=1)

    found = look_ahead(make_days(3, closed=(7,)), [first, second, third])

    assert set(found.moves) <= {2, 3}
    at = {dose.key: found.moves.get(dose.key, dose.planned) for dose in (first, second, third)}
    assert at[2] - at[1] >= timedelta(days=6)
    assert at[3] > at[2]


some_doses = st.lists(
    st.tuples(st.integers(0, 13), st.integers(0, 9), st.integers(0, 9), st.integers(50, 500)),
    max_size=30,
)


@given(facts=some_doses, booked=st.sampled_from([0.0, 0.5, 0.95]))
def test_nothing_leaves_its_window_and_no_day_is_filled_beyond_its_room(
    facts: list[tuple[int, int, int, int]], booked: float
) -> None:
    doses = [
        make_dose(n, day, late=late, early=early, size=size)
        for n, (day, late, early, size) in enumerate(facts)
    ]
    days = make_days(booked=booked)

    found = look_ahead(days, doses, steps=300)

    known = {dose.key: dose for dose in doses}
    for key, to in found.moves.items():
        assert known[key].first <= to <= known[key].last
    allows = {day.day: day.allows for day in days}
    for to in set(found.moves.values()):
        mine = [d for d in doses if found.moves.get(d.key, d.planned) == to]
        for measure in range(3):
            used = booked * allows[to][measure] + sum(d.takes[measure] for d in mine)
            before = booked * allows[to][measure] + sum(
                d.takes[measure] for d in doses if d.planned == to
            )
            assert used <= max(FULL * allows[to][measure], before) + 1e-3
    assert sum(week.waiting for week in found.weeks) == len(doses)


def test_doses_are_exchanged_until_all_fit_where_one_after_the_other_would_not() -> None:
    sizes = (450, 400, 350, 300, 200, 100)
    doses = [make_dose(n, n // 6 * 4, late=4, size=sizes[n % 6]) for n in range(12)]
    tight = [replace(day, allows=(900 / FULL, 800.0, 40.0)) for day in make_days(2)]

    found = look_ahead(tight, doses)

    assert all(week.short == 0 for week in found.weeks)
