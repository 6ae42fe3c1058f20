"""A look at something of a patient is noted for that patient, and only in the patient's own organization."""

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import NotFoundError
from scheduler.domain.people import Viewed
from scheduler.domain.roles import Role
from scheduler.persistence.base import new_id
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit
from scheduler.services.check import audit_chain
from scheduler.services.looks import note_look
from tests.factories.people import NOW, make_actor, make_organization
from tests.factories.ready_scene import make_ready_scene

AUDITOR = make_actor(Role.AUDITOR)


def test_a_look_at_a_plan_or_a_dose_is_one_at_its_patient(database: Database) -> None:
    scene = make_ready_scene(database)

    note_look(scene.uow, Viewed.PLAN, scene.plan_id, now=NOW, actor=AUDITOR)
    note_look(scene.uow, Viewed.DOSE, scene.doses[0], now=NOW, actor=AUDITOR)

    with scene.uow as uow:
        wanted = sa.select(Audit).where(Audit.action == "viewed").order_by(Audit.sequence)
        rows = uow.session.scalars(wanted).all()
        assert [(row.entity, row.entity_id) for row in rows] == [
            ("plan", scene.plan_id),
            ("dose", scene.doses[0]),
        ]
        assert len({row.patient_id for row in rows}) == 1
        assert None not in {row.patient_id for row in rows}
        assert {row.actor_id for row in rows} == {AUDITOR.id}


def test_a_look_follows_in_the_records_chain_from_the_entry_before(database: Database) -> None:
    """The word for what was seen is a member of an enum when it is hashed, and text when it is read again."""
    scene = make_ready_scene(database)

    note_look(scene.uow, Viewed.PLAN, scene.plan_id, now=NOW, actor=AUDITOR)
    note_look(scene.uow, Viewed.DOSE, scene.doses[0], now=NOW, actor=AUDITOR)

    with scene.uow as uow:
        assert list(audit_chain(uow)) == []


@pytest.mark.parametrize("viewed", Viewed)
def test_what_is_not_here_cannot_be_looked_at(database: Database, viewed: Viewed) -> None:
    uow = database.write(make_organization(database))

    with pytest.raises(NotFoundError):
        note_look(uow, viewed, new_id(), now=NOW, actor=AUDITOR)


def test_what_another_organization_has_cannot_be_looked_at(database: Database) -> None:
    scene = make_ready_scene(database)
    elsewhere = database.write(make_organization(database))

    with pytest.raises(NotFoundError):
        note_look(elsewhere, Viewed.PLAN, scene.plan_id, now=NOW, actor=AUDITOR)

    with elsewhere as uow:
        assert uow.session.scalars(sa.select(Audit)).all() == []
