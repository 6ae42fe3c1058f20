"""A phase that waits for the prescriber is asked about in time, once, and never booked by itself."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import InvalidError, NotAllowedError, NotFoundError
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.asked_phases import AskForPhase, ask_for_phase
from scheduler.services.check import CHECKS
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.measures import MeasureKind
from scheduler.services.patient_page import patient_page
from scheduler.services.phase_tasks import PostponePhase, postpone_phase
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.raising import raise_due
from scheduler.services.tasks import CloseTask, TaskClosedError, close_task
from scheduler.services.worklist import WorkLine, worklist
from tests.factories.people import NOW, make_actor, make_patient
from tests.factories.plan_scene import at
from tests.factories.series_place import (
    ALL_HANDS,
    FIRST,
    Place,
    cycle_given,
    make_weighed_place,
)

# efgartigimod from March 23: the first cycle ends on April 13, the next may begin 50 days from its first day
BEGINS = date(2026, 5, 12)
NEAR, EARLIER = BEGINS - timedelta(days=21), BEGINS - timedelta(days=22)


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    return make_weighed_place(database, tmp_path)


def asked(place: Place, today: date = NEAR) -> list[WorkLine]:
    """Let the worker look on a day, and return what the worklist asks about phases."""
    raise_due(place.uow, now=at(today))
    return lines(place, today)


def lines(place: Place, today: date = NEAR) -> list[WorkLine]:
    return [line for line in worklist(place.uow, place.center_id, today=today) if line.phase]


def decide_later(place: Place, line: WorkLine, again_on: date, reason: str = "Dr. Lind") -> None:
    wanted = PostponePhase(task_id=line.id, again_on=again_on, reason=reason)
    postpone_phase(place.uow, wanted, now=at(NEAR), actor=ALL_HANDS)


def test_a_phase_is_asked_about_once_when_its_day_comes_near(place: Place) -> None:
    plan_id = cycle_given(place)
    assert asked(place, EARLIER) == []

    (line,) = asked(place)
    again = asked(place)

    assert (line.kind, line.plan_id, line.phase, line.due_on) == (
        TaskKind.REVIEW,
        plan_id,
        "next-cycle",
        BEGINS,
    )
    assert "may begin from May 12, 2026 on" in line.detail
    assert again == [line]
    assert len(place.rows(plan_id)) == 4  # nothing is laid out, nothing is booked


def test_it_is_the_day_that_the_plan_shows(place: Place) -> None:
    cycle_given(place)

    (line,) = asked(place)

    with place.uow:
        (plan,) = patient_page(place.uow, place.patient_id).plans
    assert {each.phase: each.from_day for each in plan.waiting} == {line.phase: line.due_on}


@pytest.mark.slow
def test_more_plans_need_no_more_queries(place: Place, database: Database) -> None:
    def reads() -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(database.engine, "before_cursor_execute", note)
        raise_due(place.uow, now=at(NEAR))
        sa.event.remove(database.engine, "before_cursor_execute", note)
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    cycle_given(place)
    reads()
    one = reads()
    for _ in range(2):
        other = replace(place, patient_id=make_patient(place.uow))
        other.measure(MeasureKind.WEIGHT, 70, NOW.date())
        cycle_given(other)
    reads()

    assert reads() == one
    assert len(lines(place)) == 3


def test_nobody_is_asked_while_doses_go_on_by_themselves(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)

    assert asked(place) == []
    assert asked(place, date(2027, 3, 1)) == []


def test_the_task_is_done_when_the_phase_is_asked_for_and_comes_back_for_the_next(
    place: Place,
) -> None:
    plan_id = cycle_given(place)
    asked(place)

    request = AskForPhase(plan_id=plan_id, phase="next-cycle", reason="Dr. Lind: relapse.")
    ask_for_phase(place.uow, request, now=at(NEAR), actor=ALL_HANDS)

    assert lines(place) == []
    assert asked(place) == []
    (after,) = asked(place, date(2026, 6, 20))
    assert after.due_on > BEGINS


@pytest.mark.parametrize("kind", [PlanChangeKind.HOLD, PlanChangeKind.STOP])
def test_it_goes_by_itself_with_the_plan(place: Place, kind: PlanChangeKind) -> None:
    plan_id = cycle_given(place)
    asked(place)

    change = PlanChange(plan_id=plan_id, kind=kind, reason="Infection", review_on=BEGINS)
    change_plan(place.uow, change, now=at(NEAR), actor=ALL_HANDS)

    assert asked(place) == []


def test_it_comes_back_when_the_plan_goes_on(place: Place) -> None:
    plan_id = cycle_given(place)
    asked(place)
    for kind in (PlanChangeKind.HOLD, PlanChangeKind.RESUME):
        change = PlanChange(plan_id=plan_id, kind=kind, reason="Infection", review_on=BEGINS)
        change_plan(place.uow, change, now=at(NEAR), actor=ALL_HANDS)
        held = asked(place)

    assert [line.due_on for line in held] == [BEGINS]


def test_it_goes_by_itself_when_the_patient_dies(place: Place) -> None:
    cycle_given(place)
    asked(place)

    request = MarkDeceased(patient_id=place.patient_id, deceased_on=NEAR, told_by="The daughter")
    mark_deceased(place.uow, request, now=at(NEAR), actor=ALL_HANDS)

    assert asked(place) == []


def test_what_a_person_closed_stays_closed_for_that_day(place: Place) -> None:
    cycle_given(place)
    (line,) = asked(place)

    closing = CloseTask(task_id=line.id, outcome=TaskOutcome.NOT_NEEDED, note="No further cycle.")
    close_task(place.uow, closing, now=at(NEAR), actor=ALL_HANDS)

    assert asked(place) == []
    assert asked(place, BEGINS) == []


def test_a_decision_can_be_put_off_with_a_reason_that_plan_and_worklist_keep(place: Place) -> None:
    plan_id = cycle_given(place)
    (line,) = asked(place)

    decide_later(place, line, BEGINS)

    (after,) = asked(place)
    assert (after.next_try_on, after.put_off) == (BEGINS, "Dr. Lind")
    with place.uow:
        last = stored.events_of(place.uow, [plan_id])[-1]
        kept = (last.kind, last.reason)
    assert kept == (
        "phase not now",
        "next-cycle: Dr. Lind. Look again on May 12, 2026.",
    )


def test_putting_off_needs_a_reason_a_later_day_and_the_right(place: Place) -> None:
    cycle_given(place)
    (line,) = asked(place)

    with pytest.raises(InvalidError, match="why not now"):
        decide_later(place, line, BEGINS, reason=" ")
    for day in (NEAR, NEAR + timedelta(days=401)):
        with pytest.raises(InvalidError, match="Look again after today"):
            decide_later(place, line, day)
    wanted = PostponePhase(task_id=line.id, again_on=BEGINS, reason="x")
    with pytest.raises(NotAllowedError):
        postpone_phase(place.uow, wanted, now=at(NEAR), actor=make_actor(Role.FRONT_DESK))


def test_only_a_task_about_a_phase_that_is_open_can_be_put_off(place: Place) -> None:
    cycle_given(place)
    (line,) = asked(place)
    place.plan("ocrelizumab-iv")
    raise_due(place.uow, now=at(date(2026, 8, 1)))
    other = next(
        each
        for each in worklist(place.uow, place.center_id, today=date(2026, 8, 1))
        if not each.phase
    )

    with pytest.raises(NotFoundError):
        decide_later(place, other, BEGINS)
    closing = CloseTask(task_id=line.id, outcome=TaskOutcome.DONE)
    close_task(place.uow, closing, now=at(NEAR), actor=ALL_HANDS)
    with pytest.raises(TaskClosedError):
        decide_later(place, line, BEGINS)


def test_a_task_follows_its_day_and_keeps_what_was_decided(place: Place) -> None:
    plan_id = cycle_given(place)
    (line,) = asked(place)
    decide_later(place, line, NEAR + timedelta(days=5))
    with place.uow:  # the rule counts from a later day now
        row = stored.tasks_about(place.uow, plan_id)[0]
        row.due_on = BEGINS - timedelta(days=3)
        place.uow.commit()

    (after,) = asked(place)

    assert (after.id, after.due_on, after.next_try_on) == (
        line.id,
        BEGINS,
        NEAR + timedelta(days=5),
    )


def test_the_check_finds_nothing_after_it(place: Place) -> None:
    cycle_given(place)
    asked(place)

    with place.uow:
        assert list(CHECKS["Plans"](place.uow)) == []
