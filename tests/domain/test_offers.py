"""Offers: near the wish, an hour apart, level, honest, and each with its reasons."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from scheduler.domain.assignment import Seating, Stay
from scheduler.domain.capacity import Limit, over_capacity, place, refuse
from scheduler.domain.offers import nearest, rank, rank_course, why_not
from scheduler.domain.reasons import reasons
from scheduler.domain.series_places import SeriesDose, place_series
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, TimesOf, Wish
from tests.factories.capacity import (
    MONDAY,
    make_chairs,
    make_day,
    make_days,
    make_limits,
    make_load,
    make_nurses,
    make_setup,
)

HOUR = VisitProfile(iv_start=15, infusion=45)
LONG = VisitProfile(iv_start=15, infusion=585)
WEDNESDAY = MONDAY + timedelta(days=2)


def make_wish(due: date | None = WEDNESDAY, **times: time) -> Wish:
    return Wish(
        earliest=MONDAY,
        latest=MONDAY + timedelta(days=13),
        due=due,
        times=tuple(times.values()),
    )


def full(day: date) -> DayState:
    limits = make_limits(make_setup(nurses=()))
    return make_day(day, limits=limits)


def test_the_best_offer_of_an_empty_week_is_the_due_day_at_the_wished_time() -> None:
    best = rank(make_days(10), make_wish(at=time(10, 0)), HOUR)[0]

    assert (best.day, best.starts, best.ends) == (WEDNESDAY, time(10, 0), time(11, 0))
    assert best.reasons[:2] == ("on the due day", "at the wished time")


@pytest.mark.parametrize(
    ("times", "of", "said"),
    [
        ((time(10),), TimesOf.ASKED, "at the wished time"),
        ((time(10, 45),), TimesOf.ASKED, "45 minutes before the wished time"),
        ((time(8),), TimesOf.ASKED, "2 h after the wished time"),
        ((time(16, 30),), TimesOf.USUAL, "6 h 30 min before the patient's usual wish (16:30)"),
        ((time(10),), TimesOf.PRESENT, "at its time now (10:00)"),
        ((), TimesOf.USUAL, ""),
    ],
)
def test_a_reason_names_whose_time_it_compares_with_and_says_nothing_where_none_was_wished(
    times: tuple[time, ...], of: TimesOf, said: str
) -> None:
    day = make_day()
    wish = Wish(earliest=MONDAY, latest=MONDAY, times=times, times_of=of)

    found = reasons(day, wish, HOUR, day.limits.slot_at(time(10)))

    assert [one for one in found if "wish" in one or " now" in one] == ([said] if said else [])


@pytest.mark.parametrize("slots", range(2, 30))
def test_on_an_empty_day_a_wished_time_comes_first_however_long_the_visit(slots: int) -> None:
    day = make_day()
    visit = VisitProfile(iv_start=15, infusion=15 * (slots - 1))

    for start in range(day.limits.grid.slots - slots + 1):
        at = day.limits.grid.at(start)
        wish = Wish(earliest=MONDAY, latest=MONDAY, times=(at,))
        assert rank([day], wish, visit)[0].starts == at


def test_offers_are_an_hour_apart_and_show_several_days() -> None:
    offers = rank(make_days(10), make_wish(), HOUR, limit=5)

    assert len(offers) == 5
    assert len({offer.day for offer in offers}) >= 2
    for one in offers:
        same_day = [other for other in offers if other.day == one.day and other is not one]
        assert all(abs(other.slot - one.slot) >= 4 for other in same_day)
    assert [offer.score for offer in offers] == sorted(offer.score for offer in offers)


def test_a_single_day_still_gets_all_offers() -> None:
    assert len(rank([make_day(WEDNESDAY)], make_wish(), HOUR, limit=3)) == 3


def test_no_day_before_not_before_is_ever_offered() -> None:
    wish = replace(make_wish(), not_before=MONDAY + timedelta(days=4))

    offers = rank(make_days(10), wish, HOUR, limit=20)

    assert min(offer.day for offer in offers) == MONDAY + timedelta(days=4)
    assert "2 days after the due day" in offers[0].reasons


def test_wished_weekdays_come_first() -> None:
    wish = replace(make_wish(due=None), weekdays=frozenset({1}))

    best = rank(make_days(10), wish, HOUR)[0]

    assert best.day.weekday() == 1
    assert "on the wished weekday, Tuesday" in best.reasons


def test_a_patient_who_cannot_come_early_is_not_offered_an_early_start() -> None:
    wish = replace(make_wish(), not_earlier=time(13, 0), not_later=time(15, 0))

    offers = rank(make_days(10), wish, HOUR, limit=10)

    assert all(time(13, 0) <= offer.starts <= time(15, 0) for offer in offers)


def test_offers_keep_away_from_the_busy_hours() -> None:
    limits = make_limits()
    load = make_load(limits)
    for _ in range(3):
        load = place(load, limits, VisitProfile(iv_start=15, infusion=225), 10)

    best = rank([make_day(limits=limits, load=load)], make_wish(due=MONDAY), HOUR)[0]

    assert best.starts < time(9, 15) or best.starts >= time(14, 0)
    assert "keeps 10:00 free for starts" in best.reasons


def test_offers_are_honest_about_fixed_chairs() -> None:
    chairs = make_chairs(2)
    busy = (
        Stay(id="a", begins=480, free_at=540, current=1, fixed=True),
        Stay(id="b", begins=540, free_at=660, current=2, fixed=True),
    )
    limits = make_limits(make_setup(chairs=chairs))
    day = make_day(limits=limits, seating=Seating(chairs=chairs, stays=busy))
    ninety = VisitProfile(iv_start=15, infusion=75)
    wish = make_wish(due=MONDAY, at=time(8, 0))

    offers = rank([day], wish, ninety, limit=9)
    refusal = why_not(day, ninety, limits.slot_at(time(8, 0)))

    assert time(8, 0) not in {offer.starts for offer in offers}
    assert refusal is not None
    assert refusal.limit is Limit.CHAIR_ASSIGNMENT


def test_the_next_three_after_a_lost_race_are_the_nearest() -> None:
    limits = make_limits(make_setup(nurses=make_nurses(1)))
    taken = place(make_load(limits), limits, HOUR, limits.slot_at(time(10, 0)))
    days = [make_day(limits=limits, load=taken), make_day(WEDNESDAY, limits=limits)]

    offers = nearest(days, make_wish(due=MONDAY, at=time(10, 0)), HOUR)

    assert [(offer.day, offer.starts) for offer in offers] == [
        (MONDAY, time(9, 0)),
        (MONDAY, time(11, 0)),
        (MONDAY, time(8, 45)),
    ]


def test_a_course_is_offered_on_consecutive_days_at_one_time() -> None:
    offers = rank_course(make_days(10), make_wish(due=MONDAY, at=time(9, 0)), [HOUR] * 3)

    assert [offer.day for offer in offers[0].visits] == [
        MONDAY + timedelta(days=n) for n in (0, 1, 2)
    ]
    assert {offer.starts for offer in offers[0].visits} == {time(9, 0)}
    assert all(offer.visits[0].day.weekday() <= 2 for offer in offers)
    assert len({offer.visits[0].day for offer in offers}) >= 3


def test_a_course_without_a_common_time_gets_a_time_for_each_day() -> None:
    early = make_limits()
    late = make_limits(make_setup(nurses=make_nurses(1)))
    morning_taken = place(make_load(late), late, VisitProfile(iv_start=0, infusion=300), 0)
    for _ in range(3):
        morning_taken = place(morning_taken, late, VisitProfile(iv_start=0, infusion=300), 0)
    afternoon_taken = make_load(early)
    for _ in range(8):
        afternoon_taken = place(afternoon_taken, early, VisitProfile(iv_start=0, infusion=320), 18)
    days = [
        make_day(MONDAY, limits=late, load=morning_taken),
        make_day(MONDAY + timedelta(days=1), limits=early, load=afternoon_taken),
    ]

    offers = rank_course(days, make_wish(due=MONDAY), [HOUR, HOUR])

    assert offers[0].visits[0].starts >= time(12, 30)
    assert offers[0].visits[1].starts < time(12, 0)


def test_a_course_never_spans_a_closed_day() -> None:
    days = [day for day in make_days(5) if day.day != WEDNESDAY]

    assert {offer.visits[0].day for offer in rank_course(days, make_wish(), [HOUR] * 2)} == {
        MONDAY,
        MONDAY + timedelta(days=3),
    }
    assert rank_course(days, make_wish(), [HOUR] * 3) == ()


def test_a_series_is_placed_dose_by_dose_and_never_over_capacity() -> None:
    limits = make_limits(make_setup(nurses=make_nurses(1), chairs=make_chairs(1)))
    days = [replace(day, limits=limits) for day in make_days(5)]
    wish = replace(make_wish(), latest=MONDAY + timedelta(days=4))
    doses = [SeriesDose(key=n, wish=wish, visits=(LONG,)) for n in range(6)]

    places = place_series(doses, days)

    booked = [place.visits[0].day for place in places if place.visits]
    assert sorted(booked) == [day.day for day in days]
    assert places[5].refusal is not None
    assert places[5].refusal.sentence == (
        "None of these days has room for the visit: March 2, 2026 to March 6, 2026."
    )


def test_a_dose_waits_for_the_gap_after_the_one_before_it() -> None:
    wish = make_wish()
    doses = [
        SeriesDose(key=1, wish=wish, visits=(HOUR,)),
        SeriesDose(key=2, wish=wish, visits=(HOUR,), days_after_previous=7),
    ]

    first, second = place_series(doses, make_days(10))

    assert (second.visits[0].day - first.visits[0].day).days == 7


def test_doses_beyond_the_days_that_are_open_for_booking_are_named() -> None:
    later = Wish(earliest=date(2027, 1, 4), latest=date(2027, 1, 8))

    (place_of_dose,) = place_series([SeriesDose(key=1, wish=later, visits=(HOUR,))], make_days(5))

    assert place_of_dose.refusal is not None
    assert place_of_dose.refusal.limit is Limit.HORIZON
    assert "January 4, 2027 to January 8, 2027" in place_of_dose.refusal.sentence


def test_every_offer_can_be_booked() -> None:
    days = make_days(5)
    profile = VisitProfile(intake=10, iv_start=10, mixing=40, infusion=120, turnover=10)
    for _ in range(60):
        offers = rank(days, make_wish(), profile, limit=3)
        for offer in offers:
            day = next(day for day in days if day.day == offer.day)
            assert refuse(day.load, day.limits, profile, offer.slot) is None
        if not offers:
            break
        index = next(n for n, day in enumerate(days) if day.day == offers[0].day)
        load = place(days[index].load, days[index].limits, profile, offers[0].slot)
        days[index] = replace(days[index], load=load)

    assert all(over_capacity(day.load, day.limits) == () for day in days)


def test_a_day_without_nurses_offers_nothing() -> None:
    assert rank([full(MONDAY)], make_wish(), HOUR) == ()
