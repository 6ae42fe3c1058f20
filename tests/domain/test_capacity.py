"""Room on a day: what is offered fits, what is refused says why, and nothing is lost."""

from datetime import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.capacity import (
    DayLoad,
    Limit,
    Refusal,
    free_slots,
    free_slots_of_days,
    limits_of,
    load_of,
    over_capacity,
    place,
    refuse,
    refuse_change,
    remove,
)
from scheduler.domain.chairs import ChairFacts, ChairNeed, Span
from scheduler.domain.grid import CHAIRS, IN_CHAIRS, IV_STARTS, NURSE_LOAD, Layout, grid_of
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NURSE, simple_rule
from scheduler.domain.people import ChairKind
from scheduler.domain.visits import VisitProfile
from tests.factories.capacity import (
    LAYOUT,
    make_chairs,
    make_hours,
    make_limits,
    make_load,
    make_nurses,
    make_setup,
)

HOUR = VisitProfile(iv_start=15, infusion=45)


@st.composite
def profiles(draw: st.DrawFn) -> VisitProfile:
    minutes = st.integers(0, 40)
    return VisitProfile(
        intake=draw(minutes),
        iv_start=draw(st.sampled_from([0, 10, 15, 20])),
        premedication=draw(minutes),
        mixing=draw(minutes),
        infusion=draw(st.integers(1, 300)),
        observation=draw(minutes),
        turnover=draw(st.sampled_from([0, 10, 15])),
        needs=frozenset(draw(st.sets(st.sampled_from([ChairNeed.BED, ChairNeed.NEAR_NURSES])))),
        competencies=frozenset(draw(st.sets(st.just("port")))),
    )


SETUP = make_setup(
    chairs=(ChairFacts(key=9, kind=ChairKind.BED, near_nurses=True), *make_chairs(3)),
    nurses=(
        *make_nurses(1, able=frozenset({"port"})),
        *make_nurses(1, lunch=Span(begins=720, ends=750)),
    ),
    mixing_places=2,
)


@given(profiles(), st.integers(0, 39), st.sampled_from([5, 10, 15]))
def test_placing_and_removing_leaves_the_day_as_it_was(
    profile: VisitProfile, slot: int, slot_minutes: int
) -> None:
    limits = make_limits(SETUP, slot_minutes=slot_minutes)
    before = place(make_load(limits), limits, HOUR, 4)

    after = remove(place(before, limits, profile, slot), limits, profile, slot)

    assert after.same_as(before)


@given(st.lists(profiles(), max_size=12), profiles(), st.data())
def test_a_free_slot_can_be_taken_and_every_other_names_the_limit(
    booked: list[VisitProfile], profile: VisitProfile, data: st.DataObject
) -> None:
    limits = make_limits(SETUP)
    load = make_load(limits)
    for visit in booked:
        starts = np.flatnonzero(free_slots(load, limits, visit)).tolist()
        if starts:
            load = place(load, limits, visit, data.draw(st.sampled_from(starts)))

    free = free_slots(load, limits, profile)

    for slot in range(limits.grid.slots):
        refusal = refuse(load, limits, profile, slot)
        assert bool(free[slot]) == (refusal is None)
        if refusal:
            assert refusal.sentence.endswith(".")
        else:
            assert over_capacity(place(load, limits, profile, slot), limits) == ()


@given(st.lists(st.tuples(profiles(), st.integers(0, 39)), max_size=10))
def test_a_stored_day_reads_back_as_it_was(visits: list[tuple[VisitProfile, int]]) -> None:
    limits = make_limits(SETUP)
    load = make_load(limits)
    for profile, slot in visits:
        load = place(load, limits, profile, slot)

    layout = Layout.from_text(limits.layout.to_text())

    assert load_of(limits, visits).same_as(load)

    assert layout == limits.layout
    assert DayLoad.from_bytes(load.to_bytes(), layout, limits.grid).same_as(load)
    assert len(load.to_bytes()) == 2 * len(layout.measures) * 40


