"""A new version of a regimen: what it would change for each patient, accepted one by one or together."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import NotAllowedError, NotApprovedError, NotFoundError
from scheduler.domain.ids import PlanId, RegimenVersionId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import ApprovalState, PlanStatus
from scheduler.domain.roles import Role
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit, Change
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.accepted_versions import accepted_under
from scheduler.services.deciding import open_recalculation
from scheduler.services.local_regimens import SaveLocal, save_local, text_to_copy
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.plan_corrections import correct_plan_change
from scheduler.services.regimen_approval import ApproveRegimen, approve
from scheduler.services.regimens import orderable
from scheduler.services.undo import undo
from scheduler.services.version_changes import (
    AcceptVersion,
    accept_version,
    plans_under_others,
)
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
from tests.factories.plan_scene import FIRST, at
from tests.factories.signing import sign_version

PHARMACIST = make_actor(Role.PHARMACIST)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Two natalizumab plans every four weeks, and a local version that gives it every five."""

    uow: UnitOfWork
    plans: tuple[PlanId, PlanId]
    version_id: RegimenVersionId

    def due(self, number: int = 0) -> list[date]:
        with self.uow:
            return [row.due_on for row in stored.doses_of(self.uow, self.plans[number])]

    def accept(self, *numbers: int) -> int:
        chosen = tuple(self.plans[n] for n in numbers)
        wanted = AcceptVersion(version_id=self.version_id, plan_ids=chosen)
        return accept_version(self.uow, wanted, now=NOW, actor=PHARMACIST)


@pytest.fixture
def scene(database: Database) -> Scene:
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    plans = (
        make_plan(uow, make_patient(uow), center_id),
        make_plan(uow, make_patient(uow), center_id),
    )
    shipped = next(line.version_id for line in orderable(uow) if line.id == "natalizumab-iv")
    text = text_to_copy(uow, shipped).replace('every = "P4W"', 'every = "P5W"', 1)
    more = '\n[[requirement]]\nid = "cbc"\nwhat = "CBC"\nbefore = "each"\nmax_age = "P30D"\n'
    wanted = SaveLocal(copied_from=shipped, text=text + more)
    made = save_local(uow, wanted, now=NOW, actor=PHARMACIST)
    sign_version(uow, made, PHARMACIST)
    return Scene(uow=uow, plans=plans, version_id=made)


def test_each_patient_is_shown_old_and_new_and_nothing_is_saved(scene: Scene) -> None:
    before = scene.due()

    found = plans_under_others(scene.uow, scene.version_id)

    assert {one.plan_id for one in found} == set(scene.plans)
    second = found[0].dates[0]
    assert (second.ordinal, second.new.due_on - second.old.due_on) == (2, timedelta(weeks=1))
    assert scene.due() == before


def test_one_patient_is_accepted_and_the_other_stays(scene: Scene) -> None:
    before = scene.due()

    assert scene.accept(0) == 0

    assert scene.due(0)[1] == before[1] + timedelta(weeks=1)
    assert scene.due(1) == before
    assert [one.plan_id for one in plans_under_others(scene.uow, scene.version_id)] == [
        scene.plans[1]
    ]


def test_a_visit_that_no_longer_fits_asks_and_undo_brings_the_old_version_back(
    scene: Scene,
) -> None:
    before = scene.due()
    with scene.uow:
        third = stored.doses_of(scene.uow, scene.plans[0])[2].id
    make_visit(scene.uow, third, at(FIRST + timedelta(weeks=8)))

    assert sorted(one.asks for one in plans_under_others(scene.uow, scene.version_id)) == [0, 1]
    assert scene.accept(0, 1) == 1
    assert open_recalculation(scene.uow, scene.plans[0]) is not None

    with scene.uow:
        change = scene.uow.session.query(Change).filter_by(kind="version").one().id
    assert undo(scene.uow, change, now=NOW, actor=PHARMACIST) == "2 plans under version 1."
    assert scene.due(0) == before
    assert scene.due(1) == before


@pytest.mark.parametrize("mode", OrganizationMode)
def test_a_version_that_is_not_signed_here_is_accepted_for_nobody_in_a_demonstration_neither(
    scene: Scene, mode: OrganizationMode
) -> None:
    before = scene.due()
    with scene.uow:
        organizations.organization(scene.uow).mode = mode
        scene.uow.commit()
    retired = ApproveRegimen(version_id=scene.version_id, state=ApprovalState.RETIRED)
    draft = ApproveRegimen(version_id=scene.version_id, state=ApprovalState.DRAFT)

    for word, said in ((retired, "is retired"), (draft, "is not signed yet")):
        approve(scene.uow, word, now=NOW, actor=PHARMACIST)
        with pytest.raises(NotApprovedError, match=said):
            scene.accept(0)
    assert scene.due() == before


def test_it_is_kept_who_put_which_patient_under_a_version_and_when_until_it_is_taken_back(
    scene: Scene,
) -> None:
    assert accepted_under(scene.uow, scene.version_id) == ()
    scene.accept(0)

    (one,) = accepted_under(scene.uow, scene.version_id)
    assert (one.plan_id, one.by, one.at) == (scene.plans[0], PHARMACIST.name, NOW)
    assert one.words == "Natalizumab IV, version 3"
    with scene.uow:
        rows = scene.uow.session.query(Audit).filter_by(action="version accepted").all()
        assert [row.entity_id for row in rows] == [scene.plans[0]]
        change = scene.uow.session.query(Change).filter_by(kind="version").one().id

    undo(scene.uow, change, now=NOW, actor=PHARMACIST)
    assert accepted_under(scene.uow, scene.version_id) == ()


def test_who_put_whom_under_a_version_takes_as_many_queries_for_two_patients_as_for_one(
    scene: Scene, database: Database
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(database.engine, "before_cursor_execute", note)
        accepted_under(scene.uow, scene.version_id)
        sa.event.remove(database.engine, "before_cursor_execute", note)
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    scene.accept(0)
    one = queries()

    scene.accept(1)

    assert queries() == one
    assert len(accepted_under(scene.uow, scene.version_id)) == 2


def test_the_day_of_review_is_kept_by_a_plan_whose_end_is_corrected_after_another_version(
    scene: Scene,
) -> None:
    plan_id, review_on = scene.plans[0], FIRST + timedelta(weeks=6)
    held = PlanChange(
        plan_id=plan_id, kind=PlanChangeKind.HOLD, reason="Infection", review_on=review_on
    )
    change_plan(scene.uow, held, now=NOW, actor=make_actor())
    scene.accept(0)
    stopped = PlanChange(plan_id=plan_id, kind=PlanChangeKind.STOP, reason="Pregnant")
    change_plan(scene.uow, stopped, now=NOW, actor=make_actor())

    correct_plan_change(scene.uow, plan_id, reason="Not pregnant", now=NOW, actor=make_actor())

    with scene.uow:
        plan = stored.plan(scene.uow, plan_id)
        assert (plan.status, plan.review_on) == (PlanStatus.ON_HOLD, review_on)


def test_only_a_pharmacist_accepts_and_only_for_plans_of_the_regimen(scene: Scene) -> None:
    wanted = AcceptVersion(version_id=scene.version_id, plan_ids=scene.plans)
    with pytest.raises(NotAllowedError):
        accept_version(scene.uow, wanted, now=NOW, actor=make_actor(Role.NURSE))

    scene.accept(0)
    with pytest.raises(NotFoundError):
        scene.accept(0)
