"""A plan's hold or end, and a death, taken back as a whole within half a minute."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import ChangeId, PatientId
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change, Message
from scheduler.persistence.tasks import open_of_patient
from scheduler.services.deceased import (
    MarkDeceased,
    mark_deceased,
)
from scheduler.services.deciding import open_recalculation
from scheduler.services.plan_changes import (
    PlanChange,
    change_plan,
)
from scheduler.services.undo import undo
from tests.factories import plan_scene
from tests.factories.changed_plan import Scene, make_scene
from tests.factories.people import (
    NOW,
    make_actor,
    make_visit,
)
from tests.factories.plan_scene import FIRST, NURSE, at, correct_day, give


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


@pytest.mark.parametrize("kind", [PlanChangeKind.STOP, PlanChangeKind.HOLD, None])
def test_what_waited_for_a_person_waits_again_when_the_change_is_undone(
    database: Database, kind: PlanChangeKind | None
) -> None:
    scene, now = plan_scene.make_scene(database), at(FIRST, 16)
    make_visit(scene.uow, scene.doses[1], at(FIRST + timedelta(days=28)))
    give(scene)
    correct_day(scene, FIRST - timedelta(days=14))
    waited, due = asking(scene), scene.due()
    end(scene, kind, now)
    assert asking(scene) == []

    undo(scene.uow, plans_changed(scene), now=now + timedelta(seconds=20), actor=NURSE)

    assert asking(scene) == waited != []
    assert scene.due() == due
    with scene.uow:
        tasks = open_of_patient(scene.uow, patient_of(scene))
        assert "recalculation" in {task.lead for task in tasks if task.kind is TaskKind.REVIEW}


def end(scene: plan_scene.Scene, kind: PlanChangeKind | None, now: Instant) -> None:
    """Change the plan; without a kind, the patient dies."""
    if kind is None:
        died = MarkDeceased(patient_id=patient_of(scene), deceased_on=FIRST)
        mark_deceased(scene.uow, died, now=now, actor=NURSE)
    else:
        until = FIRST + timedelta(days=35)
        change = PlanChange(plan_id=scene.plan_id, kind=kind, reason="Why", review_on=until)
        change_plan(scene.uow, change, now=now, actor=NURSE)


def patient_of(scene: plan_scene.Scene) -> PatientId:
    with scene.uow:
        return stored.plan(scene.uow, scene.plan_id).patient_id


def asking(scene: plan_scene.Scene) -> list[tuple[int, date, date]]:
    """Return ordinal, old and new due day of what waits for a person."""
    view = open_recalculation(scene.uow, scene.plan_id)
    lines = view.lines if view else ()
    return [(line.ordinal, line.old.due_on, line.new.due_on) for line in lines if line.asks]


def plans_changed(scene: Scene | plan_scene.Scene) -> ChangeId:
    """Return the first change of whole plans that can be undone."""
    with scene.uow:
        wanted = select(Change).where(Change.kind == "plans changed").order_by(Change.id)
        return scene.uow.session.scalars(wanted).all()[0].id
