"""Why a dose gets no offer: what the center could never hold is told from days that are full."""

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.grid import Layout
from scheduler.domain.no_offers import impossible, no_place
from scheduler.domain.offers import rank
from scheduler.domain.refusals import Limit
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import Wish
from tests.factories.capacity import (
    MONDAY,
    make_chairs,
    make_day,
    make_days,
    make_hours,
    make_limits,
    make_nurses,
    make_setup,
)

WEEK = Wish(earliest=MONDAY, latest=MONDAY + timedelta(days=4), due=MONDAY)
HOUR = VisitProfile(iv_start=15, infusion=45)
LONG = VisitProfile(iv_start=15, infusion=690)


def test_a_visit_longer_than_the_day_says_when_it_would_end() -> None:
    refusal = no_place(make_days(5), WEEK, [LONG])

    assert refusal.limit is Limit.OPENING_HOURS
    assert refusal.sentence == "The visit would end at 19:15; the center closes at 17:30."


def test_one_long_day_in_the_window_makes_it_a_matter_of_room() -> None:
    long = make_limits(make_setup(hours=make_hours("07:00", "20:00")))
    days = [make_day(MONDAY), make_day(MONDAY + timedelta(days=1), limits=long)]

    assert impossible(days[0], LONG) is not None
    assert no_place(days, WEEK, [LONG]).limit is Limit.WINDOW


def test_what_no_chair_offers_is_named() -> None:
    layout = Layout(needs=(ChairNeed.LIFT,))
    limits = make_limits(make_setup(chairs=make_chairs(4)), layout=layout)
    lifted = VisitProfile(iv_start=15, infusion=45, needs=frozenset({ChairNeed.LIFT}))
    refusal = no_place([make_day(MONDAY, limits=limits)], WEEK, [lifted])

    assert refusal.limit is Limit.CHAIR_NEED
    assert "no " in refusal.sentence
    assert "lift" in refusal.sentence


def test_a_day_without_nurses_is_named_too() -> None:
    limits = make_limits(make_setup(nurses=()))

    assert no_place([make_day(MONDAY, limits=limits)], WEEK, [HOUR]).limit in (
        Limit.IV_STARTS,
        Limit.NURSE_LOAD,
        Limit.PATIENTS,
    )


def test_days_that_do_not_come_are_told_from_days_that_are_full() -> None:
    later = Wish(earliest=date(2027, 1, 4), latest=date(2027, 1, 8))
    weekend = Wish(earliest=MONDAY + timedelta(days=5), latest=MONDAY + timedelta(days=6))
    below = Wish(earliest=MONDAY, latest=MONDAY, not_before=MONDAY + timedelta(days=1))

    assert no_place(make_days(5), later, [HOUR]).limit is Limit.HORIZON
    assert no_place(make_days(10), weekend, [HOUR]).limit is Limit.CLOSED
    assert no_place(make_days(5), below, [HOUR]).limit is Limit.NOT_BEFORE
    assert no_place(make_days(5), WEEK, [HOUR]).limit is Limit.WINDOW


@given(
    infusion=st.integers(15, 900),
    opens=st.integers(6, 10),
    hours=st.integers(1, 12),
    nurses=st.integers(0, 2),
)
def test_only_what_an_empty_day_cannot_hold_is_called_impossible(
    infusion: int, opens: int, hours: int, nurses: int
) -> None:
    setup = make_setup(
        hours=make_hours(f"{opens:02d}:00", f"{opens + hours:02d}:00"), nurses=make_nurses(nurses)
    )
    day = make_day(MONDAY, limits=make_limits(setup))
    visit = VisitProfile(iv_start=15, infusion=infusion)

    offered = rank([day], WEEK, visit, limit=1)
    assert bool(offered) == (impossible(day, visit) is None)


def test_an_offer_says_that_the_nurse_whom_it_needs_is_in() -> None:
    port = VisitProfile(iv_start=15, infusion=45, competencies=frozenset({"port"}))
    nurses = make_nurses(2, able=frozenset({"port"}))
    day = make_day(MONDAY, limits=make_limits(make_setup(nurses=nurses)))
    wish = Wish(earliest=MONDAY, latest=MONDAY, due=MONDAY, times=(time(9),))

    assert "nurse with port competency in" in rank([day], wish, port, limit=1)[0].reasons
    assert not any("competency" in word for word in rank([day], wish, HOUR, limit=1)[0].reasons)
