"""Keeping the old dates of a plan: where that is possible, and where it is refused."""

from datetime import timedelta

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.persistence.database import Database
from scheduler.services.asked_phases import AskForPhase, ask_for_phase
from scheduler.services.deciding import keep_recalculation, open_recalculation
from tests.factories.people import make_actor, make_visit
from tests.factories.plan_scene import FIRST, NURSE, Scene, at, correct_day, give, make_scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan whose first dose is booked."""
    return make_scene(database)


def test_old_dates_are_kept_also_after_a_first_dose_on_another_day(scene: Scene) -> None:
    before = scene.due()
    make_visit(scene.uow, scene.doses[1], at(FIRST + timedelta(days=28)))
    give(scene)
    late = correct_day(scene, FIRST - timedelta(days=14))
    assert late.recalculation_id is not None

    keep_recalculation(
        scene.uow, late.recalculation_id, reason="Grid", now=at(FIRST), actor=make_actor()
    )

    assert scene.due()[: len(before)] == before


def test_old_dates_that_no_dose_moved_cannot_be_kept_and_the_question_stays(
    scene: Scene,
) -> None:
    make_visit(scene.uow, scene.doses[2], at(FIRST + timedelta(days=56)))
    give(scene)
    wanted = AskForPhase(plan_id=scene.plan_id, phase="extended", reason="Dr. Haddad, stable")
    asked = ask_for_phase(scene.uow, wanted, now=at(FIRST), actor=make_actor())
    assert asked.recalculation_id is not None

    with pytest.raises(InvalidError, match="more than the day of a dose"):
        keep_recalculation(
            scene.uow, asked.recalculation_id, reason="Grid", now=at(FIRST), actor=NURSE
        )

    assert open_recalculation(scene.uow, scene.plan_id) is not None