@given(st.lists(profiles(), min_size=1, max_size=6), profiles())
def test_many_days_at_once_answer_as_each_day_alone(
    booked: list[VisitProfile], profile: VisitProfile
) -> None:
    half_day = make_setup(hours=make_hours("07:30", "12:00"))
    limits = [make_limits(SETUP), make_limits(half_day), make_limits(SETUP)]
    loads = [make_load(day) for day in limits]
    for visit in booked:
        loads[2] = place(loads[2], limits[2], visit, 3)

    together = free_slots_of_days(loads, limits, profile)

    for load, day, free in zip(loads, limits, together, strict=True):
        assert free.tolist() == free_slots(load, day, profile).tolist()


def full_of(limits_count: int, profile: VisitProfile, slot: int) -> DayLoad:
    limits = make_limits()
    load = make_load(limits)
    for _ in range(limits_count):
        load = place(load, limits, profile, slot)
    return load


def test_a_start_is_refused_when_every_nurse_starts_another_line() -> None:
    refusal = refuse(full_of(4, HOUR, 10), make_limits(), HOUR, 10)

    assert refusal is not None
    assert (refusal.limit, refusal.at) == (Limit.IV_STARTS, time(10, 0))
    assert (refusal.used, refusal.allowed) == (4, 4)
    assert refusal.sentence == "At 10:00 4 of 4 IV starts are taken."


def test_chairs_refuse_when_all_are_in_use() -> None:
    watched = VisitProfile(iv_start=0, infusion=60)

    refusal = refuse(full_of(8, watched, 10), make_limits(), watched, 11)

    assert refusal is not None
    assert refusal.sentence == "At 10:15 8 of 8 chairs are in use or being cleaned."


def test_a_nurse_who_starts_a_line_watches_nobody() -> None:
    limits = make_limits(make_setup(nurses=make_nurses(1)))
    load = place(make_load(limits), limits, HOUR, 8)

    refusal = refuse(load, limits, HOUR, 10)

    assert refusal is not None
    assert refusal.limit is Limit.NURSE_LOAD
    assert refusal.sentence == "At 10:00 0.25 of 1 nurses are busy and the visit needs 1."


def test_a_day_over_capacity_is_told_without_a_visit_that_wants_nothing() -> None:
    over = Refusal(limit=Limit.NURSE_LOAD, at=time(12, 30), used=2 * NURSE, allowed=NURSE, wanted=0)

    assert over.sentence == "At 12:30 2 of 1 nurses are busy."


def test_the_simple_rule_lets_a_nurse_start_a_line_beside_watching() -> None:
    limits = make_limits(make_setup(nurses=make_nurses(1), rule=simple_rule(4)))

    load = place(make_load(limits), limits, HOUR, 8)

    assert refuse(load, limits, HOUR, 10) is None
    assert refuse(load, limits, HOUR, 8) is not None


def test_hours_refuse_first_and_say_which_edge() -> None:
    hours = DayHours(
        opens=time(7, 30),
        closes=time(17, 30),
        mixing_from=time(8, 0),
        mixing_until=time(15, 0),
        last_drug_end=time(17, 0),
    )
    limits = make_limits(make_setup(hours=hours))
    mixed = VisitProfile(mixing=30, infusion=60)

    def sentence(profile: VisitProfile, at: str) -> str:
        slot = limits.slot_at(time.fromisoformat(at))
        refusal = refuse(make_load(limits), limits, profile, slot)
        return refusal.sentence if refusal else ""

    assert sentence(HOUR, "17:00") == "The visit would end at 18:00; the center closes at 17:30."
    assert sentence(HOUR, "16:15") == (
        "The infusion would end at 17:15; no drug may run after 17:00."
    )
    assert sentence(mixed, "14:30") == "The drug would be ready at 15:15; mixing ends at 15:00."
    assert sentence(mixed, "07:30").startswith("Mixing begins at 8:00")
    assert sentence(mixed, "07:45") == ""


