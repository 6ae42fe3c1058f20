"""Ready to treat: what is missing for a dose, by when and by whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import (
    InvalidError,
    NotAllowedError,
)
from scheduler.domain.ids import DoseId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import ClinicDay
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.requirements import (
    RecordAuthorization,
    RecordRems,
    RecordRequirement,
    RecordSupply,
    readiness_of,
    record_authorization,
    record_rems,
    record_requirement,
    record_supply,
)
from tests.factories.people import (
    NOW,
    make_actor,
    make_visit,
)
from tests.factories.ready_scene import FIRST, NURSE, make_ready_scene
from tests.factories.ready_scene import ReadyScene as Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan of which nothing is recorded yet."""
    return make_ready_scene(database)


def test_a_new_patient_misses_what_the_regimen_asks_for(scene: Scene) -> None:
    program = {"rems", "rems-prescriber", "rems-site"}
    assert set(scene.missing()) == {*program, "mri-baseline", "jcv"}
    assert set(scene.missing(1)) == program


def test_enrolment_meets_the_program_of_the_product_until_its_last_day(scene: Scene) -> None:
    other = RecordRems(patient_id=scene.patient_id, program="Other", enrolled_on=NOW.date())
    record_rems(scene.uow, other, now=NOW, actor=NURSE)
    assert "rems" in scene.missing()

    touch = RecordRems(
        patient_id=scene.patient_id,
        program="TOUCH",
        enrolled_on=NOW.date(),
        valid_until=date(2026, 5, 1),
    )
    record_rems(scene.uow, touch, now=NOW, actor=NURSE)

    assert "rems" not in scene.missing(0)
    assert "rems" not in scene.missing(1)
    assert "holds until May 1: needs one that holds on" in scene.missing(2)["rems"]


@pytest.mark.parametrize(
    ("mistaken", "right"),
    [
        ((date(2026, 1, 2), None), (date(2026, 1, 2), date(2026, 1, 5))),
        ((date(2026, 1, 4), None), (date(2026, 1, 2), date(2026, 1, 5))),
    ],
    ids=["its last day", "its first day"],
)
def test_an_enrolment_recorded_again_puts_a_mistaken_day_right(
    scene: Scene, mistaken: tuple[date, None], right: tuple[date, date]
) -> None:
    for minutes, (begins, ends) in enumerate((mistaken, right)):
        touch = RecordRems(
            patient_id=scene.patient_id, program="TOUCH", enrolled_on=begins, valid_until=ends
        )
        record_rems(scene.uow, touch, now=NOW + timedelta(minutes=minutes), actor=NURSE)

    assert "January 5" in scene.missing(1)["rems"]


def test_a_result_is_judged_for_the_day_of_the_visit(scene: Scene) -> None:
    scene.meet("mri-baseline", result_on=date(2026, 1, 2))
    assert "mri-baseline" not in scene.missing()

    make_visit(scene.uow, scene.doses[0], datetime(2026, 4, 9, 14, tzinfo=UTC))

    assert "too old for April 9" in scene.missing()["mri-baseline"]


def test_who_may_clear_and_what_must_be_said(scene: Scene) -> None:
    request = RecordRequirement(plan_id=scene.plan_id, code="jcv", status=RequirementStatus.MET)
    with pytest.raises(NotAllowedError):
        record_requirement(scene.uow, request, now=NOW, actor=make_actor(Role.FRONT_DESK))
    with pytest.raises(InvalidError) as refusal:
        scene.meet("mri-baseline")
    assert refusal.value.field == "result_on"

    scene.meet("jcv")

    assert "jcv" not in scene.missing()


def test_an_authorization_counts_its_visits(scene: Scene) -> None:
    pending = RecordAuthorization(plan_id=scene.plan_id, status=AuthorizationStatus.PENDING)
    row_id = record_authorization(scene.uow, pending, now=NOW, actor=NURSE)
    assert "pending" in scene.missing()["authorization"]
    approved = RecordAuthorization(
        plan_id=scene.plan_id,
        status=AuthorizationStatus.APPROVED,
        from_day=date(2026, 3, 1),
        until_day=date(2026, 12, 31),
        visits=2,
        authorization_id=row_id,
    )
    record_authorization(scene.uow, approved, now=NOW, actor=NURSE)
    visit_id = make_visit(scene.uow, scene.doses[0], FIRST)
    done = Discharge(appointment_id=visit_id, outcomes=(DoseOutcome(dose_id=scene.doses[0]),))
    discharge(scene.uow, done, now=FIRST + timedelta(hours=2), actor=NURSE)

    assert "authorization" not in scene.missing(1)
    assert scene.missing(2)["authorization"] == "This is visit 3 of 2 authorized"
    assert "does not cover" in scene.missing(12)["authorization"]


def test_drug_that_is_not_here_stands_in_the_way(scene: Scene) -> None:
    ordered = RecordSupply(
        plan_id=scene.plan_id,
        dose_id=scene.doses[0],
        status="ordered",
        expected_on=date(2026, 3, 20),
    )
    record_supply(scene.uow, ordered, now=NOW, actor=NURSE)
    assert scene.missing()["supply"] == "The drug is not here yet, expected March 20"

    here = RecordSupply(plan_id=scene.plan_id, dose_id=scene.doses[0], status="received")
    record_supply(scene.uow, here, now=NOW, actor=NURSE)

    assert "supply" not in scene.missing()


def test_an_order_that_ends_before_the_visit_stands_in_the_way(scene: Scene) -> None:
    assert "order" not in scene.missing(12)
    assert "order ends on March 16" in scene.missing(13)["order"]


def test_the_board_is_drawn_anew_when_readiness_changes(scene: Scene) -> None:
    make_visit(scene.uow, scene.doses[0], FIRST)

    scene.meet("jcv")

    with scene.uow:
        assert scene.uow.session.scalars(sa.select(ClinicDay.revision)).all() == [2]


def test_readiness_of_many_doses_takes_as_many_queries_as_of_one(scene: Scene) -> None:
    def queries(dose_ids: tuple[DoseId, ...]) -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        engine = scene.database.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        readiness_of(scene.uow, dose_ids)
        sa.event.remove(engine, "before_cursor_execute", note)
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    queries(scene.doses[:1])
    assert queries(scene.doses) == queries(scene.doses[:1])
