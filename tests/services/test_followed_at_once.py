"""Whatever makes a plan follow waits for another change of the same patient, and loses nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import ChangeId, OrganizationId, PlanId
from scheduler.domain.plans import RequirementStatus
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.extending import RecordElsewhere, extend_plans, record_elsewhere
from scheduler.services.local_regimens import SaveLocal, save_local, text_to_copy
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.regimens import orderable
from scheduler.services.requirements import RecordRequirement, record_requirement
from scheduler.services.undo import undo
from scheduler.services.version_changes import AcceptVersion, accept_version
from tests.factories.center import PlanMade, make_treatment, make_world
from tests.factories.meanwhile import meanwhile
from tests.factories.people import NOW, make_actor
from tests.factories.plan_scene import at
from tests.factories.signing import sign_version

EVERYBODY = make_actor()
LATE = date(2026, 4, 6)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Two natalizumab plans; doses of the first are reported from elsewhere, late."""

    uow: UnitOfWork
    organization: OrganizationId
    database: Database
    plan: PlanMade
    other: PlanMade

    def apart(self) -> set[tuple[date, int]]:
        """Return when the second dose is due, with each number of days between two doses after it."""
        with self.uow:
            due = [row.due_on for row in stored.doses_of(self.uow, self.plan.id)][1:]
        return {(due[0], (later - sooner).days) for sooner, later in pairwise(due)}

    def given_late(self, uow: UnitOfWork) -> None:
        elsewhere = RecordElsewhere(
            plan_id=self.plan.id, dose_id=self.plan.dose(), day=LATE, place="Away"
        )
        record_elsewhere(uow, elsewhere, now=at(LATE), actor=EVERYBODY)

    def while_given(self, second: Callable[[UnitOfWork], object]) -> BaseException | None:
        """Let a second person begin before the late dose is stored."""
        return meanwhile(self.database, self.organization, self.given_late, second)


@pytest.fixture
def scene(database: Database, organization: OrganizationId, uow: UnitOfWork) -> Scene:
    center = make_world(database, uow)
    plan, other = make_treatment(uow, center.id), make_treatment(uow, center.id)
    return Scene(uow=uow, organization=organization, database=database, plan=plan, other=other)


def weighed(scene: Scene, uow: UnitOfWork) -> None:
    weight = RecordMeasure(
        patient_id=scene.plan.patient_id,
        kind=MeasureKind.WEIGHT,
        value=Decimal(70),
        measured_on=LATE,
    )
    record_measure(uow, weight, now=at(LATE), actor=EVERYBODY)


def failed(scene: Scene, uow: UnitOfWork) -> None:
    result = RecordRequirement(
        plan_id=scene.plan.id,
        code="jcv",
        status=RequirementStatus.FAILED,
        result_on=LATE,
        note="Asked again",
    )
    record_requirement(uow, result, now=at(LATE), actor=EVERYBODY)


def laid_out(scene: Scene, uow: UnitOfWork) -> None:
    extend_plans(uow, now=at(date(2027, 1, 4)))


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize("second", [weighed, failed, laid_out])
def test_a_plan_that_follows_loses_nothing_of_a_dose_that_is_being_recorded(
    scene: Scene, second: Callable[[Scene, UnitOfWork], None]
) -> None:
    told = scene.while_given(partial(second, scene))

    assert told is None
    assert scene.apart() == {(LATE + timedelta(days=28), 28)}


def last_change(uow: UnitOfWork) -> ChangeId:
    with uow:
        found = uow.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert found is not None
    return found


@pytest.mark.slow
def test_a_record_that_is_taken_back_loses_nothing_of_a_dose_that_is_being_recorded(
    scene: Scene,
) -> None:
    weighed(scene, scene.uow)
    change = last_change(scene.uow)

    told = scene.while_given(lambda uow: undo(uow, change, now=at(LATE), actor=EVERYBODY))

    assert told is None
    assert scene.apart() == {(LATE + timedelta(days=28), 28)}


def every_five_weeks(scene: Scene, *plans: PlanId) -> AcceptVersion:
    shipped = next(line.version_id for line in orderable(scene.uow) if line.id == "natalizumab-iv")
    text = text_to_copy(scene.uow, shipped).replace('every = "P4W"', 'every = "P5W"', 1)
    wanted = SaveLocal(copied_from=shipped, text=text)
    version_id = save_local(scene.uow, wanted, now=NOW, actor=EVERYBODY)
    sign_version(scene.uow, version_id, EVERYBODY)
    return AcceptVersion(version_id=version_id, plan_ids=plans)


@pytest.mark.slow
def test_a_version_is_accepted_on_the_dose_that_was_being_recorded_and_taken_back_likewise(
    scene: Scene,
) -> None:
    wanted = every_five_weeks(scene, scene.plan.id)

    told = scene.while_given(lambda uow: accept_version(uow, wanted, now=at(LATE), actor=EVERYBODY))

    assert told is None
    assert scene.apart() == {(LATE + timedelta(days=35), 35)}


def test_a_version_that_is_taken_back_loses_nothing_of_a_dose_that_is_being_recorded(
    scene: Scene,
) -> None:
    accept_version(scene.uow, every_five_weeks(scene, scene.plan.id), now=at(LATE), actor=EVERYBODY)
    change = last_change(scene.uow)

    told = scene.while_given(lambda uow: undo(uow, change, now=at(LATE), actor=EVERYBODY))

    assert told is None
    assert scene.apart() == {(LATE + timedelta(days=28), 28)}


@pytest.mark.slow
def test_of_two_who_accept_a_version_for_the_same_patients_the_second_finds_it_done(
    scene: Scene,
) -> None:
    one = every_five_weeks(scene, scene.plan.id, scene.other.id)
    two = replace(one, plan_ids=one.plan_ids[::-1])

    told = meanwhile(
        scene.database,
        scene.organization,
        lambda uow: accept_version(uow, one, now=NOW, actor=EVERYBODY),
        lambda uow: accept_version(uow, two, now=NOW, actor=EVERYBODY),
    )

    assert isinstance(told, NotFoundError)
