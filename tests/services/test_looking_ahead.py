"""Weeks that cannot hold their doses are named months early; planned days change, bookings never."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.look_ahead import monday_of
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.looking_ahead import WEEKS, Ahead, read_ahead, refused_doses
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.spreading import (
    LeveledDose,
    SpreadDoses,
    SpreadRefusedError,
    spread_doses,
)
from scheduler.services.undo import undo
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow, chairs=1, nurses=1)


def ahead(uow: UnitOfWork, center: CenterMade) -> Ahead:
    return read_ahead(uow, center.id, now=NOW, actor=make_actor())


def crowd(uow: UnitOfWork, center: CenterMade, patients: int = 5) -> None:
    """Plan first doses on one Monday that one chair holds four of."""
    for _ in range(patients):
        make_treatment(uow, center.id)


def request_of(center: CenterMade, shown: Ahead, key: str | None = None) -> SpreadDoses:
    return SpreadDoses(
        center_id=center.id,
        doses=tuple(
            LeveledDose(dose_id=line.dose_id, version=line.version, day=line.to)
            for line in shown.moves
        ),
        idempotency_key=key,
    )


def test_nine_months_are_shown_with_what_is_booked_and_what_waits(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    book(uow, plan.dose(), MONDAY, "10:00")

    shown = ahead(uow, center)

    assert len(shown.found.weeks) == WEEKS
    assert shown.booked == {MONDAY: 1}
    week = next(week for week in shown.found.weeks if week.monday == MONDAY)
    assert (week.waiting, week.open_days) == (0, 5)
    assert week.booked > 0
    assert sum(week.waiting for week in shown.found.weeks) == sum(
        dose.due_on <= shown.found.weeks[-1].monday for dose in plan.doses[1:]
    )
    assert shown.moves == ()


def test_a_crowded_day_is_spread_inside_the_windows(uow: UnitOfWork, center: CenterMade) -> None:
    crowd(uow, center)

    shown = ahead(uow, center)

    assert shown.moves
    for line in shown.moves:
        assert line.window[0] <= line.to <= line.window[1]
        assert line.to.weekday() < 5
    assert all(week.short == 0 for week in shown.found.weeks)


def test_planned_days_change_and_nothing_else_does(uow: UnitOfWork, center: CenterMade) -> None:
    crowd(uow, center)
    shown = ahead(uow, center)

    spread_doses(uow, request_of(center, shown), now=NOW, actor=make_actor())

    assert visits_of(uow) == []
    assert ahead(uow, center).moves == ()
    with uow:
        rows = {row.id: row for row in uow.session.scalars(select(PlannedDose))}
        for line in shown.moves:
            row = rows[line.dose_id]
            assert row.planned_day == line.to
            assert row.planned_on == line.planned


def test_offers_start_from_the_chosen_day(uow: UnitOfWork, center: CenterMade) -> None:
    crowd(uow, center)
    shown = ahead(uow, center)
    line = shown.moves[0]
    spread_doses(uow, request_of(center, shown), now=NOW, actor=make_actor())

    offers = offers_for_dose(uow, OffersWanted(dose_id=line.dose_id, limit=1), now=NOW).offers

    assert offers[0].day == line.to
    assert "on the planned day" in offers[0].reasons


def test_undo_gives_the_old_planned_days_back(uow: UnitOfWork, center: CenterMade) -> None:
    crowd(uow, center)
    shown = ahead(uow, center)
    change = spread_doses(uow, request_of(center, shown), now=NOW, actor=make_actor())

    undo(uow, change, now=SOON, actor=make_actor())

    again = ahead(uow, center)
    assert [(line.dose_id, line.planned, line.to) for line in again.moves] == [
        (line.dose_id, line.planned, line.to) for line in shown.moves
    ]


def test_a_double_press_changes_once(uow: UnitOfWork, center: CenterMade) -> None:
    crowd(uow, center)
    request = request_of(center, ahead(uow, center), "press")

    first = spread_doses(uow, request, now=NOW, actor=make_actor())

    assert spread_doses(uow, request, now=NOW, actor=make_actor()) == first


def test_a_dose_booked_meanwhile_is_named_and_nothing_changes(
    uow: UnitOfWork, center: CenterMade
) -> None:
    crowd(uow, center)
    shown = ahead(uow, center)
    book(uow, shown.moves[0].dose_id, MONDAY, "10:00")

    with pytest.raises(SpreadRefusedError) as refusal:
        spread_doses(uow, request_of(center, shown), now=NOW, actor=make_actor())

    assert refused_doses(uow, refusal.value) == ((shown.moves[0].patient, "It is booked by now."),)
    with uow:
        leveled = select(PlannedDose).where(PlannedDose.leveled_on.is_not(None))
        assert list(uow.session.scalars(leveled)) == []


def test_no_planned_day_is_set_outside_the_window_or_on_a_closed_day(
    uow: UnitOfWork, center: CenterMade
) -> None:
    dose = make_treatment(uow, center.id).doses[1]
    sunday = monday_of(dose.due_on) + timedelta(days=6)
    for day in (dose.latest + timedelta(days=1), dose.earliest - timedelta(days=1), sunday):
        each = LeveledDose(dose_id=dose.id, version=dose.version, day=day)
        wanted = SpreadDoses(center_id=center.id, doses=(each,))
        with pytest.raises(SpreadRefusedError):
            spread_doses(uow, wanted, now=NOW, actor=make_actor())


def test_only_who_manages_the_center_looks_ahead(uow: UnitOfWork, center: CenterMade) -> None:
    with pytest.raises(NotAllowedError):
        read_ahead(uow, center.id, now=NOW, actor=make_actor(Role.NURSE))
    wanted = SpreadDoses(center_id=center.id, doses=())
    with pytest.raises(NotAllowedError):
        spread_doses(uow, wanted, now=NOW, actor=make_actor(Role.FRONT_DESK))
    with pytest.raises(InvalidError):
        spread_doses(uow, wanted, now=NOW, actor=make_actor())
