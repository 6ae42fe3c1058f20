"""Records of readiness: taken back, given back, renewed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import (
    InvalidError,
    StaleError,
    UndoExpiredError,
)
from scheduler.domain.ids import ChangeId, PlanId
from scheduler.domain.plans import AuthorizationStatus, GivenOutcome
from scheduler.domain.programs import Subject
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.database import Database
from scheduler.persistence.models import AuthorizationUse, Change, Task
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.authorizations import GiveBack, give_back_unused
from scheduler.services.raising import raise_due
from scheduler.services.requirements import (
    RecordAuthorization,
    RecordRems,
    readiness_of,
    record_authorization,
    record_rems,
    short_name,
)
from scheduler.services.undo import undo
from tests.factories.people import (
    NOW,
    make_patient,
    make_plan,
    make_visit,
)
from tests.factories.ready_scene import FIRST, NURSE, make_ready_scene
from tests.factories.ready_scene import ReadyScene as Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan of which nothing is recorded yet."""
    return make_ready_scene(database)


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


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            "creatinine clearance at least 35 mL/min, calcium corrected, hydrated, dental check",
            "Creatinine clearance at least 35 mL/min, calcium corrected, hydrated, dental check",
        ),
        ("JCV index (within 6 months); repeat", "JCV index"),
        ("aaaa, " * 30, "Aaaa" + ", aaaa" * 19 + " …"),
    ],
)
def test_the_undo_bar_names_a_requirement_whole_or_ends_it_properly(what: str, said: str) -> None:
    rule = RequirementRule(id="x", what=what)

    assert short_name(rule) == said


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


def given_use(scene: Scene, given: int | None, **allowed: object) -> PlanId:
    """Give the first dose of 300 mg, in part when an amount is named; return what it took."""
    approve_visits(scene, **({"visits": None} | allowed))  # type: ignore[arg-type]
    visit_id = make_visit(scene.uow, scene.doses[0], FIRST)
    outcome = DoseOutcome(dose_id=scene.doses[0])
    if given is not None:
        part, amount = GivenOutcome.PART, Decimal(given)
        outcome = replace(outcome, outcome=part, amount=amount, reason="Reaction")
    done = Discharge(appointment_id=visit_id, outcomes=(outcome,))
    discharge(scene.uow, done, now=FIRST + timedelta(hours=2), actor=NURSE)
    with scene.uow:
        return scene.uow.session.scalars(sa.select(AuthorizationUse.id)).one()


def give_units_back(scene: Scene, use_id: PlanId, units: int | None) -> None:
    back = None if units is None else Decimal(units)
    wanted = GiveBack(plan_id=scene.plan_id, use_id=use_id, units=back, reason="Discarded")
    give_back_unused(scene.uow, wanted, now=NOW, actor=NURSE)


@pytest.mark.parametrize("units", [0, 201, 250, 300, -5])
def test_at_most_the_units_that_were_not_given_are_given_back(scene: Scene, units: int) -> None:
    use_id = given_use(scene, 100, units=Decimal(600))

    with pytest.raises(InvalidError, match="at most 200, because 100 were given") as refused:
        give_units_back(scene, use_id, units)

    assert refused.value.field == "units"
    give_units_back(scene, use_id, 150)
    with pytest.raises(InvalidError, match="at most 50, because 100 were given"):
        give_units_back(scene, use_id, 150)


@pytest.mark.parametrize("units", [1, 299, 300, None])
@pytest.mark.parametrize("allowed", [{"units": Decimal(600)}, {"visits": 4}])
def test_a_dose_given_in_full_gives_nothing_back(
    scene: Scene, allowed: dict[str, object], units: int | None
) -> None:
    use_id = given_use(scene, None, **allowed)

    with pytest.raises(InvalidError, match="back"):
        give_units_back(scene, use_id, units)


def test_a_visit_of_a_dose_given_in_part_is_given_back_once_and_what_was_given_stays_used(
    scene: Scene,
) -> None:
    use_id = given_use(scene, 100, visits=4, units=Decimal(600))

    give_units_back(scene, use_id, None)

    with scene.uow:
        (used,) = records.used_of(scene.uow, [approval(scene)]).values()
    assert (used.visits, used.units) == (0, Decimal(100))
    with pytest.raises(InvalidError, match="cannot be given back"):
        give_units_back(scene, use_id, None)
    undo(scene.uow, last_change(scene), now=NOW, actor=NURSE)
    with scene.uow:
        (used,) = records.used_of(scene.uow, [approval(scene)]).values()
    assert (used.visits, used.units) == (1, Decimal(300))


def approval(scene: Scene) -> PlanId:
    return records.authorizations_of(scene.uow, [scene.plan_id])[0].id


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


def open_renewals(scene: Scene) -> list[str]:
    """Return what the worklist asks to renew."""
    with scene.uow:
        rows = scene.uow.session.scalars(sa.select(Task).where(Task.closed_at.is_(None)))
        return [row.detail for row in rows if row.lead == "rems"]


def test_renewals_are_tasks_three_weeks_ahead_and_end_with_the_renewal(scene: Scene) -> None:
    enrol(scene, Subject.SITE, NOW.date() + timedelta(days=30))
    raise_due(scene.uow, now=NOW)
    assert open_renewals(scene) == []

    raise_due(scene.uow, now=NOW + timedelta(days=10))
    raise_due(scene.uow, now=NOW + timedelta(days=11))
    assert open_renewals(scene) == [
        "The site's enrolment in TOUCH ends on April 16, 2026: renew it. It concerns 1 patient."
    ]

    enrol(scene, Subject.SITE, NOW.date() + timedelta(days=400))
    assert open_renewals(scene) == []


@pytest.mark.parametrize("subject", [Subject.PATIENT, Subject.PRESCRIBER, Subject.SITE])
def test_a_renewal_taken_back_is_asked_for_again(scene: Scene, subject: Subject) -> None:
    enrol(scene, subject, NOW.date() + timedelta(days=7))
    raise_due(scene.uow, now=NOW)
    asked = open_renewals(scene)
    assert len(asked) == 1

    enrol(scene, subject, NOW.date() + timedelta(days=400))
    assert open_renewals(scene) == []
    undo(scene.uow, last_change(scene), now=NOW, actor=NURSE)

    assert open_renewals(scene) == asked
