"""Visits that no longer fit: few move, inside their windows, and no day gets too full."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.capacity import load_of, over_capacity
from scheduler.domain.displaced import Movable, Replan, Standing, replan
from scheduler.domain.timing import time_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Wish
from tests.factories.capacity import MONDAY, make_day, make_limits, make_nurses, make_setup

STAFFED = make_limits(make_setup(nurses=make_nurses(4)))
SHORT = make_limits(make_setup(nurses=make_nurses(2)))


def make_movable(
    number: int, slot: int, *, infusion: int = 60, days: int = 3, must: bool = False
) -> Movable:
    profile = VisitProfile(iv_start=15, infusion=infusion, turnover=15)
    stand = Standing(visit=number, day=MONDAY, slot=slot, profile=profile)
    begins = time_of(STAFFED.grid.begins(slot))
    wish = Wish(
        earliest=MONDAY - timedelta(days=days),
        latest=MONDAY + timedelta(days=days),
        due=MONDAY,
        not_before=MONDAY - timedelta(days=1),
        times=(begins,),
    )
    return Movable(key=number, stands=(stand,), wish=wish, must=must)


def make_week(
    visits: list[Movable], *, short: bool = False, closed: bool = False
) -> list[DayState]:
    """Return five open days from Monday on, all visits on the Monday."""
    limits = SHORT if short else STAFFED
    load = load_of(limits, [(v.stands[0].profile, v.stands[0].slot) for v in visits])
    days = [make_day(MONDAY + timedelta(days=n), limits=STAFFED) for n in range(1, 5)]
    return days if closed else [make_day(MONDAY, limits=limits, load=load), *days]


def after(days: list[DayState], visits: list[Movable], found: Replan) -> dict[date, DayState]:
    """Return the days as they are once the proposal is carried out."""
    moved = {new.movable.key: new for new in found.moved}
    stands = [
        (offer.day, stand.profile, offer.slot)
        for new in found.moved
        for offer, stand in zip(new.visits, new.movable.stands, strict=True)
    ]
    stands += [
        (each.day, each.profile, each.slot)
        for visit in visits
        if visit.key not in moved
        for each in visit.stands
    ]
    return {
        day.day: replace(
            day, load=load_of(day.limits, [(p, slot) for on, p, slot in stands if on == day.day])
        )
        for day in days
    }


def test_a_closed_day_sends_every_visit_to_another_day_of_its_window() -> None:
    visits = [make_movable(n, slot=2 * n, must=True) for n in range(6)]

    found = replan(make_week(visits, closed=True), visits)

    assert len(found.moved) == 6
    assert found.left == ()
    assert {new.visits[0].day for new in found.moved} == {MONDAY + timedelta(days=1)}
    assert all(new.visits[0].slot == new.movable.stands[0].slot for new in found.moved), (
        "each at the time it had"
    )


def test_what_has_no_other_day_is_left_with_the_reason() -> None:
    tight = make_movable(1, slot=0, days=0, must=True)

    found = replan(make_week([tight], closed=True), [tight])

    assert found.moved == ()
    (left,) = found.left
    assert left.movable is tight
    assert "no open day" in left.refusal.sentence or "window" in left.refusal.sentence


def test_two_nurses_out_move_only_as_many_as_it_takes() -> None:
    visits = [make_movable(n, slot=s) for n, s in enumerate((0, 1, 4, 5, 8, 9, 12, 13))]
    crowd = [make_movable(20 + n, slot=20, infusion=30) for n in range(3)]
    everybody = [*visits, *crowd]

    found = replan(make_week(everybody, short=True), everybody)

    assert found.over == {}
    assert len(found.moved) == 1, "of three starts at once two nurses can do two"
    assert found.moved[0].movable in crowd


def test_who_finds_no_place_at_first_comes_first_in_the_next_try() -> None:
    long = VisitProfile(iv_start=15, infusion=540, turnover=15)
    limits = make_limits(make_setup(chairs=make_setup().chairs[:1]))
    flexible = replace(make_movable(1, slot=0, days=5, must=True))
    bound = make_movable(2, slot=0, days=1, must=True)
    bound = replace(bound, stands=(replace(bound.stands[0], profile=long),))
    days = [make_day(MONDAY + timedelta(days=n), limits=limits) for n in (1, 2)]

    found = replan(days, [flexible, bound])

    assert {new.movable.key: new.visits[0].day.day for new in found.moved} == {1: 4, 2: 3}


visits_of_a_day = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([15, 45, 90, 180]), st.integers(0, 4)),
    max_size=25,
)


@given(visits=visits_of_a_day, closed=st.booleans())
def test_nothing_leaves_its_window_and_no_day_gets_fuller_than_it_may_be(
    visits: list[tuple[int, int, int]], *, closed: bool
) -> None:
    movable = [
        make_movable(n, slot=slot, infusion=infusion, days=days, must=closed)
        for n, (slot, infusion, days) in enumerate(visits)
    ]
    days = make_week(movable, short=True, closed=closed)

    found = replan(days, movable)

    for new in found.moved:
        assert all(new.movable.wish.allows(offer.day) for offer in new.visits)
    keys = [new.movable.key for new in found.moved]
    assert len(keys) == len(set(keys))
    assert all(each.movable.must for each in found.left)
    if closed:
        assert len(keys) + len(found.left) == len(movable)
    for day, state in after(days, movable, found).items():
        worse = state.load.counts > days[[d.day for d in days].index(day)].load.counts
        assert not (worse & (state.load.counts > state.limits.allowed)).any()
        still = over_capacity(state.load, state.limits)
        assert bool(still) == (day in found.over)
