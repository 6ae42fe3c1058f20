"""The audit of what is recorded about readiness notes every value that changed, as it was and as it is."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.domain.ids import PlanId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit
from scheduler.services.requirements import (
    RecordAuthorization,
    RecordRequirement,
    RecordSupply,
    record_authorization,
    record_requirement,
    record_supply,
)
from tests.factories.people import NOW
from tests.factories.ready_scene import NURSE, make_ready_scene
from tests.factories.ready_scene import ReadyScene as Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan of which nothing is recorded yet."""
    return make_ready_scene(database)


def noted(scene: Scene) -> tuple[str, str]:
    """Return before and after of the last entry of the audit."""
    with scene.uow as uow:
        row = uow.session.scalars(sa.select(Audit).order_by(Audit.sequence.desc())).first()
        assert row is not None
        return row.before, row.after


def authorize(scene: Scene, **values: object) -> PlanId:
    asked = RecordAuthorization(plan_id=scene.plan_id, **values)  # type: ignore[arg-type]
    return record_authorization(scene.uow, asked, now=NOW, actor=NURSE)


def test_a_changed_authorization_is_noted_with_all_that_changed(scene: Scene) -> None:
    approved = AuthorizationStatus.APPROVED
    first = authorize(scene, status=approved, number="A-7", visits=4, until_day=date(2026, 9, 30))
    assert noted(scene) == ("", "status approved; number A-7; until_day 2026-09-30; visits 4")

    values = {"number": "A-7", "visits": 6, "units": Decimal("120.0"), "authorization_id": first}
    authorize(scene, status=approved, **values)

    assert noted(scene) == (
        "status approved; until_day 2026-09-30; visits 4; units none",
        "status approved; until_day none; visits 6; units 120",
    )


def test_an_authorization_recorded_again_as_it_was_changes_nothing(scene: Scene) -> None:
    pending = AuthorizationStatus.PENDING
    first = authorize(scene, status=pending, number="A-7")

    authorize(scene, status=pending, number="A-7", authorization_id=first)

    assert noted(scene) == ("status pending", "status pending")


def test_changed_drug_for_a_dose_is_noted_with_all_that_changed(scene: Scene) -> None:
    asked = {"plan_id": scene.plan_id, "dose_id": scene.doses[0], "status": "received"}
    for lot in ("L-1", "L-2"):
        wanted = RecordSupply(**asked, lot=lot)  # type: ignore[arg-type]
        record_supply(scene.uow, wanted, now=NOW, actor=NURSE)

    assert noted(scene) == ("status received; lot L-1", "status received; lot L-2")


def test_a_changed_result_is_noted_with_all_that_changed(scene: Scene) -> None:
    for day in (10, 12):
        wanted = RecordRequirement(
            plan_id=scene.plan_id,
            code="jcv",
            status=RequirementStatus.MET,
            result_on=date(2026, 3, day),
        )
        record_requirement(scene.uow, wanted, now=NOW, actor=NURSE)

    assert noted(scene) == (
        "jcv: status met; result_on 2026-03-10",
        "jcv: status met; result_on 2026-03-12",
    )
