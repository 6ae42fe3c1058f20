"""Ready to treat: what is missing for a dose, by when and by whom."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import (
    InvalidError,
    NotAllowedError,
    StaleError,
    UndoExpiredError,
)
from scheduler.domain.ids import ChangeId, DoseId, PatientId, PlanId
from scheduler.domain.plans import AuthorizationStatus, GivenOutcome, RequirementStatus
from scheduler.domain.programs import Subject
from scheduler.domain.requirements import Readiness
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import AuthorizationUse, Change, ClinicDay, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.authorizations import GiveBack, give_back_unused
from scheduler.services.raising import raise_due
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
from scheduler.services.undo import undo
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
    make_visit,
)

NURSE = make_actor(Role.NURSE)
FIRST = datetime(2026, 3, 23, 14, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A natalizumab plan, its doses and its patient."""

    database: Database
    uow: UnitOfWork
    patient_id: PatientId
    plan_id: PlanId
    doses: tuple[DoseId, ...]

    def missing(self, number: int = 0) -> dict[str, str]:
        """Return what stands in the way of a dose: sentences by code."""
        found: Readiness = readiness_of(self.uow, [self.doses[number]])[self.doses[number]]
        return {need.code: need.sentence for need in found.missing}

    def meet(self, code: str, **values: object) -> None:
        """Record a requirement as met."""
        request = RecordRequirement(
            plan_id=self.plan_id,
            code=code,
            status=RequirementStatus.MET,
            **values,  # type: ignore[arg-type]
        )
        record_requirement(self.uow, request, now=NOW, actor=NURSE)


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan of which nothing is recorded yet."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow)
    plan_id = make_plan(uow, patient_id, center_id)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    return Scene(database=database, uow=uow, patient_id=patient_id, plan_id=plan_id, doses=doses)


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
    assert "too old" in scene.missing(2)["rems"]


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


def approve_visits(scene: Scene, visits: int | None = 1, **values: object) -> PlanId:
    """Record an approved authorization of some visits."""
    request = RecordAuthorization(
        plan_id=scene.plan_id,
        status=AuthorizationStatus.APPROVED,
        visits=visits,
        **values,  # type: ignore[arg-type]
    )
    return record_authorization(scene.uow, request, now=NOW, actor=NURSE)


def last_change(scene: Scene) -> ChangeId:
    with scene.uow:
        newest = sa.select(Change.id).order_by(Change.at.desc(), Change.id.desc())
        found = scene.uow.session.scalars(newest).first()
        assert found is not None
        return found


def test_what_was_recorded_can_be_taken_back(scene: Scene) -> None:
    scene.meet("jcv", note="negative")
    assert "jcv" not in scene.missing()

    words = undo(scene.uow, last_change(scene), now=NOW, actor=NURSE)

    assert words.endswith("met.")
    assert "jcv" in scene.missing()


def test_an_authorization_that_was_changed_since_is_not_taken_back(scene: Scene) -> None:
    row_id = approve_visits(scene)
    change = last_change(scene)
    approve_visits(scene, 2, authorization_id=row_id)

    with pytest.raises(UndoExpiredError):
        undo(scene.uow, change, now=NOW, actor=NURSE)


def test_a_form_that_was_opened_before_somebody_changed_it_is_refused(scene: Scene) -> None:
    row_id = approve_visits(scene)
    approve_visits(scene, 2, authorization_id=row_id, version=1)

    with pytest.raises(StaleError):
        approve_visits(scene, 3, authorization_id=row_id, version=1)


