"""What the audit says of records of readiness: of what is taken back, and of an enrolment."""

import pytest
import sqlalchemy as sa

from scheduler.domain.plans import PlanStatus
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit, Change
from scheduler.services.requirements import RecordRems, record_rems
from scheduler.services.undo import undo
from tests.factories.people import NOW, make_plan
from tests.factories.ready_scene import NURSE, make_ready_scene
from tests.factories.ready_scene import ReadyScene as Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan of which nothing is recorded yet."""
    return make_ready_scene(database)


def audited(scene: Scene, action: str) -> list[Audit]:
    """Return the entries of the audit with an action."""
    with scene.uow:
        rows = list(scene.uow.session.scalars(sa.select(Audit).where(Audit.action == action)))
        scene.uow.session.expunge_all()
        return rows


def test_what_is_taken_back_stands_in_the_record_of_its_patient(scene: Scene) -> None:
    scene.meet("jcv", note="negative")
    with scene.uow:
        newest = sa.select(Change.id).order_by(Change.id.desc()).limit(1)
        change_id = scene.uow.session.scalars(newest).one()

    undo(scene.uow, change_id, now=NOW, actor=NURSE)

    (row,) = audited(scene, "took back")
    assert (row.patient_id, row.entity) == (scene.patient_id, "requirement")


@pytest.mark.parametrize("plans", [0, 1, 2])
def test_an_enrolment_is_noted_once_however_many_plans_the_patient_has(
    scene: Scene, plans: int
) -> None:
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        center_id = plan.center_id
        if not plans:
            plan.status = PlanStatus.STOPPED
        scene.uow.commit()
    if plans == 2:
        make_plan(scene.uow, scene.patient_id, center_id, second_plan=True)
    wanted = RecordRems(patient_id=scene.patient_id, program="TOUCH", enrolled_on=NOW.date())

    record_rems(scene.uow, wanted, now=NOW, actor=NURSE)

    (row,) = audited(scene, "recorded REMS")
    assert (row.patient_id, row.entity) == (scene.patient_id, "enrolment")
