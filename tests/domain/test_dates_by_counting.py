"""Calendar arithmetic against plain counting: every start day of 2024-2036, and every small window."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from scheduler.domain.dates import (
    Interval,
    OpenDays,
    Shift,
    due,
    not_before,
    open_days_with_gaps,
    parse_interval,
    run_of_days,
    shifted,
)
from tests.oracle.almanac import allowed_after, day_of, due_after, number_of

MONDAY = date(2026, 3, 2)
MONTHS = (1, 2, 3, 5, 6, 12, 18, 48)


def every_start() -> Iterator[tuple[date, int]]:
    """Yield each day from 2024 to 2036, and its day number."""
    day = date(2024, 1, 1)
    while day.year <= 2036:
        yield day, number_of(day.year, day.month, day.day)
        day += timedelta(days=1)


@pytest.mark.parametrize("months", MONTHS)
def test_due_days_clamp_and_gaps_roll_from_every_start_day(months: int) -> None:
    span = Interval(months=months)

    wrong = [
        day
        for day, number in every_start()
        if due(day, span, 1) != date(*day_of(due_after(number, months)))
        or not_before(day, span) != date(*day_of(allowed_after(number, months)))
    ]

    assert wrong == []


def test_a_gap_of_five_months_rolls_on_twenty_two_of_the_days_of_eight_years() -> None:
    starts = [day for day, _ in every_start() if day.year < 2032]
    span = Interval(months=5)

    rolled = [day for day in starts if not_before(day, span) != due(day, span, 1)]

    assert (len(starts), len(rolled)) == (2922, 22)


def test_six_months_from_a_weekday_land_on_a_weekend_in_22_percent() -> None:
    starts = [day for day, _ in every_start() if day.year < 2032 and day.weekday() < 5]

    weekend = [day for day in starts if due(day, Interval(months=6), 1).weekday() > 4]

    assert round(100 * len(weekend) / len(starts)) == 22


def test_a_span_of_months_and_days_counts_the_months_first() -> None:
    span = Interval(months=1, days=3)

    assert due(date(2026, 1, 31), span, 1) == date(2026, 3, 3)
    assert not_before(date(2026, 1, 31), span) == date(2026, 3, 4)
    assert due(date(2026, 3, 31), span, -1) == date(2026, 2, 25)


def test_a_span_is_taken_several_times_and_backwards_without_losing_its_unit() -> None:
    weeks = parse_interval("P4W")

    assert weeks.times(3) == Interval(days=84, weeks_written=True)
    assert Interval(months=2, days=1).times(3) == Interval(months=6, days=3)
    assert weeks.back() == Interval(days=-28, weeks_written=True)
    assert Interval(months=6, days=2).back() == Interval(months=-6, days=-2)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P1Y2M3W4D", Interval(months=14, days=25, weeks_written=True)),
        ("-P1Y2M3W4D", Interval(months=-14, days=-25, weeks_written=True)),
        ("P0D", Interval()),
        ("P10D", Interval(days=10)),
    ],
)
def test_a_span_may_be_written_in_several_units(text: str, span: Interval) -> None:
    assert parse_interval(text) == span


@pytest.mark.parametrize("text", ["P", "-P", "P6", "6M", "PT5M", "P6M ", "p6m", "--P7D"])
def test_the_refusal_of_a_span_names_it(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span such as P6M, P24W or P14D") as refused:
        parse_interval(text)

    assert str(refused.value).startswith(repr(text))


@pytest.mark.parametrize("target", [date(2026, 3, 31), date(2026, 3, 30), date(2026, 3, 11)])
def test_every_shift_in_every_small_window_is_the_one_that_counting_finds(target: date) -> None:
    for early, late, mask in product(range(4), range(4), range(128)):
        closed = {target + timedelta(days=n - 3) for n in range(7) if mask >> n & 1}
        calendar = OpenDays(weekdays=frozenset(range(7)), closed=frozenset(closed))
        window = target - timedelta(days=early), target + timedelta(days=late)
        for shift in Shift:
            assert shifted(target, *window, calendar, shift) == counted(
                target, *window, closed, shift
            ), (early, late, mask, shift)


def counted(
    target: date, earliest: date, latest: date, closed: set[date], shift: Shift
) -> date | None:
    """Return the day that a convention means, by looking at all days of the window."""
    if shift is Shift.NONE:
        return target
    days = [earliest + timedelta(days=n) for n in range((latest - earliest).days + 1)]
    fits = [day for day in days if day not in closed]
    later, sooner = ([d for d in fits if d >= target], [d for d in fits if d < target][::-1])
    same_month = [day for day in later if day.month == target.month]
    order = {
        Shift.FOLLOWING: later,
        Shift.PRECEDING: [*([target] if target in fits else []), *sooner],
        Shift.MODIFIED_FOLLOWING: [*same_month, *sooner],
        Shift.NEAREST: sorted(fits, key=lambda day: (abs(day - target), day < target)),
    }
    return next(iter(order[shift]), None)


def test_a_target_outside_its_window_is_moved_to_the_nearer_end_first() -> None:
    open_days = OpenDays(weekdays=frozenset(range(7)))
    early, late = MONDAY + timedelta(days=5), MONDAY + timedelta(days=9)

    assert shifted(MONDAY, early, late, open_days, Shift.NEAREST) == early
    assert shifted(MONDAY + timedelta(days=20), early, late, open_days, Shift.NEAREST) == late


def test_every_run_of_days_is_the_first_that_counting_finds() -> None:
    for length, reach, mask in product(range(1, 5), range(6), range(256)):
        closed = {MONDAY + timedelta(days=n) for n in range(8) if mask >> n & 1}
        calendar = OpenDays(weekdays=frozenset(range(7)), closed=frozenset(closed))
        latest = MONDAY + timedelta(days=reach)

        found = run_of_days(MONDAY, length, latest, calendar)

        runs = [
            tuple(MONDAY + timedelta(days=start + n) for n in range(length))
            for start in range(reach + 1)
        ]
        assert found == next((run for run in runs if not closed & set(run)), None)


def test_a_run_with_gaps_takes_the_open_days_and_gives_up_at_one_closed_day_too_many() -> None:
    for length, most, mask in product(range(1, 5), range(4), range(256)):
        closed = {MONDAY + timedelta(days=n) for n in range(8) if mask >> n & 1}
        calendar = OpenDays(weekdays=frozenset(range(7)), closed=frozenset(closed))

        found = open_days_with_gaps(MONDAY, length, calendar, most)

        days = [MONDAY + timedelta(days=n) for n in range(20)]
        wanted = [day for day in days if day not in closed][:length]
        widest = max([0, *((after - day).days - 1 for day, after in pairwise(wanted))])
        assert found == (tuple(wanted) if widest <= most else None), (length, most, mask)


def test_a_run_is_not_looked_for_beyond_a_month() -> None:
    for shut, found in ((31, True), (32, False), (40, False)):
        closed = frozenset(MONDAY + timedelta(days=n) for n in range(shut))
        calendar = OpenDays(weekdays=frozenset(range(7)), closed=closed)
        assert bool(open_days_with_gaps(MONDAY, 1, calendar, 3)) is found


@pytest.mark.parametrize("times", range(-3, 6))
def test_weeks_and_days_are_counted_day_by_day(times: int) -> None:
    assert due(MONDAY, parse_interval("P4W"), times) == MONDAY + timedelta(days=28 * times)
    assert due(MONDAY, Interval(months=12, days=3), times) == (
        MONDAY.replace(year=MONDAY.year + times) + timedelta(days=3 * times)
    )
