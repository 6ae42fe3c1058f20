"""A plan's hold or end, and a death, taken back as a whole within half a minute."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import ChangeId
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Role
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change, Message
from scheduler.persistence.tasks import open_of_patient
from scheduler.services.deceased import (
    MarkDeceased,
    mark_deceased,
)
from scheduler.services.plan_changes import (
    change_plan,
)
from scheduler.services.undo import undo
from tests.factories.changed_plan import Scene, make_scene
from tests.factories.people import (
    NOW,
    make_actor,
)


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return the scene."""
    return make_scene(database)


@pytest.mark.parametrize("kind", [PlanChangeKind.STOP, PlanChangeKind.HOLD])
def test_a_change_of_a_plan_is_undone_as_a_whole_within_half_a_minute(
    scene: Scene, kind: PlanChangeKind
) -> None:
    actor = make_actor(Role.CHARGE_NURSE)
    change_plan(scene.uow, scene.change(kind), now=NOW, actor=actor)
    gone = scene.statuses()

    undo(scene.uow, plans_changed(scene), now=NOW + timedelta(seconds=20), actor=actor)

    assert AppointmentStatus.CANCELLED in gone
    assert scene.statuses() == [AppointmentStatus.BOOKED] * 3
    assert scene.plan_status() is PlanStatus.ACTIVE
    with scene.uow:
        assert {dose.state for dose in stored.doses_of(scene.uow, scene.plan_id)} == {
            DoseState.PLANNED
        }
        assert open_of_patient(scene.uow, scene.patient_id) == []
        log = scene.uow.session.scalars(select(Message).where(Message.kind == "cancelled"))
        assert {message.status for message in log} <= {"void"}


def test_a_plan_that_was_changed_again_is_not_undone(scene: Scene) -> None:
    actor = make_actor(Role.CHARGE_NURSE)
    change_plan(scene.uow, scene.change(PlanChangeKind.HOLD), now=NOW, actor=actor)
    first = plans_changed(scene)
    change_plan(scene.uow, scene.change(PlanChangeKind.STOP), now=NOW, actor=actor)

    with pytest.raises(UndoExpiredError):
        undo(scene.uow, first, now=NOW + timedelta(seconds=5), actor=actor)

    assert scene.plan_status() is PlanStatus.STOPPED


@pytest.mark.slow
def test_a_death_is_undone_as_a_whole_within_half_a_minute(scene: Scene) -> None:
    actor = make_actor(Role.CHARGE_NURSE)
    request = MarkDeceased(patient_id=scene.patient_id, deceased_on=NOW.date())
    mark_deceased(scene.uow, request, now=NOW, actor=actor)
    change_id = plans_changed(scene)

    undo(scene.uow, change_id, now=NOW + timedelta(seconds=20), actor=actor)

    assert scene.statuses() == [AppointmentStatus.BOOKED] * 3
    assert scene.plan_status() is PlanStatus.ACTIVE
    with scene.uow:
        assert patients.patient(scene.uow, scene.patient_id).deceased_on is None
    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change_id, now=NOW + timedelta(seconds=21), actor=actor)


def plans_changed(scene: Scene) -> ChangeId:
    """Return the first change of whole plans that can be undone."""
    with scene.uow:
        wanted = select(Change).where(Change.kind == "plans changed").order_by(Change.id)
        return scene.uow.session.scalars(wanted).all()[0].id
