"""Days whose visits no longer fit: who is affected, where they could go, and the batch that moves them."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.errors import NoCapacityError, NotAllowedError, UndoExpiredError
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, Change, ClinicDay, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_moves import move_batch
from scheduler.services.batch_refusals import BatchRefusedError
from scheduler.services.check import differences
from scheduler.services.check import occupancy as counts
from scheduler.services.closures import AddClosure, add_closure
from scheduler.services.days import day_over
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.replan_lines import replan_lines
from scheduler.services.replanning import ReplanWanted
from scheduler.services.undo import undo
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.crowded import (
    MONDAY,
    batch_of,
    close,
    confirm,
    look,
    make_crowd,
    messages_of,
    out,
)
from tests.factories.people import NOW, make_actor

SOON = NOW + timedelta(seconds=20)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def days_of(uow: UnitOfWork) -> set[date]:
    return {row.starts_at.date() for row in visits_of(uow)}


def places(uow: UnitOfWork) -> list[tuple[object, datetime, int, bool]]:
    rows = sorted(visits_of(uow), key=lambda row: row.id)
    return [(row.id, row.starts_at, row.chair_key, row.pinned) for row in rows]


def occupancy(uow: UnitOfWork) -> dict[date, bytes]:
    with uow:
        rows = uow.session.scalars(select(ClinicDay))
        return {row.day: row.occupancy for row in rows if any(row.occupancy)}


@pytest.mark.slow
def test_a_closed_day_is_moved_into_the_windows_in_one_batch(
    uow: UnitOfWork, center: CenterMade
) -> None:
    make_crowd(uow, center)
    close(uow, center)
    shown = look(uow, center)

    done = confirm(uow, center, shown)

    assert [words for _, words in shown.days] == ["The center is closed: Pipe."]
    assert (done.patients, done.visits, done.tasks) == (6, 6, 0)
    assert MONDAY not in days_of(uow)
    for line in shown.moves:
        assert line.window is not None
        assert line.window[0] <= line.to.date() <= line.window[1]
    assert look(uow, center).days == ()


def test_each_patient_is_owed_one_message_about_the_new_time(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visits = make_crowd(uow, center, ("09:00", "10:00"))
    close(uow, center)
    before = messages_of(uow)

    confirm(uow, center, look(uow, center))

    new = messages_of(uow)[len(before) :]
    with uow:
        calls = select(Task).where(Task.kind == TaskKind.PHONE, Task.closed_at.is_(None))
        asked = [task.appointment_id for task in uow.session.scalars(calls)]
    told = [visit for visit, _, status in new if status == "owed"]
    assert sorted([*told, *asked], key=str) == sorted(visits, key=str)


@pytest.mark.slow
def test_undo_puts_every_visit_back_even_onto_the_closed_day(
    uow: UnitOfWork, center: CenterMade
) -> None:
    make_crowd(uow, center)
    close(uow, center)
    before, used = places(uow), occupancy(uow)
    done = confirm(uow, center, look(uow, center))

    undo(uow, done.change_id, now=SOON, actor=make_actor())

    assert places(uow) == before
    assert occupancy(uow) == used
    with pytest.raises(UndoExpiredError):
        undo(uow, done.change_id, now=SOON, actor=make_actor())


def test_undo_is_refused_when_somebody_else_has_the_place(
    uow: UnitOfWork, center: CenterMade
) -> None:
    make_crowd(uow, center, ("09:00", "09:00"))
    out(uow, center, center.nurses[0])
    done = confirm(uow, center, look(uow, center))
    (left,) = [row for row in visits_of(uow) if row.starts_at.date() == MONDAY][:1]
    other = book(
        uow, make_treatment(uow, center.id).dose(), MONDAY, "09:00", override_reason="asked to"
    )

    with pytest.raises(NoCapacityError):
        undo(uow, done.change_id, now=SOON, actor=make_actor())

    assert {left.id, other} <= {row.id for row in visits_of(uow)}


def test_nobody_is_asked_to_come_today_or_tomorrow_instead(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    close(uow, center)
    wanted = ReplanWanted(center_id=center.id, first=MONDAY, last=MONDAY)
    friday_before = NOW + timedelta(days=3)

    shown = replan_lines(uow, wanted, now=friday_before, actor=make_actor())

    assert [line.visit.id for line in shown.moves] == [visit]
    assert shown.moves[0].to.date() >= TUESDAY


def test_a_nurse_out_moves_as_few_as_it_takes(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, ("08:00", "08:00", "11:00", "14:00"))
    out(uow, center, center.nurses[0])
    shown = look(uow, center)

    confirm(uow, center, shown)

    assert len(shown.moves) == 1
    assert shown.over == ()
    with uow:
        assert day_over(uow, center.id, MONDAY) == ()


def test_a_new_closing_hour_moves_only_what_would_run_over_it(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visits = make_crowd(uow, center, ("08:00", "14:30"))
    close(uow, center, since=time(15))

    shown = look(uow, center)

    assert [line.visit.id for line in shown.moves] == [visits[1]]
    assert "the center closes at 15:00" in shown.moves[0].visit.why


def test_a_course_moves_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")
    book(uow, plan.dose(), MONDAY, "08:00")
    closure = AddClosure(
        center_id=center.id,
        first_day=MONDAY + timedelta(days=2),
        last_day=MONDAY + timedelta(days=2),
        reason="Pipe",
    )
    add_closure(uow, closure, now=NOW, actor=make_actor())

    shown = look(uow, center, MONDAY + timedelta(days=2))
    if shown.moves:
        confirm(uow, center, shown)
    days = sorted({row.starts_at.date() for row in visits_of(uow)})

    (line,) = [*(move.visit for move in shown.moves), *(left.visit for left in shown.left)]
    assert line.days == 5
    assert days == [days[0] + timedelta(days=n) for n in range(5)]


def test_what_has_no_other_day_becomes_a_task(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), MONDAY, "10:00")
    dose = plan.doses[0]
    closure = AddClosure(
        center_id=center.id, first_day=dose.earliest, last_day=dose.latest, reason="Move"
    )
    add_closure(uow, closure, now=NOW, actor=make_actor())
    shown = look(uow, center)

    done = confirm(uow, center, shown)
    again = confirm(uow, center, shown)

    assert [line.visit.id for line in shown.left] == [visit]
    assert (done.visits, done.tasks, again.tasks) == (0, 1, 0)
    with uow:
        (task,) = uow.session.scalars(select(Task).where(Task.kind == TaskKind.REBOOK))
        assert "cannot stay there" in task.detail
        words = uow.session.scalars(select(Change.words).where(Change.id == done.change_id)).one()
        assert words == "What cannot move is left to a person."


@pytest.mark.slow
def test_a_double_press_moves_once(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center)
    close(uow, center)
    shown = look(uow, center)

    assert confirm(uow, center, shown, "press") == confirm(uow, center, shown, "press")


def test_what_changed_meanwhile_is_named_and_nothing_moves(
    uow: UnitOfWork, center: CenterMade
) -> None:
    visits = make_crowd(uow, center, ("09:00", "11:00"))
    close(uow, center)
    shown = look(uow, center)
    moved = MoveAppointment(appointment_id=visits[0], day=TUESDAY, start=time(14))
    move_appointment(uow, moved, now=NOW, actor=make_actor())
    before = places(uow)

    with pytest.raises(BatchRefusedError) as refusal:
        confirm(uow, center, shown)

    (only,) = refusal.value.refused
    assert only.appointment_id == visits[0]
    assert "it is on Tue, Mar 24, 14:00 now" in only.sentence
    assert places(uow) == before


def test_a_place_taken_meanwhile_is_named(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, ("09:00",))
    close(uow, center)
    shown = look(uow, center)
    at = shown.moves[0].to
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), at.date(), f"{at:%H:%M}")

    with pytest.raises(BatchRefusedError) as refusal:
        confirm(uow, center, shown)

    assert "IV starts" in refusal.value.refused[0].sentence


def test_only_who_manages_the_center_may_look_or_move(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center, ("09:00",))
    close(uow, center)
    batch = batch_of(center, look(uow, center))

    with pytest.raises(NotAllowedError):
        move_batch(uow, batch, now=NOW, actor=make_actor(Role.FRONT_DESK))
    move_batch(uow, batch, now=NOW, actor=make_actor(Role.CHARGE_NURSE))


@pytest.mark.slow
def test_after_a_batch_counts_and_rows_agree(uow: UnitOfWork, center: CenterMade) -> None:
    make_crowd(uow, center)
    close(uow, center)

    done = confirm(uow, center, look(uow, center))
    assert differences(uow, counts) == ()
    undo(uow, done.change_id, now=SOON, actor=make_actor())

    assert differences(uow, counts) == ()
    with uow:
        parked = uow.session.scalars(select(Appointment).where(Appointment.parked.is_not(None)))
        assert list(parked) == []
