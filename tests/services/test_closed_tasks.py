"""A task closed by mistake is put back on the worklist for half a minute, whatever it asks."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import NotAllowedError, UndoExpiredError
from scheduler.domain.ids import ChangeId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.persistence import plans as stored
from scheduler.persistence import tasks as stored_tasks
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit, Change
from scheduler.services.authorization_renewals import LEAD as AUTHORIZATION
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.phase_tasks import lead_of
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.raising import ORDER, raise_due
from scheduler.services.renewals import LEAD as ENROLMENT
from scheduler.services.supplies import RecordRems, record_rems
from scheduler.services.tasks import CLOSED, CloseTask, NewTask, close_task, raise_task
from scheduler.services.undo import undo
from scheduler.services.worklist import WorkLine, worklist
from tests.factories.people import NOW
from tests.factories.ready_scene import NURSE, ReadyScene, make_ready_scene
from tests.factories.series_place import ALL_HANDS

SOON = NOW + timedelta(seconds=20)
REVIEWS = ("", ORDER, ENROLMENT, AUTHORIZATION, "recalculation", "left out 1", lead_of("bridge"))
QUEUES = [kind for kind in TaskKind if kind not in (TaskKind.REVIEW, TaskKind.SHORT_WEEK)]


@pytest.fixture
def scene(database: Database) -> ReadyScene:
    return make_ready_scene(database)


def raised(scene: ReadyScene, kind: TaskKind = TaskKind.REVIEW, lead: str = "") -> TaskId:
    with scene.uow:
        center_id = stored.plan(scene.uow, scene.plan_id).center_id
    new = NewTask(
        center_id=center_id,
        patient_id=scene.patient_id,
        kind=kind,
        subject_id=uuid4(),
        due_on=NOW.date(),
        detail="Somebody is asked.",
        lead=lead,
        plan_id=scene.plan_id,
    )
    return raise_task(scene.uow, new, now=NOW)


def close(scene: ReadyScene, task_id: TaskId) -> ChangeId:
    """Close a task, and return the change that can be taken back."""
    closing = CloseTask(task_id=task_id, outcome=TaskOutcome.NOT_NEEDED, note="No longer.")
    close_task(scene.uow, closing, now=NOW, actor=NURSE)
    with scene.uow:
        wanted = sa.select(Change.id).where(Change.kind == CLOSED).order_by(Change.id.desc())
        return scene.uow.session.scalars(wanted.limit(1)).one()


def lines(scene: ReadyScene) -> list[WorkLine]:
    with scene.uow:
        center_id = stored.plan(scene.uow, scene.plan_id).center_id
    return list(worklist(scene.uow, center_id, today=NOW.date()))


def enrol(scene: ReadyScene, days: int) -> None:
    """Enrol the patient in the program until so many days from now."""
    request = RecordRems(
        patient_id=scene.patient_id,
        program="TOUCH",
        enrolled_on=NOW.date(),
        valid_until=NOW.date() + timedelta(days=days),
    )
    record_rems(scene.uow, request, now=NOW, actor=NURSE)


def test_every_kind_of_task_that_was_closed_can_be_put_back(scene: ReadyScene) -> None:
    for kind, lead in [(each, "") for each in QUEUES] + [(TaskKind.REVIEW, x) for x in REVIEWS]:
        task_id = raised(scene, kind, lead)
        before = lines(scene)
        change = close(scene, task_id)
        assert task_id not in {line.id for line in lines(scene)}

        words = undo(scene.uow, change, now=SOON, actor=NURSE)

        assert words == "Task closed: not needed."
        assert lines(scene) == before


def test_what_the_worker_asked_for_goes_on_as_if_it_had_not_been_closed(scene: ReadyScene) -> None:
    def asked() -> list[WorkLine]:
        raise_due(scene.uow, now=SOON)
        return [each for each in lines(scene) if each.lead == ENROLMENT]

    enrol(scene, 7)
    (line,) = asked()
    change = close(scene, line.id)
    assert asked() == []

    undo(scene.uow, change, now=SOON, actor=NURSE)

    assert asked() == [line]
    enrol(scene, 400)
    assert asked() == []


def test_taking_it_back_is_audited(scene: ReadyScene) -> None:
    undo(scene.uow, close(scene, raised(scene)), now=SOON, actor=NURSE)

    with scene.uow:
        about = sa.select(Audit).where(Audit.entity == "task").order_by(Audit.sequence)
        seen = [(row.action, row.patient_id) for row in scene.uow.session.scalars(about)]
    assert seen == [("close", scene.patient_id), ("reopen", scene.patient_id)]


def test_a_decision_that_was_put_off_keeps_its_reason(scene: ReadyScene) -> None:
    task_id = raised(scene, lead=lead_of("bridge"))
    with scene.uow:
        stored_tasks.get(scene.uow, task_id).outcome_note = "Dr. Lind, after the scan"
        scene.uow.commit()

    undo(scene.uow, close(scene, task_id), now=SOON, actor=NURSE)

    assert [line.put_off for line in lines(scene)] == ["Dr. Lind, after the scan"]


def test_only_who_closed_it_takes_it_back_and_not_after_half_a_minute(scene: ReadyScene) -> None:
    change = close(scene, raised(scene))

    with pytest.raises(NotAllowedError):
        undo(scene.uow, change, now=SOON, actor=replace(NURSE, id=uuid4()))
    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change, now=NOW + timedelta(seconds=31), actor=NURSE)

    assert lines(scene) == []


def test_it_stays_closed_when_somebody_closed_it_anew_since(scene: ReadyScene) -> None:
    task_id = raised(scene)
    change = close(scene, task_id)
    with scene.uow:
        stored_tasks.get(scene.uow, task_id).closed_at = SOON
        scene.uow.commit()

    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change, now=SOON, actor=NURSE)

    assert lines(scene) == []


def test_it_stays_closed_when_the_plan_was_stopped_since(scene: ReadyScene) -> None:
    task_id = raised(scene)
    change = close(scene, task_id)
    stop = PlanChange(plan_id=scene.plan_id, kind=PlanChangeKind.STOP, reason="Relapse")
    change_plan(scene.uow, stop, now=NOW, actor=ALL_HANDS)

    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change, now=SOON, actor=NURSE)

    assert task_id not in {line.id for line in lines(scene)}


def test_it_stays_closed_when_the_patient_died_since(scene: ReadyScene) -> None:
    task_id = raised(scene, TaskKind.PHONE)
    with scene.uow:
        stored_tasks.get(scene.uow, task_id).plan_id = None
        scene.uow.commit()
    change = close(scene, task_id)
    died = MarkDeceased(patient_id=scene.patient_id, deceased_on=NOW.date(), told_by="The daughter")
    mark_deceased(scene.uow, died, now=NOW, actor=ALL_HANDS)

    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change, now=SOON, actor=NURSE)

    assert task_id not in {line.id for line in lines(scene)}
