"""What a late, corrected or elsewhere given dose does to the rest of its plan."""

from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler.domain.errors import InvalidError
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit, Change
from scheduler.persistence.tasks import open_of_patient
from scheduler.services.attendance import (
    CorrectGiven,
    DischargeResult,
    StepError,
    correct_given,
)
from scheduler.services.check import CHECKS
from scheduler.services.deciding import (
    apply_recalculation,
    keep_recalculation,
    open_recalculation,
)
from scheduler.services.extending import RecordElsewhere, extend_plans, record_elsewhere
from scheduler.services.measures import MeasureKind
from scheduler.services.recalculating import RecalculationClosedError
from scheduler.services.undo import undo
from tests.factories.people import (
    make_actor,
    make_visit,
)
from tests.factories.plan_scene import FIRST, NURSE, Scene, at, correct_day, give, make_scene
from tests.factories.series_place import make_series_place


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan whose first dose is booked."""
    return make_scene(database)


def give_late(scene: Scene, *, booked: bool) -> DischargeResult:
    """Give the second dose three weeks late, the third booked on its old day or not."""
    give(scene)
    late = FIRST + timedelta(days=28 + 21)
    second = make_visit(scene.uow, scene.doses[1], at(late))
    if booked:
        make_visit(scene.uow, scene.doses[2], at(FIRST + timedelta(days=56)))
    return give(scene, 1, visit_id=second, now=at(late, 16))


def test_three_weeks_late_moves_doses_that_are_not_booked_at_once(scene: Scene) -> None:
    before = scene.due()

    result = give_late(scene, booked=False)

    assert result.recalculation_id is None
    assert result.moved == 24
    assert scene.due()[2:] == [day + timedelta(days=21) for day in before[2:]]
    assert scene.due()[:2] == before[:2]


def test_three_weeks_late_asks_for_a_booked_dose(scene: Scene) -> None:
    before = scene.due()

    give_late(scene, booked=True)

    view = open_recalculation(scene.uow, scene.plan_id)
    assert view is not None
    asking = [line for line in view.lines if line.asks]
    assert [(line.ordinal, line.old.due_on, line.new.due_on) for line in asking] == [
        (3, before[2], before[2] + timedelta(days=21))
    ]
    assert scene.due()[2:4] == [before[2], before[3] + timedelta(days=21)]


def test_applied_new_dates_ask_for_the_visit_to_be_moved(scene: Scene) -> None:
    before = scene.due()
    result = give_late(scene, booked=True)
    assert result.recalculation_id is not None

    moved = apply_recalculation(
        scene.uow, result.recalculation_id, now=at(FIRST), actor=make_actor()
    )

    assert moved == 1
    assert scene.due()[2] == before[2] + timedelta(days=21)
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        kinds = [task.kind for task in open_of_patient(scene.uow, plan.patient_id)]
        assert kinds == [TaskKind.REBOOK]
    with pytest.raises(RecalculationClosedError):
        apply_recalculation(scene.uow, result.recalculation_id, now=at(FIRST), actor=make_actor())


def test_a_visit_may_stay_outside_its_new_window_with_a_reason(scene: Scene) -> None:
    before = scene.due()
    visit = make_visit(scene.uow, scene.doses[1], at(FIRST + timedelta(days=31)))
    give(scene)
    asked = correct_day(scene, FIRST - timedelta(days=7)).recalculation_id
    assert asked is not None
    now = at(FIRST + timedelta(days=1))
    apply = partial(apply_recalculation, scene.uow, asked, now=now, actor=NURSE)
    with pytest.raises(InvalidError, match="Say why the visit of dose 2 stays"):
        apply(staying={scene.doses[1]: " "})

    assert apply(staying={scene.doses[1]: "The prescriber agrees"}) == 0

    assert scene.due()[1] == before[1] - timedelta(days=7)
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        assert open_of_patient(scene.uow, plan.patient_id) == []
        assert (
            stored.booked_doses(scene.uow, [scene.plan_id])[scene.doses[1]].appointment_id == visit
        )
        assert "The prescriber agrees" in [
            row.reason for row in scene.uow.session.scalars(select(Audit))
        ]


def test_a_visit_before_its_new_not_before_cannot_stay(scene: Scene) -> None:
    result = give_late(scene, booked=True)
    assert result.recalculation_id is not None
    with pytest.raises(InvalidError, match="Dose 3 has to move"):
        apply_recalculation(
            scene.uow,
            result.recalculation_id,
            now=at(FIRST),
            actor=make_actor(),
            staying={scene.doses[2]: "Patient asks"},
        )
    assert open_recalculation(scene.uow, scene.plan_id) is not None


def test_kept_old_dates_stay_but_for_the_hard_limit(scene: Scene) -> None:
    before = scene.due()
    result = give_late(scene, booked=True)
    assert result.recalculation_id is not None

    keep_recalculation(
        scene.uow, result.recalculation_id, reason="Patient asks", now=at(FIRST), actor=make_actor()
    )

    assert scene.due() == before
    with scene.uow:
        third = stored.dose(scene.uow, scene.doses[2])
        assert third.not_before == FIRST + timedelta(days=28 + 21 + 21)
        assert open_recalculation(scene.uow, scene.plan_id) is None


def test_a_wrong_entry_is_corrected_by_a_new_row_and_the_plan_follows(scene: Scene) -> None:
    before = scene.due()
    give(scene)
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        wrong = given_rows.given_to(scene.uow, plan.patient_id)[0].id
    request = CorrectGiven(
        given_id=wrong,
        outcome=GivenOutcome.FULL,
        given_on=FIRST + timedelta(days=2),
        why="Entered under the wrong day",
    )

    result = correct_given(scene.uow, request, now=at(FIRST + timedelta(days=3)), actor=NURSE)

    assert result.moved == 25
    assert scene.due()[1] == before[1] + timedelta(days=2)
    with pytest.raises(StepError, match="corrected already"):
        correct_given(scene.uow, request, now=at(FIRST + timedelta(days=3)), actor=NURSE)


def test_a_dose_given_elsewhere_is_a_fact_that_the_plan_follows(scene: Scene) -> None:
    before = scene.due()
    give(scene)
    request = RecordElsewhere(
        plan_id=scene.plan_id,
        dose_id=scene.doses[1],
        day=before[1] + timedelta(days=3),
        place="City Hospital",
    )

    result = record_elsewhere(
        scene.uow, request, now=at(before[1] + timedelta(days=4)), actor=NURSE
    )

    assert result.moved == 24
    assert scene.due()[2] == before[2] + timedelta(days=3)


def test_plans_are_laid_out_further_as_time_goes_on(scene: Scene) -> None:
    assert extend_plans(scene.uow, now=at(FIRST)) == 0

    assert extend_plans(scene.uow, now=at(date(2027, 1, 4))) == 1

    due = scene.due()
    assert len(due) > 26
    assert {(later - sooner).days for sooner, later in pairwise(due)} == {28}


def taken_back(scene: Scene) -> str:
    """Take back the last change of the scene's plan."""
    with scene.uow:
        newest = select(Change.id).order_by(Change.id.desc())
        change_id = scene.uow.session.scalars(newest).first()
    assert change_id is not None
    moment = at(FIRST + timedelta(days=28 + 21), 17)
    return undo(scene.uow, change_id, now=moment, actor=NURSE)


