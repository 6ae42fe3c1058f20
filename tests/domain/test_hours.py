"""When a center is open: the week in force, closures, half days."""

from datetime import date, time

import pytest

from scheduler.domain.grid import OffGridError, grid_of
from scheduler.domain.hours import Closed, Closure, DayHours, HoursError, WeekHours, hours_of
from tests.factories.capacity import make_hours

WEEK = WeekHours(effective_from=date(2026, 1, 1), days=(make_hours(),) * 5 + (None, None))
LONGER = WeekHours(
    effective_from=date(2026, 6, 1), days=(make_hours("07:00", "19:00"),) * 6 + (None,)
)
MONDAY = date(2026, 3, 2)


def closed_on(first: date, *, until: time | None = None) -> Closure:
    return Closure(first_day=first, last_day=first, reason="Thanksgiving", open_until=until)


def test_a_weekday_has_its_hours_and_a_weekend_says_that_it_is_closed() -> None:
    assert hours_of(MONDAY, [WEEK]) == make_hours()
    assert hours_of(date(2026, 3, 7), [WEEK]) == Closed(
        day=date(2026, 3, 7), reason="closed on Saturdays"
    )


def test_new_hours_hold_from_their_first_day_on() -> None:
    assert hours_of(date(2026, 5, 30), [LONGER, WEEK]) == Closed(
        day=date(2026, 5, 30), reason="closed on Saturdays"
    )
    assert hours_of(date(2026, 6, 6), [LONGER, WEEK]) == make_hours("07:00", "19:00")


def test_a_day_before_any_hours_are_set_is_closed() -> None:
    assert isinstance(hours_of(date(2025, 1, 6), [WEEK]), Closed)


def test_a_closure_closes_its_days_and_says_why() -> None:
    hours = hours_of(date(2026, 11, 26), [WEEK], [closed_on(date(2026, 11, 26))])

    assert hours == Closed(day=date(2026, 11, 26), reason="Thanksgiving")
    assert hours_of(date(2026, 11, 27), [WEEK], [closed_on(date(2026, 11, 26))]) == make_hours()


def test_a_half_day_ends_early() -> None:
    hours = hours_of(MONDAY, [WEEK], [closed_on(MONDAY, until=time(12, 0))])

    assert hours == make_hours("07:30", "12:00")


def test_a_half_day_that_leaves_nothing_is_closed() -> None:
    assert isinstance(hours_of(MONDAY, [WEEK], [closed_on(MONDAY, until=time(7, 0))]), Closed)


def test_hours_that_cross_midnight_are_refused() -> None:
    with pytest.raises(HoursError, match="a day ends at midnight"):
        DayHours(opens=time(20, 0), closes=time(4, 0))


@pytest.mark.parametrize(("slot_minutes", "slots"), [(15, 40), (10, 60), (5, 120)])
def test_the_day_is_cut_into_slots(slot_minutes: int, slots: int) -> None:
    grid = grid_of(make_hours(), slot_minutes)

    assert grid.slots == slots
    assert grid.slot_at(grid.at(7), make_hours()) == 7


OUTSIDE = "{} is outside the day's hours, 7:30 to 17:30."
BETWEEN = "Visits start every 15 minutes, not at {}."


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (time(3, 0), OUTSIDE.format("3:00")),
        (time(7, 29), OUTSIDE.format("7:29")),
        (time(17, 30), OUTSIDE.format("17:30")),
        (time(10, 5), BETWEEN.format("10:05")),
        (time(17, 29), BETWEEN.format("17:29")),
        (time(10, 0, 1), BETWEEN.format("10:00:01")),
    ],
)
def test_a_start_between_two_slots_or_outside_the_day_is_refused_with_what_there_is(
    at: time, sentence: str
) -> None:
    with pytest.raises(OffGridError) as refusal:
        grid_of(make_hours(), 15).slot_at(at, make_hours())

    assert str(refusal.value) == sentence
