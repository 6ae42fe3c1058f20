"""Cancelling visits: the place comes free, the dose waits, courses go whole."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import StaleError
from scheduler.domain.ids import AppointmentId, ChangeId
from scheduler.domain.people import TaskKind
from scheduler.persistence.database import Database
from scheduler.persistence.models import Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, VisitOverError, cancel_appointment
from scheduler.services.days import day_curve
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def cancel(uow: UnitOfWork, visit: AppointmentId, **values: Any) -> ChangeId:
    facts = {"reason": CancellationReason.PATIENT} | values
    request = CancelAppointment(appointment_id=visit, **facts)
    return cancel_appointment(uow, request, now=NOW, actor=make_actor())


def open_tasks(uow: UnitOfWork, kind: TaskKind) -> int:
    with uow:
        wanted = select(Task).where(Task.kind == kind, Task.closed_at.is_(None))
        return len(uow.session.scalars(wanted).all())


def test_a_cancelled_visit_gives_its_place_back_and_its_dose_waits(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")

    cancel(uow, visit, note="has a cold")

    (row,) = visits_of(uow)
    assert (row.status, row.live) == (AppointmentStatus.CANCELLED, False)
    assert row.cancellation_note == "has a cold"
    assert max(point.chairs for point in day_curve(uow, center.id, MONDAY)) == 0
    assert open_tasks(uow, TaskKind.REBOOK) == 1
    book(uow, plan.dose(), MONDAY, "10:00")
    assert open_tasks(uow, TaskKind.REBOOK) == 0


def test_a_course_is_cancelled_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    book(uow, plan.dose(), MONDAY, "08:00")
    third = visits_of(uow)[2].id

    cancel(uow, third, reason=CancellationReason.WEATHER)

    assert {row.status for row in visits_of(uow)} == {AppointmentStatus.CANCELLED}


def test_what_was_booked_in_error_never_was(uow: UnitOfWork, center: CenterMade) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    cancel(uow, visit, reason=CancellationReason.BOOKED_IN_ERROR)

    assert visits_of(uow)[0].status is AppointmentStatus.ENTERED_IN_ERROR
    assert open_tasks(uow, TaskKind.REBOOK) == 0


def test_a_visit_is_cancelled_once_and_only_as_it_was_seen(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    with pytest.raises(StaleError):
        cancel(uow, visit, version=99)
    cancel(uow, visit)
    with pytest.raises(VisitOverError):
        cancel(uow, visit)
