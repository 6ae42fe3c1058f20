"""Moving visits: both days change together, others make room, courses move whole."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from scheduler.domain.errors import NoCapacityError, OutsideWindowError, StaleError
from scheduler.domain.ids import AppointmentId, ChangeId
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.days import day_curve
from scheduler.services.move_preview import preview_move
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.visit_card import visit_card
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def move(uow: UnitOfWork, visit: AppointmentId, day: date, start: str, **values: Any) -> ChangeId:
    request = MoveAppointment(
        appointment_id=visit, day=day, start=time.fromisoformat(start), **values
    )
    return move_appointment(uow, request, now=NOW, actor=make_actor())


def chairs_at(uow: UnitOfWork, center: CenterMade, day: date) -> int:
    return max(point.chairs for point in day_curve(uow, center.id, day))


def test_a_move_takes_the_place_out_of_one_day_and_into_another(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    move(uow, visit, TUESDAY, "11:00")

    (row,) = visits_of(uow)
    assert row.starts_at.isoformat() == "2026-03-24T15:00:00+00:00"
    assert row.ends_at - row.starts_at == timedelta(minutes=150)
    assert row.parked is None
    assert (chairs_at(uow, center, MONDAY), chairs_at(uow, center, TUESDAY)) == (0, 1)


def test_a_visit_may_move_into_its_own_time(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    move(uow, visit, MONDAY, "10:15")

    assert visits_of(uow)[0].starts_at.minute == 15


def test_a_stale_form_is_refused(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    move(uow, visit, MONDAY, "11:00", version=visits_of(uow)[0].version)

    with pytest.raises(StaleError):
        move(uow, visit, MONDAY, "12:00", version=1)


def test_a_move_is_refused_where_there_is_no_room(uow: UnitOfWork, center: CenterMade) -> None:
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), TUESDAY, "10:00")
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    with pytest.raises(NoCapacityError, match="IV starts") as refusal:
        move(uow, visit, TUESDAY, "10:00")

    assert len(refusal.value.offers) == 3
    assert (chairs_at(uow, center, MONDAY), chairs_at(uow, center, TUESDAY)) == (1, 2)
    assert all(row.parked is None for row in visits_of(uow))


def test_a_move_out_of_the_window_needs_a_reason(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    far = MONDAY + timedelta(days=21)

    with pytest.raises(OutsideWindowError):
        move(uow, visit, far, "10:00")
    move(uow, visit, far, "10:00", outside_window_reason="travels")


def test_a_course_moves_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    visit = book(uow, plan.dose(), MONDAY, "08:00")

    move(uow, visit, MONDAY + timedelta(days=7), "08:30", outside_window_reason="away")

    rows = visits_of(uow)
    assert [row.starts_at.day for row in rows] == [30, 31, 1, 2, 3]
    assert {row.starts_at.minute for row in rows} == {30}
    assert chairs_at(uow, center, MONDAY) == 0


def test_a_course_is_offered_other_times_for_all_its_days(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    visit = book(uow, plan.dose(), MONDAY, "08:00")
    card = visit_card(uow, visit)

    wanted = OffersWanted(dose_id=card.doses[0].id, without=card.moving)
    found = offers_for_dose(uow, wanted, now=NOW)

    assert card.days == 5
    assert MONDAY in [offer.day for offer in found.offers]


def test_a_course_may_move_by_one_hour_into_its_own_days(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    visit = book(uow, plan.dose(), MONDAY, "08:00")

    move(uow, visit, MONDAY, "08:15")

    assert len({row.chair_key for row in visits_of(uow)}) >= 1
    assert chairs_at(uow, center, MONDAY) == 1


def test_a_preview_saves_nothing(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    request = MoveAppointment(appointment_id=visit, day=TUESDAY, start=time(9))

    shown = preview_move(uow, request, now=NOW, actor=make_actor())

    assert shown.refusal == ""
    assert shown.chair_key in center.chair_keys
    assert visits_of(uow)[0].starts_at.day == MONDAY.day
    assert chairs_at(uow, center, TUESDAY) == 0
