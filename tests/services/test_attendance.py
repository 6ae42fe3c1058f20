"""The day happens: steps, discharge with what was given, and taking that back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.domain.errors import InvalidError, NotAllowedError, StaleError
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.domain.roles import Role
from scheduler.persistence import attendance as visits
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import ClinicDay
from scheduler.persistence.tasks import open_of_patient
from scheduler.services.attendance import (
    Discharge,
    DischargeResult,
    StepError,
    TakeStep,
    discharge,
    mark_no_show,
    take_back_step,
    take_step,
)
from tests.factories.people import (
    make_actor,
    make_visit,
)
from tests.factories.plan_scene import FIRST, NURSE, Scene, at, give, make_scene

DESK = make_actor(Role.FRONT_DESK)


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan whose first dose is booked."""
    return make_scene(database)


def test_a_visit_goes_through_its_day(scene: Scene) -> None:
    for minute, step in enumerate([DayStep.ARRIVED, DayStep.IN_CHAIR, DayStep.INFUSING]):
        now = at(FIRST) + timedelta(minutes=10 * minute)
        take_step(
            scene.uow, TakeStep(appointment_id=scene.visit_id, step=step), now=now, actor=NURSE
        )

    with scene.uow:
        visit = visits.lock_visit(scene.uow, scene.visit_id)
        assert visit.status is AppointmentStatus.ARRIVED
        assert visit.infusing_at == at(FIRST) + timedelta(minutes=20)
        assert scene.uow.session.get_one(ClinicDay, visit.clinic_day_id).revision == 4


def test_steps_are_refused_on_another_day_backwards_or_by_the_desk(scene: Scene) -> None:
    infusing = TakeStep(appointment_id=scene.visit_id, step=DayStep.INFUSING)
    with pytest.raises(StepError, match="March 23"):
        take_step(scene.uow, infusing, now=at(FIRST) - timedelta(days=1), actor=NURSE)
    with pytest.raises(NotAllowedError):
        take_step(scene.uow, infusing, now=at(FIRST), actor=DESK)
    take_step(scene.uow, infusing, now=at(FIRST), actor=NURSE)

    arrived = TakeStep(appointment_id=scene.visit_id, step=DayStep.ARRIVED)
    with pytest.raises(StepError, match="infusing"):
        take_step(scene.uow, arrived, now=at(FIRST), actor=DESK)
    old = TakeStep(appointment_id=scene.visit_id, step=DayStep.OBSERVATION, version=1)
    with pytest.raises(StaleError):
        take_step(scene.uow, old, now=at(FIRST), actor=NURSE)


def test_a_step_taken_by_mistake_is_taken_back(scene: Scene) -> None:
    arrived = TakeStep(appointment_id=scene.visit_id, step=DayStep.ARRIVED)
    take_step(scene.uow, arrived, now=at(FIRST), actor=DESK)

    take_back_step(scene.uow, scene.visit_id, now=at(FIRST), actor=DESK)

    with scene.uow:
        visit = visits.lock_visit(scene.uow, scene.visit_id)
        assert (visit.status, visit.arrived_at) == (AppointmentStatus.BOOKED, None)


def test_a_dose_given_on_its_day_leaves_the_rest_alone(scene: Scene) -> None:
    before = scene.due()

    result = give(scene, product="Tyruko", lot="L-1")

    assert result == DischargeResult()
    assert scene.due() == before
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        given = given_rows.given_to(scene.uow, plan.patient_id)
        assert [(row.product, row.lot, row.amount) for row in given] == [
            ("Tyruko", "L-1", Decimal(300))
        ]
        assert stored.dose(scene.uow, scene.doses[0]).state is DoseState.GIVEN


def test_a_dose_in_part_goes_to_a_pharmacist(scene: Scene) -> None:
    with pytest.raises(InvalidError) as refusal:
        give(scene, outcome=GivenOutcome.PART, reason="Reaction")
    assert refusal.value.field == "amount"

    give(scene, outcome=GivenOutcome.PART, amount=Decimal(120), reason="Reaction")

    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        task = open_of_patient(scene.uow, plan.patient_id)[0]
        assert task.kind is TaskKind.REVIEW
        assert "120" in task.detail


def test_a_dose_not_given_stays_due_and_can_be_booked_again(scene: Scene) -> None:
    before = scene.due()

    give(scene, outcome=GivenOutcome.NONE, reason="Fever")

    assert scene.due() == before
    with scene.uow:
        assert stored.dose(scene.uow, scene.doses[0]).state is DoseState.PLANNED
        assert stored.booked_doses(scene.uow, [scene.plan_id]) == {}
    make_visit(scene.uow, scene.doses[0], at(FIRST + timedelta(days=2)))


def test_a_discharge_names_every_dose(scene: Scene) -> None:
    with pytest.raises(InvalidError) as refusal:
        discharge(
            scene.uow, Discharge(appointment_id=scene.visit_id), now=at(FIRST, 16), actor=NURSE
        )

    assert refusal.value.field == "outcomes"


def test_a_discharge_taken_back_withdraws_what_it_recorded(scene: Scene) -> None:
    give(scene)

    take_back_step(scene.uow, scene.visit_id, now=at(FIRST, 17), actor=NURSE)

    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        assert given_rows.given_to(scene.uow, plan.patient_id) == []
        assert stored.dose(scene.uow, scene.doses[0]).state is DoseState.PLANNED
    give(scene, now=at(FIRST, 18))


def test_a_no_show_frees_the_place_and_asks_to_book_again(scene: Scene) -> None:
    with pytest.raises(StepError, match="Wait"):
        mark_no_show(scene.uow, scene.visit_id, now=at(FIRST), actor=DESK)

    mark_no_show(scene.uow, scene.visit_id, now=at(FIRST, 15), actor=DESK)

    with scene.uow:
        visit = visits.visit(scene.uow, scene.visit_id)
        assert (visit.status, visit.live) == (AppointmentStatus.NO_SHOW, False)
        assert stored.booked_doses(scene.uow, [scene.plan_id]) == {}
        tasks = open_of_patient(scene.uow, visit.patient_id)
        assert [task.kind for task in tasks] == [TaskKind.REBOOK]
    take_back_step(scene.uow, scene.visit_id, now=at(FIRST, 15), actor=DESK)
    with scene.uow:
        assert visits.visit(scene.uow, scene.visit_id).status is AppointmentStatus.BOOKED
        assert list(stored.booked_doses(scene.uow, [scene.plan_id])) == [scene.doses[0]]
