"""Chairs: nobody overlaps, needs and pins hold, few announced places move."""

from dataclasses import replace
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.assignment import Assignment, Stay, assign, place_one
from scheduler.domain.chairs import ChairFacts, ChairNeed, Span
from scheduler.domain.people import ChairKind
from tests.factories.capacity import make_chairs

BED = frozenset({ChairNeed.BED})


def make_stay(
    name: str = "new",
    begins: int = 600,
    minutes: int = 60,
    *,
    needs: frozenset[ChairNeed] = frozenset(),
    pinned: int | None = None,
    current: int | None = None,
    fixed: bool = False,
) -> Stay:
    return Stay(
        id=name,
        begins=begins,
        free_at=begins + minutes,
        needs=needs,
        pinned=pinned,
        current=current,
        fixed=fixed,
    )


def check(assignment: Assignment, chairs: tuple[ChairFacts, ...]) -> None:
    by_key = {chair.key: chair for chair in chairs}
    for seat in assignment.seats:
        assert seat.stay.suits(by_key[seat.chair])
    for one, other in combinations(assignment.seats, 2):
        assert one.chair != other.chair or not one.stay.overlaps(other.stay)


@st.composite
def days(draw: st.DrawFn, most: int = 12) -> tuple[tuple[ChairFacts, ...], list[Stay]]:
    chairs = tuple(
        ChairFacts(key=key, kind=draw(st.sampled_from(ChairKind)), near_nurses=draw(st.booleans()))
        for key in range(1, draw(st.integers(1, 4)) + 1)
    )
    keys = st.none() | st.integers(1, len(chairs))
    stays = [
        make_stay(
            f"stay {number}",
            draw(st.integers(0, 20)) * 15,
            draw(st.integers(1, 8)) * 15,
            needs=draw(st.sampled_from([frozenset(), BED, frozenset({ChairNeed.NEAR_NURSES})])),
            pinned=draw(st.none() | st.none() | keys),
            current=draw(keys),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    return chairs, without_clashes(stays)


def without_clashes(stays: list[Stay]) -> list[Stay]:
    """Take the current chair from whoever overlaps another one in it: the database has no such day."""
    kept: list[Stay] = []
    for stay in stays:
        clash = any(stay.current == other.current and stay.overlaps(other) for other in kept)
        kept.append(replace(stay, current=None) if clash else stay)
    return kept


@given(days())
def test_an_assignment_overlaps_nowhere_and_honors_needs_and_pins(
    day: tuple[tuple[ChairFacts, ...], list[Stay]],
) -> None:
    chairs, stays = day

    assignment = assign(chairs, stays)

    if assignment:
        assert [seat.stay for seat in assignment.seats] == stays
        check(assignment, chairs)


@given(days(most=5))
def test_a_day_has_an_assignment_exactly_when_brute_force_finds_one_and_with_as_few_moves(
    day: tuple[tuple[ChairFacts, ...], list[Stay]],
) -> None:
    chairs, stays = day
    suited = [[chair.key for chair in chairs if stay.suits(chair)] for stay in stays]
    clashes = [(a, b) for a, b in combinations(range(len(stays)), 2) if stays[a].overlaps(stays[b])]
    moves = [
        sum(stay.current not in (None, key) for stay, key in zip(stays, keys, strict=True))
        for keys in product(*suited)
        if all(keys[a] != keys[b] for a, b in clashes)
    ]

    assignment = assign(chairs, stays)

    assert (assignment is not None) == bool(moves)
    if assignment:
        assert len(assignment.moves) == min(moves)


@given(st.data(), st.integers(1, 6))
def test_interchangeable_chairs_hold_whatever_their_number_allows(
    data: st.DataObject, count: int
) -> None:
    times = st.tuples(st.integers(0, 39), st.integers(1, 16))
    stays: list[Stay] = []
    for number, (slot, slots) in enumerate(data.draw(st.lists(times, max_size=25))):
        stay = make_stay(str(number), slot * 15, slots * 15)
        at_once = [
            sum(other.begins <= minute < other.free_at for other in stays)
            for minute in range(stay.begins, stay.free_at, 15)
        ]
        if max(at_once) < count:
            stays.append(stay)

    assignment = assign(make_chairs(count), stays)

    assert assignment is not None
    check(assignment, make_chairs(count))


def test_a_new_visit_takes_a_free_chair_and_nobody_moves() -> None:
    stays = [make_stay("a", current=1), make_stay("b", current=2)]

    assignment = place_one(make_chairs(3), stays, make_stay())

    assert assignment is not None
    assert assignment.chair_of("new") == 3
    assert assignment.moves == ()


def test_a_visit_moves_only_when_there_is_no_other_way_and_then_one_is_enough() -> None:
    stays = [make_stay("first", 480, 60, current=1), make_stay("second", 540, 120, current=2)]

    assignment = place_one(make_chairs(2), stays, make_stay("new", 480, 90))

    assert assignment is not None
    assert len(assignment.moves) == 1


def test_somebody_who_has_arrived_is_never_moved() -> None:
    stays = [
        make_stay("first", 480, 60, current=1, fixed=True),
        make_stay("second", 540, 120, current=2, fixed=True),
    ]

    assert place_one(make_chairs(2), stays, make_stay("new", 480, 90)) is None


def test_a_bed_is_freed_for_the_patient_who_needs_it() -> None:
    chairs = (ChairFacts(key=1, kind=ChairKind.BED), ChairFacts(key=2))

    assignment = place_one(chairs, [make_stay("any", current=1)], make_stay(needs=BED))

    assert assignment is not None
    assert (assignment.chair_of("new"), assignment.chair_of("any")) == (1, 2)


def test_a_bed_is_left_free_while_a_chair_will_do() -> None:
    chairs = (ChairFacts(key=1, kind=ChairKind.BED), ChairFacts(key=2))

    assignment = place_one(chairs, [], make_stay())

    assert assignment is not None
    assert assignment.chair_of("new") == 2


def test_nobody_is_seated_in_a_chair_that_is_out_of_service_then() -> None:
    broken = ChairFacts(key=1, out_of_service=(Span(begins=600, ends=720),))

    assert place_one((broken,), [], make_stay(begins=660)) is None
    assert place_one((broken,), [], make_stay(begins=720)) is not None


def test_a_pinned_visit_sits_where_it_is_pinned_and_others_make_room() -> None:
    assignment = place_one(make_chairs(2), [make_stay("a", current=1)], make_stay(pinned=1))

    assert assignment is not None
    assert (assignment.chair_of("new"), assignment.chair_of("a")) == (1, 2)


def test_two_visits_pinned_to_one_chair_at_once_have_no_assignment() -> None:
    stays = [make_stay("a", pinned=1), make_stay("b", pinned=1)]

    assert assign(make_chairs(2), stays) is None