def test_cleaning_takes_the_chair_but_not_the_nurse_and_may_run_past_closing() -> None:
    limits = make_limits()
    profile = VisitProfile(iv_start=15, infusion=45, turnover=15)

    day = place(make_load(limits), limits, profile, 36)

    rows = {name: day.counts[LAYOUT.row(name)].sum() for name in (CHAIRS, IN_CHAIRS, IV_STARTS)}
    assert refuse(make_load(limits), limits, profile, 36) is None
    assert rows == {CHAIRS: 4, IN_CHAIRS: 4, IV_STARTS: 1}
    day = place(make_load(limits), limits, profile, 0)
    assert day.counts[LAYOUT.row(CHAIRS)].sum() == 5
    assert day.counts[LAYOUT.row(NURSE_LOAD), :6].tolist() == [120, 30, 30, 30, 0, 0]


def test_a_nurse_who_calls_in_sick_makes_a_state_and_not_an_error() -> None:
    full = full_of(4, HOUR, 10)
    short = make_limits(make_setup(nurses=make_nurses(3)))

    better = remove(full, short, HOUR, 10)
    worse = place(full, short, HOUR, 10)

    assert [refusal.limit for refusal in over_capacity(full, short)] == [
        Limit.IV_STARTS,
        Limit.NURSE_LOAD,
    ]
    assert refuse_change(full, better, short) is None
    assert refuse_change(full, place(full, short, HOUR, 30), short) is None
    assert refuse_change(full, worse, short) is not None
    assert refuse(better, short.tolerating(full), HOUR, 10) is None


def test_a_charge_nurse_may_exceed_nurses_but_not_chairs() -> None:
    limits = make_limits()

    freed = limits.without_nurse_limits()

    assert refuse(full_of(4, HOUR, 10), freed, HOUR, 10) is None
    assert refuse(full_of(8, HOUR, 10), freed, HOUR, 10) is not None


def test_a_visit_that_needs_a_bed_is_refused_where_there_is_none() -> None:
    needs_bed = VisitProfile(infusion=60, needs=frozenset({ChairNeed.BED}))

    refusal = refuse(make_load(make_limits()), make_limits(), needs_bed, 0)

    assert refusal is not None
    assert refusal.sentence == "At 7:30 there are no beds in service."


def test_a_port_needs_a_nurse_who_can() -> None:
    port = VisitProfile(infusion=60, competencies=frozenset({"port"}))
    able = make_limits(make_setup(nurses=make_nurses(1, able=frozenset({"port"}))))

    refusal = refuse(make_load(make_limits()), make_limits(), port, 0)

    assert refusal is not None
    assert refusal.limit is Limit.COMPETENCY
    assert refuse(make_load(able), able, port, 0) is None


def test_lunch_takes_a_nurse_off_the_floor() -> None:
    limits = make_limits(make_setup(nurses=make_nurses(4, lunch=Span(begins=720, ends=750))))

    assert refuse(make_load(limits), limits, HOUR, limits.slot_at(time(11, 30))) is not None
    assert refuse(make_load(limits), limits, HOUR, limits.slot_at(time(12, 30))) is None


def test_a_closing_hour_before_booked_visits_leaves_the_day_over_capacity() -> None:
    limits = make_limits()
    booked = place(make_load(limits), limits, HOUR, 36)
    shorter = make_setup(hours=make_hours("08:00", "16:00"))
    grid = grid_of(shorter.hours, 15).covering(limits.grid)

    short = limits_of(shorter, grid, LAYOUT)

    assert grid == limits.grid
    assert [excess.limit for excess in over_capacity(booked, short)] == [
        Limit.IV_STARTS,
        Limit.PATIENTS,
        Limit.NURSE_LOAD,
    ]
    assert refuse_change(booked, remove(booked, short, HOUR, 36), short) is None
