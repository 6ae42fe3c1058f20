"""Undo: within 30 seconds, by its author, by the same checks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import NoCapacityError, TooEarlyError, UndoExpiredError
from scheduler.domain.ids import ChangeId
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change
from scheduler.persistence.tasks import open_of_patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.days import day_curve
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.undo import undo
from tests.factories.center import (
    CenterMade,
    PlanMade,
    book,
    make_treatment,
    make_world,
    visits_of,
)
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
THURSDAY = date(2026, 3, 26)
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


def cancelled(uow: UnitOfWork, center: CenterMade, plan: PlanMade | None = None) -> ChangeId:
    visit = book(uow, (plan or make_treatment(uow, center.id)).dose(), MONDAY, "10:00")
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


def asked_to_book(uow: UnitOfWork, plan: PlanMade) -> bool:
    with uow:
        return any(t.kind is TaskKind.REBOOK for t in open_of_patient(uow, plan.patient_id))


def test_a_cancellation_that_is_undone_asks_nobody_to_book_again(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    change = cancelled(uow, center, plan)
    assert asked_to_book(uow, plan)

    undo(uow, change, now=SOON, actor=make_actor())

    assert not asked_to_book(uow, plan)


@pytest.mark.parametrize("kind", [PlanChangeKind.HOLD, PlanChangeKind.STOP])
def test_no_visit_comes_back_into_a_plan_that_was_held_or_stopped_since(
    uow: UnitOfWork, center: CenterMade, kind: PlanChangeKind
) -> None:
    plan = make_treatment(uow, center.id)
    change = cancelled(uow, center, plan)
    wanted = PlanChange(plan_id=plan.id, kind=kind, reason="Fever", review_on=date(2026, 4, 20))
    change_plan(uow, wanted, now=NOW, actor=make_actor())

    with pytest.raises(UndoExpiredError, match="changed since"):
        undo(uow, change, now=SOON, actor=make_actor())

    assert not visits_of(uow)[0].live


def test_a_visit_after_the_review_of_a_hold_comes_back(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    hold = PlanChange(
        plan_id=plan.id, kind=PlanChangeKind.HOLD, reason="Trip", review_on=MONDAY - timedelta(1)
    )
    change = cancelled(uow, center, plan)
    change_plan(uow, hold, now=NOW, actor=make_actor())

    undo(uow, change, now=SOON, actor=make_actor())

    assert visits_of(uow)[0].live


def test_no_visit_comes_back_for_a_patient_who_died(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    change = cancelled(uow, center, plan)
    died = MarkDeceased(patient_id=plan.patient_id, deceased_on=NOW.date(), told_by="Daughter")
    mark_deceased(uow, died, now=NOW, actor=make_actor())

    with pytest.raises(UndoExpiredError, match="changed since"):
        undo(uow, change, now=SOON, actor=make_actor())


def not_before(uow: UnitOfWork, plan: PlanMade, day: date) -> None:
    """Let what somebody recorded meanwhile move the hard first day of the first dose."""
    with uow:
        stored.dose(uow, plan.dose()).not_before = day
        uow.commit()


@pytest.mark.parametrize("kind", ["cancelled", "moved"])
def test_no_visit_comes_back_below_a_not_before_that_has_moved_since(
    uow: UnitOfWork, center: CenterMade, kind: str
) -> None:
    plan = make_treatment(uow, center.id)
    if kind == "cancelled":
        change = cancelled(uow, center, plan)
    else:
        visit = book(uow, plan.dose(), MONDAY, "10:00")
        later = MoveAppointment(appointment_id=visit, day=THURSDAY)
        change = move_appointment(uow, later, now=NOW, actor=make_actor())
    not_before(uow, plan, THURSDAY)

    with pytest.raises(TooEarlyError, match="March 26"):
        undo(uow, change, now=SOON, actor=make_actor())


def test_a_visit_below_its_not_before_by_an_order_comes_back_with_that_order(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    not_before(uow, plan, THURSDAY)
    by_order = {"documented_order": "Dr. Ek, March 2", "second_person": "Kim Lund"}
    visit = book(uow, plan.dose(), MONDAY, "10:00", **by_order)
    later = MoveAppointment(appointment_id=visit, day=THURSDAY)
    change = move_appointment(uow, later, now=NOW, actor=make_actor())

    undo(uow, change, now=SOON, actor=make_actor())

    (row,) = visits_of(uow)
    assert row.starts_at.date() == MONDAY
    assert row.override_reason.startswith("below not-before (March 26, 2026): Dr. Ek")