def test_a_dose_given_in_part_gives_nothing_back_until_a_person_does(scene: Scene) -> None:
    approve_visits(scene, None, units=Decimal(600))
    visit_id = make_visit(scene.uow, scene.doses[0], FIRST)
    part = DoseOutcome(
        dose_id=scene.doses[0],
        outcome=GivenOutcome.PART,
        amount=Decimal(100),
        reason="Reaction",
    )
    done = Discharge(appointment_id=visit_id, outcomes=(part,))
    discharge(scene.uow, done, now=FIRST + timedelta(hours=2), actor=NURSE)
    assert "authorization" not in scene.missing(1)
    assert "0 of 600 authorized are left" in scene.missing(2)["authorization"]

    with scene.uow:
        use_id = scene.uow.session.scalars(sa.select(AuthorizationUse.id)).one()
    unused = GiveBack(plan_id=scene.plan_id, use_id=use_id, units=Decimal(200), reason="Discarded")
    give_back_unused(scene.uow, unused, now=NOW, actor=NURSE)

    assert "200 of 600 authorized are left" in scene.missing(2)["authorization"]
    undo(scene.uow, last_change(scene), now=NOW, actor=NURSE)
    assert "0 of 600 authorized are left" in scene.missing(2)["authorization"]


@pytest.mark.parametrize("units", [Decimal(0), Decimal(300), Decimal(-5)])
def test_only_what_was_taken_is_given_back(scene: Scene, units: Decimal) -> None:
    approve_visits(scene, 4)
    visit_id = make_visit(scene.uow, scene.doses[0], FIRST)
    done = Discharge(appointment_id=visit_id, outcomes=(DoseOutcome(dose_id=scene.doses[0]),))
    discharge(scene.uow, done, now=FIRST + timedelta(hours=2), actor=NURSE)
    with scene.uow:
        use_id = scene.uow.session.scalars(sa.select(AuthorizationUse.id)).one()

    with pytest.raises(InvalidError):
        give_back_unused(
            scene.uow,
            GiveBack(plan_id=scene.plan_id, use_id=use_id, units=units, reason="Discarded"),
            now=NOW,
            actor=NURSE,
        )


def enrol(scene: Scene, subject: Subject, until: date | None = None) -> None:
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        prescriber = stored.order(scene.uow, plan.order_id).prescriber
        center_id = plan.center_id
    request = RecordRems(
        patient_id=scene.patient_id,
        program="TOUCH",
        enrolled_on=NOW.date(),
        valid_until=until,
        subject=subject,
        prescriber=prescriber.upper(),
        center_id=center_id,
    )
    record_rems(scene.uow, request, now=NOW, actor=NURSE)


def test_a_site_and_a_prescriber_are_enrolled_once_for_all_their_patients(scene: Scene) -> None:
    enrol(scene, Subject.SITE)
    enrol(scene, Subject.PRESCRIBER)
    assert "rems-site" not in scene.missing()
    assert "rems-prescriber" not in scene.missing()

    with scene.uow:
        center_id = stored.plan(scene.uow, scene.plan_id).center_id
    other_id = make_plan(scene.uow, make_patient(scene.uow), center_id)
    with scene.uow:
        first = stored.doses_of(scene.uow, other_id)[0].id

    missing = {need.code for need in readiness_of(scene.uow, [first])[first].missing}
    assert missing == {"rems", "mri-baseline", "jcv"}


def test_renewals_are_tasks_three_weeks_ahead_and_end_with_the_renewal(scene: Scene) -> None:
    def open_tasks() -> list[str]:
        with scene.uow:
            rows = scene.uow.session.scalars(sa.select(Task).where(Task.closed_at.is_(None)))
            return [row.detail for row in rows if row.lead == "rems"]

    enrol(scene, Subject.SITE, NOW.date() + timedelta(days=30))
    raise_due(scene.uow, now=NOW)
    assert open_tasks() == []

    raise_due(scene.uow, now=NOW + timedelta(days=10))
    raise_due(scene.uow, now=NOW + timedelta(days=11))
    assert open_tasks() == [
        "The site's enrolment in TOUCH ends on April 16, 2026: renew it. It concerns 1 patient."
    ]

    enrol(scene, Subject.SITE, NOW.date() + timedelta(days=400))
    assert open_tasks() == []
