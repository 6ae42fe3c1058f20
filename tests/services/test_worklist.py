"""The worklist tells what waits, in the queue where a desk looks for it."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.ids import ChangeId
from scheduler.domain.people import CallOutcome, TaskKind
from scheduler.domain.roles import Role
from scheduler.domain.timing import instant_at
from scheduler.persistence.board import waiting
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change
from scheduler.persistence.plans import doses_of
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, discharge
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.giving import DoseOutcome
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.raising import raise_due
from scheduler.services.tasks import LogCall, NewTask, log_call, raise_task
from scheduler.services.undo import undo
from scheduler.services.worklist import WorkLine, worklist
from tests.factories.center import CenterMade, PlanMade, book, make_treatment, make_world
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)


def ask_for_booking(uow: UnitOfWork, center: CenterMade, plan: PlanMade) -> None:
    """Raise what a person must book, as new dates of a booked dose do."""
    new = NewTask(
        center_id=center.id,
        patient_id=plan.patient_id,
        kind=TaskKind.REBOOK,
        subject_id=plan.dose(),
        due_on=MONDAY,
        detail="Move the visit.",
        dose_id=plan.dose(),
        plan_id=plan.id,
    )
    raise_task(uow, new, now=NOW)


def asked(uow: UnitOfWork, center: CenterMade) -> list[WorkLine]:
    lines = worklist(uow, center.id, today=MONDAY)
    return [each for each in lines if each.kind in (TaskKind.REBOOK, TaskKind.OVERDUE)]


def last_change(uow: UnitOfWork) -> ChangeId:
    with uow:
        return uow.session.scalars(select(Change.id).order_by(Change.id.desc()).limit(1)).one()


def lose_a_visit(uow: UnitOfWork, center: CenterMade) -> PlanMade:
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    request = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
    cancel_appointment(uow, request, now=NOW, actor=make_actor())
    return plan


def latest_day(uow: UnitOfWork, plan: PlanMade) -> date:
    with uow:
        return doses_of(uow, plan.id)[0].latest


def only_line(uow: UnitOfWork, center: CenterMade, today: date) -> WorkLine:
    lines = worklist(uow, center.id, today=today)
    (line,) = [each for each in lines if each.kind in (TaskKind.REBOOK, TaskKind.OVERDUE)]
    return line


def test_a_lost_visit_waits_to_be_booked_while_its_window_is_open(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    plan = lose_a_visit(uow, center)

    line = only_line(uow, center, latest_day(uow, plan))

    assert (line.kind, line.days_over) == (TaskKind.REBOOK, 0)


def test_a_lost_visit_is_overdue_once_its_window_is_over_with_every_attempt(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    plan = lose_a_visit(uow, center)
    call = LogCall(
        task_id=only_line(uow, center, MONDAY).id,
        outcome=CallOutcome.LEFT_WORD,
        note="asked to call back",
    )
    log_call(uow, call, today=MONDAY, now=NOW, actor=make_actor())

    line = only_line(uow, center, latest_day(uow, plan) + timedelta(days=4))

    assert (line.kind, line.days_over) == (TaskKind.OVERDUE, 4)
    assert [each.note for each in line.attempts] == ["asked to call back"]


def test_moving_a_visit_answers_what_asked_for_it_and_undo_asks_again(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    ask_for_booking(uow, center, plan)
    tuesday = MoveAppointment(appointment_id=visit, day=MONDAY + timedelta(days=1))

    move_appointment(uow, tuesday, now=NOW, actor=make_actor())
    assert asked(uow, center) == []

    undo(uow, last_change(uow), now=NOW + timedelta(seconds=5), actor=make_actor())
    assert [line.kind for line in asked(uow, center)] == [TaskKind.REBOOK]


def test_an_undone_booking_asks_for_one_again(database: Database, uow: UnitOfWork) -> None:
    center = make_world(database, uow)
    plan = make_treatment(uow, center.id)
    ask_for_booking(uow, center, plan)

    book(uow, plan.dose(), MONDAY, "10:00")
    assert asked(uow, center) == []

    undo(uow, last_change(uow), now=NOW + timedelta(seconds=5), actor=make_actor())
    assert [line.kind for line in asked(uow, center)] == [TaskKind.REBOOK]


def test_a_dose_that_was_given_is_no_longer_asked_for(database: Database, uow: UnitOfWork) -> None:
    center = make_world(database, uow)
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    ask_for_booking(uow, center, plan)
    noon = instant_at(MONDAY, time(12), ZoneInfo("America/New_York"))
    given = Discharge(appointment_id=visit, outcomes=(DoseOutcome(dose_id=plan.dose()),))

    discharge(uow, given, now=noon, actor=make_actor(Role.NURSE))

    assert asked(uow, center) == []


def test_a_dose_whose_booking_is_gone_comes_back_as_overdue(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    plan = make_treatment(uow, center.id)
    ask_for_booking(uow, center, plan)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    error = CancelAppointment(appointment_id=visit, reason=CancellationReason.BOOKED_IN_ERROR)
    cancel_appointment(uow, error, now=NOW, actor=make_actor())

    after = latest_day(uow, plan) + timedelta(days=1)
    raise_due(uow, now=instant_at(after, time(12), ZoneInfo("America/New_York")))

    kinds = [line.kind for line in worklist(uow, center.id, today=after) if line.dose_id]
    assert TaskKind.OVERDUE in kinds


def test_a_visit_to_be_moved_has_its_place_and_a_lost_one_waits_on_the_board(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    moving, lost = make_treatment(uow, center.id), lose_a_visit(uow, center)
    book(uow, moving.dose(), MONDAY, "12:00")
    ask_for_booking(uow, center, moving)

    with uow:
        rows, more = waiting(uow, center.id, limit=4)

    assert ([row.dose_id for row in rows], more) == ([lost.dose()], False)


def test_a_patient_on_two_drugs_has_a_line_for_each_that_is_overdue(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow)
    first = make_treatment(uow, center.id)
    second = make_treatment(
        uow, center.id, patient_id=first.patient_id, regimen="infliximab-iv", product="Inflectra"
    )

    raise_due(uow, now=NOW + timedelta(days=35))

    overdue = {
        line.plan_id
        for line in worklist(uow, center.id, today=MONDAY + timedelta(days=29))
        if line.kind is TaskKind.OVERDUE and line.patient_id == first.patient_id
    }
    assert overdue == {first.id, second.id}
