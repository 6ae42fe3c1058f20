"""A day rearranged by a person: lower peak, few calls, short moves, taken back whole."""

from datetime import date, timedelta

import pytest

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.replanning import Goal
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_moves import BatchMoved, MoveBatch, move_batch
from scheduler.services.check import differences
from scheduler.services.check import occupancy as counts
from scheduler.services.day_replan import Rearranged, RearrangeDay, rearrange_day
from scheduler.services.undo import undo
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.crowded import MONDAY, make_crowd
from tests.factories.people import NOW, make_actor

SOON = NOW + timedelta(seconds=20)
JAM = ("10:00", "10:15", "10:30", "10:45", "11:00", "11:15")


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow, chairs=8, nurses=4)


def look(uow: UnitOfWork, center: CenterMade, **values: object) -> Rearranged:
    wanted = RearrangeDay(**{"center_id": center.id, "day": MONDAY} | values)  # type: ignore[arg-type]  # a test names what it changes
    return rearrange_day(uow, wanted, now=NOW, actor=make_actor())


def confirm(uow: UnitOfWork, center: CenterMade, shown: Rearranged) -> BatchMoved:
    batch = MoveBatch(center_id=center.id, moves=tuple(line.moves for line in shown.moves))
    return move_batch(uow, batch, now=NOW, actor=make_actor())


def peak(shown: Rearranged) -> tuple[int, int]:
    return (
        max(point.patients for point in shown.before),
        max(point.patients for point in shown.after),
    )


@pytest.mark.slow
def test_a_jam_is_flattened_within_calls_and_minutes(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, JAM)

    shown = look(uow, center, most_calls=3, most_minutes=120)

    assert peak(shown)[1] < peak(shown)[0] == 6
    assert (shown.plan.before, shown.plan.value) == peak(shown)
    assert 0 < len(shown.moves) <= 3
    assert all(abs(line.minutes or 0) <= 120 for line in shown.moves)
    assert {line.to.date() for line in shown.moves} == {MONDAY}


@pytest.mark.slow
def test_without_calls_nobody_moves(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, JAM)

    assert look(uow, center, most_calls=0).moves == ()


@pytest.mark.slow
def test_it_is_moved_in_one_batch_and_taken_back(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, JAM)
    before = {row.id: (row.starts_at, row.chair_key) for row in visits_of(uow)}
    shown = look(uow, center, most_calls=6, most_minutes=240)

    done = confirm(uow, center, shown)

    assert done.visits == len(shown.moves)
    assert peak(look(uow, center, most_calls=0))[0] == peak(shown)[1]
    assert differences(uow, counts) == ()
    undo(uow, done.change_id, now=SOON, actor=make_actor())
    assert {row.id: (row.starts_at, row.chair_key) for row in visits_of(uow)} == before
    assert differences(uow, counts) == ()


@pytest.mark.slow
def test_courses_and_chosen_chairs_stay(uow: UnitOfWork, center: CenterMade) -> None:
    course = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    first = book(uow, course.dose(), MONDAY, "08:00")
    pinned = book(
        uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00", chair_id=center.chairs[0]
    )
    make_crowd(uow, center, JAM)

    shown = look(uow, center, most_calls=20, most_minutes=600)

    assert {first, pinned}.isdisjoint({line.visit.id for line in shown.moves})


def test_doses_planned_on_the_day_are_shown_the_places_that_open(
    uow: UnitOfWork, center: CenterMade
) -> None:
    make_crowd(uow, center, JAM)
    make_treatment(uow, center.id)

    shown = look(uow, center, goal=Goal.FILL)

    assert shown.waiting == 1
    assert len(shown.places) == 1


def test_only_days_to_come_that_are_open_and_by_who_manages_the_center(
    uow: UnitOfWork, center: CenterMade
) -> None:
    for day in (NOW.date(), date(2026, 3, 22)):
        with pytest.raises(InvalidError):
            look(uow, center, day=day)
    with pytest.raises(InvalidError):
        look(uow, center, most_calls=-1)
    wanted = RearrangeDay(center_id=center.id, day=MONDAY)
    with pytest.raises(NotAllowedError):
        rearrange_day(uow, wanted, now=NOW, actor=make_actor(Role.NURSE))