@pytest.mark.parametrize("kept", [False, True])
def test_a_decision_is_taken_back_and_the_question_asked_again(scene: Scene, kept: bool) -> None:
    give_late(scene, booked=True)
    view, before = open_recalculation(scene.uow, scene.plan_id), scene.due()
    assert view is not None
    moment = at(FIRST + timedelta(days=28 + 21), 17)
    if kept:
        keep_recalculation(scene.uow, view.id, reason="Grid", now=moment, actor=NURSE)
    else:
        apply_recalculation(scene.uow, view.id, now=moment, actor=NURSE)
    assert scene.due() != before

    taken_back(scene)

    assert scene.due() == before
    again = open_recalculation(scene.uow, scene.plan_id)
    assert again is not None
    assert [line.ordinal for line in again.lines if line.asks] == [3]


def test_doses_that_no_longer_fit_before_the_end_of_their_phase_end(
    database: Database, tmp_path: Path
) -> None:
    place = make_series_place(database, tmp_path)
    place.measure(MeasureKind.WEIGHT, 70, FIRST)
    plan_id = place.plan("lecanemab-iv")  # every two weeks for 18 months
    place.give(plan_id, 1, FIRST)
    before = place.rows(plan_id)

    place.give(plan_id, 2, FIRST + timedelta(weeks=2 + 4))

    after = place.rows(plan_id)
    assert [row.state for row in after[-3:]] == [DoseState.PLANNED] + [DoseState.ENDED] * 2
    assert len(after) == len(before)
    with place.uow:
        assert list(CHECKS["Plans"](place.uow)) == []
