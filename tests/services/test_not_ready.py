"""A patient who is not ready stands on the worklist with what is missing now, as often as that is so."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.ids import TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.persistence.database import Database
from scheduler.persistence.models import Task
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.raising import raise_due
from scheduler.services.tasks import CloseTask, close_task
from tests.factories.people import NOW, make_actor, make_visit
from tests.factories.ready_scene import ReadyScene, make_ready_scene

SOON = datetime(2026, 3, 18, 14, tzinfo=UTC)


@pytest.fixture
def scene(database: Database) -> ReadyScene:
    return make_ready_scene(database)


def waiting(scene: ReadyScene) -> list[tuple[TaskId, str]]:
    """Return the open tasks about readiness, with what they say."""
    open_ones = sa.select(Task).where(Task.kind == TaskKind.NOT_READY, Task.closed_at.is_(None))
    with scene.uow:
        return [(task.id, task.detail) for task in scene.uow.session.scalars(open_ones)]


def test_what_is_missing_is_said_as_it_is_now(scene: ReadyScene) -> None:
    make_visit(scene.uow, scene.doses[0], SOON)
    raise_due(scene.uow, now=NOW)
    ((_, before),) = waiting(scene)
    assert "MRI" in before

    scene.meet("mri-baseline", result_on=date(2026, 3, 2))
    raise_due(scene.uow, now=NOW + timedelta(minutes=5))

    ((_, now),) = waiting(scene)
    assert "MRI" not in now
    assert "TOUCH" in now


def test_a_visit_that_comes_near_again_asks_again_unless_a_person_closed_it(
    scene: ReadyScene,
) -> None:
    visit = make_visit(scene.uow, scene.doses[0], SOON)
    raise_due(scene.uow, now=NOW)
    lost = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
    cancel_appointment(scene.uow, lost, now=NOW, actor=make_actor())
    make_visit(scene.uow, scene.doses[0], SOON + timedelta(days=8))
    raise_due(scene.uow, now=NOW + timedelta(minutes=5))
    assert waiting(scene) == []

    near = NOW + timedelta(days=7)
    raise_due(scene.uow, now=near)
    ((task_id, _),) = waiting(scene)

    close = CloseTask(task_id=task_id, outcome=TaskOutcome.DONE)
    close_task(scene.uow, close, now=near, actor=make_actor())
    raise_due(scene.uow, now=near + timedelta(minutes=5))
    assert waiting(scene) == []
