"""Calendar arithmetic for doses: what clamps, what rolls, what keeps its weekday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.dates import (
    EVERY_DAY,
    Interval,
    OpenDays,
    Shift,
    due,
    not_before,
    open_days_with_gaps,
    parse_interval,
    read_interval,
    run_of_days,
    shifted,
)

DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))
WEEKDAYS = OpenDays()


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P6M", Interval(months=6)),
        ("P1Y", Interval(months=12)),
        ("P24W", Interval(days=168, weeks_written=True)),
        ("P14D", Interval(days=14)),
        ("-P7D", Interval(days=-7)),
    ],
)
def test_a_span_is_read_as_the_label_writes_it(text: str, span: Interval) -> None:
    assert parse_interval(text) == span


@pytest.mark.parametrize("text", ["P", "6M", "PT30M", "P6X", ""])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="span"):
        parse_interval(text)


def test_six_months_from_31_august_clamp_to_the_end_of_february() -> None:
    assert due(date(2026, 8, 31), Interval(months=6), 1) == date(2027, 2, 28)
    assert due(date(2027, 8, 31), Interval(months=6), 1) == date(2028, 2, 29)


def test_a_minimum_gap_never_ends_a_day_early() -> None:
    assert not_before(date(2026, 9, 30), Interval(months=5)) == date(2027, 3, 1)
    assert not_before(date(2024, 2, 29), Interval(months=12)) == date(2025, 3, 1)


def test_a_series_of_month_ends_is_not_chained() -> None:
    days = [due(date(2026, 8, 31), Interval(months=6), k) for k in range(1, 5)]

    assert days == [date(2027, 2, 28), date(2027, 8, 31), date(2028, 2, 29), date(2028, 8, 31)]


@given(anchor=DAYS, times=st.integers(1, 40))
def test_a_due_day_does_not_depend_on_the_doses_between(anchor: date, times: int) -> None:
    assert due(anchor, Interval(months=6), times) == due(anchor, Interval(months=6 * times), 1)


@given(anchor=DAYS, times=st.integers(1, 60))
def test_weeks_keep_the_weekday(anchor: date, times: int) -> None:
    assert due(anchor, parse_interval("P4W"), times).weekday() == anchor.weekday()


@given(given_on=DAYS, months=st.integers(1, 24))
def test_a_gap_rolls_at_most_one_day_past_the_due_day(given_on: date, months: int) -> None:
    gap = Interval(months=months)

    assert not_before(given_on, gap) - due(given_on, gap, 1) in (timedelta(0), timedelta(days=1))
    assert not_before(given_on, gap).day in (given_on.day, 1)


def test_a_tie_between_two_open_days_goes_to_the_later() -> None:
    wednesday = date(2026, 3, 18)
    calendar = OpenDays(closed=frozenset({wednesday}))

    found = shifted(
        wednesday, wednesday - timedelta(3), wednesday + timedelta(3), calendar, Shift.NEAREST
    )

    assert found == date(2026, 3, 19)


def test_a_window_without_an_open_day_has_no_day() -> None:
    saturday = date(2026, 3, 21)

    assert shifted(saturday, saturday, saturday + timedelta(1), WEEKDAYS, Shift.NEAREST) is None


@given(
    target=DAYS,
    early=st.integers(0, 20),
    late=st.integers(0, 20),
    closed=st.sets(st.integers(-20, 20)),
    shift=st.sampled_from(Shift),
)
def test_a_shift_stays_in_the_window_and_lands_on_an_open_day(
    target: date, early: int, late: int, closed: set[int], shift: Shift
) -> None:
    calendar = OpenDays(closed=frozenset(target + timedelta(n) for n in closed))
    earliest, latest = target - timedelta(early), target + timedelta(late)

    found = shifted(target, earliest, latest, calendar, shift)

    if found is not None and shift is not Shift.NONE:
        assert earliest <= found <= latest
        assert calendar.is_open(found)


def test_five_consecutive_open_days_exist_only_from_monday_in_a_monday_to_friday_clinic() -> None:
    found = run_of_days(date(2026, 3, 4), 5, date(2026, 4, 4), WEEKDAYS)

    assert found is not None
    assert found[0] == date(2026, 3, 9)


def test_a_holiday_blocks_its_whole_week_for_a_run_of_five() -> None:
    memorial_day = OpenDays(closed=frozenset({date(2026, 5, 25)}))

    found = run_of_days(date(2026, 5, 25), 5, date(2026, 6, 30), memorial_day)

    assert found is not None
    assert found[0] == date(2026, 6, 1)


def test_a_run_that_may_leave_out_closed_days_goes_over_the_weekend() -> None:
    found = open_days_with_gaps(date(2026, 3, 5), 3, WEEKDAYS, 3)

    assert found == (date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9))


def test_every_day_is_open_where_no_calendar_counts() -> None:
    assert all(EVERY_DAY.is_open(date(2026, 3, 1) + timedelta(n)) for n in range(7))


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("4 weeks", Interval(days=28, weeks_written=True)),
        ("1 week", Interval(days=7, weeks_written=True)),
        ("6 Months", Interval(months=6)),
        ("1 year", Interval(months=12)),
        ("28 days", Interval(days=28)),
        (" 28 ", Interval(days=28)),
        ("p24w", Interval(days=168, weeks_written=True)),
        ("P6M", Interval(months=6)),
    ],
)
def test_a_span_is_read_as_a_person_writes_it(typed: str, span: Interval) -> None:
    assert read_interval(typed) == span
    assert parse_interval(span.iso) == span


@pytest.mark.parametrize(
    "typed", ["", "-5", "four weeks", "4 fortnights", "6 months 2", "1.5 weeks"]
)
def test_what_nobody_would_write_for_a_span_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a span"):
        read_interval(typed)
