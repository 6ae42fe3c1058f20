"""Undo: within 30 seconds, by its author, by the same checks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import NoCapacityError, UndoExpiredError
from scheduler.domain.ids import ChangeId
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.days import day_curve
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.undo import undo
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def last_change(uow: UnitOfWork) -> ChangeId:
    with uow:
        return uow.session.scalars(select(Change.id).order_by(Change.id.desc())).first()  # type: ignore[return-value]


def chairs(uow: UnitOfWork, center: CenterMade) -> int:
    return max(point.chairs for point in day_curve(uow, center.id, MONDAY))


def test_a_booking_is_undone(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    book(uow, plan.dose(), MONDAY, "10:00")

    undo(uow, last_change(uow), now=SOON, actor=make_actor())

    assert visits_of(uow)[0].status is AppointmentStatus.ENTERED_IN_ERROR
    assert chairs(uow, center) == 0
    book(uow, plan.dose(), MONDAY, "10:00")


def test_a_move_is_undone_into_the_same_chair(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    old = visits_of(uow)[0]
    wanted = MoveAppointment(appointment_id=visit, starts_at=old.starts_at + timedelta(days=1))
    change = move_appointment(uow, wanted, now=NOW, actor=make_actor())

    undo(uow, change, now=SOON, actor=make_actor())

    (row,) = visits_of(uow)
    assert (row.starts_at, row.chair_key) == (old.starts_at, old.chair_key)
    assert chairs(uow, center) == 1


def cancelled(uow: UnitOfWork, center: CenterMade) -> ChangeId:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    request = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
    return cancel_appointment(uow, request, now=NOW, actor=make_actor())


def test_a_cancellation_is_undone(uow: UnitOfWork, center: CenterMade) -> None:
    change = cancelled(uow, center)

    undo(uow, change, now=SOON, actor=make_actor())

    (row,) = visits_of(uow)
    assert (row.status, row.live, row.cancellation) == (AppointmentStatus.BOOKED, True, None)
    assert chairs(uow, center) == 1


def test_a_place_that_is_taken_by_now_is_not_taken_back(
    uow: UnitOfWork, center: CenterMade
) -> None:
    change = cancelled(uow, center)
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    with pytest.raises(NoCapacityError):
        undo(uow, change, now=SOON, actor=make_actor())


def test_after_thirty_seconds_or_twice_it_is_too_late(uow: UnitOfWork, center: CenterMade) -> None:
    change = cancelled(uow, center)

    with pytest.raises(UndoExpiredError):
        undo(uow, change, now=NOW + timedelta(seconds=31), actor=make_actor())
    undo(uow, change, now=SOON, actor=make_actor())
    with pytest.raises(UndoExpiredError):
        undo(uow, change, now=SOON, actor=make_actor())
