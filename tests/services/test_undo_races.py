"""Undo pressed twice at once, or after somebody else's change, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import DomainError, UndoExpiredError
from scheduler.domain.ids import ChangeId, OrganizationId
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit, Change, Closure
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.undo import undo
from tests.factories import crowded
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
SOON = NOW + timedelta(seconds=20)
PRESSES = 4


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def last_change(uow: UnitOfWork) -> ChangeId:
    with uow:
        return uow.session.scalars(select(Change.id).order_by(Change.id.desc())).one()


def press_at_once(database: Database, organization: OrganizationId, change: ChangeId) -> list[str]:
    """Press undo in several threads at the same moment, and return what each was told."""
    ready, actor = Barrier(PRESSES), make_actor()

    def press(_number: int) -> str:
        ready.wait()
        try:
            undo(database.write(organization), change, now=SOON, actor=actor)
        except DomainError as refusal:
            return type(refusal).__name__
        return "undone"

    with ThreadPoolExecutor(PRESSES) as pool:
        return sorted(pool.map(press, range(PRESSES)))


ONCE = ["UndoExpiredError"] * (PRESSES - 1) + ["undone"]


def undone(uow: UnitOfWork) -> int:
    with uow:
        wanted = select(Audit.id).where(Audit.action == "undone")
        return len(uow.session.scalars(wanted).all())


@pytest.mark.family
@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled"])
def test_undo_pressed_several_times_at_once_undoes_once(
    database: Database,
    uow: UnitOfWork,
    organization: OrganizationId,
    center: CenterMade,
    kind: str,
) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    change, old = last_change(uow), visits_of(uow)[0].starts_at
    if kind == "moved":
        wanted = MoveAppointment(appointment_id=visit, starts_at=old + timedelta(days=1))
        change = move_appointment(uow, wanted, now=NOW, actor=make_actor())
    if kind == "cancelled":
        request = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
        change = cancel_appointment(uow, request, now=NOW, actor=make_actor())

    told = press_at_once(database, organization, change)

    assert told == ONCE
    assert undone(uow) == 1
    (row,) = visits_of(uow)
    wrong = AppointmentStatus.ENTERED_IN_ERROR
    assert row.status is (wrong if kind == "booked" else AppointmentStatus.BOOKED)
    assert row.starts_at == old


def test_a_closure_undone_several_times_at_once_is_taken_back_once(
    database: Database, uow: UnitOfWork, organization: OrganizationId, center: CenterMade
) -> None:
    crowded.close(uow, center)

    told = press_at_once(database, organization, last_change(uow))

    assert told == ONCE
    assert undone(uow) == 1
    with uow:
        assert [row for row in uow.session.scalars(select(Closure)) if row.lifted_at is None] == []


def test_what_somebody_else_changed_since_is_not_undone(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    start = visits_of(uow)[0].starts_at
    first = MoveAppointment(appointment_id=visit, starts_at=start + timedelta(days=1))
    change = move_appointment(uow, first, now=NOW, actor=make_actor())
    second = MoveAppointment(appointment_id=visit, starts_at=start + timedelta(days=2))
    move_appointment(uow, second, now=NOW, actor=make_actor(name="Kim Lund"))

    with pytest.raises(UndoExpiredError, match="changed since"):
        undo(uow, change, now=SOON, actor=make_actor())

    assert visits_of(uow)[0].starts_at == start + timedelta(days=2)
