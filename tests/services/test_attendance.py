"""The day happens: steps, discharge with what was given, and what the plan makes of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.domain.errors import InvalidError, NotAllowedError, StaleError
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence import attendance as visits
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import ClinicDay
from scheduler.persistence.tasks import open_of_patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import (
    CorrectGiven,
    Discharge,
    DischargeResult,
    DoseOutcome,
    StepError,
    TakeStep,
    correct_given,
    discharge,
    mark_no_show,
    take_back_no_show,
    take_back_step,
    take_step,
)
from scheduler.services.deciding import (
    apply_recalculation,
    keep_recalculation,
    open_recalculation,
)
from scheduler.services.extending import RecordElsewhere, extend_plans, record_elsewhere
from scheduler.services.recalculating import RecalculationClosedError
from tests.factories.people import (
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
DESK = make_actor(Role.FRONT_DESK)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A natalizumab plan of 26 doses from March 23, 2026, with the first dose booked that day."""

    uow: UnitOfWork
    plan_id: PlanId
    visit_id: AppointmentId
    doses: tuple[DoseId, ...]

    def due(self) -> list[date]:
        """Return the due days as stored."""
        with self.uow:
            return [row.due_on for row in stored.doses_of(self.uow, self.plan_id)]


def at(day: date, hour: int = 14) -> Instant:
    """Return an instant of a clinic day: 14 UTC is 10:00 in New York."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


FIRST = date(2026, 3, 23)


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a plan whose first dose is booked."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    plan_id = make_plan(uow, make_patient(uow), center_id)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    visit_id = make_visit(uow, doses[0], at(FIRST))
    return Scene(uow=uow, plan_id=plan_id, visit_id=visit_id, doses=doses)


def give(
    scene: Scene,
    number: int = 0,
    *,
    visit_id: AppointmentId | None = None,
    now: Instant | None = None,
    **outcome: object,
) -> DischargeResult:
    """Discharge a visit of the scene with one outcome."""
    request = Discharge(
        appointment_id=visit_id or scene.visit_id,
        outcomes=(DoseOutcome(dose_id=scene.doses[number], **outcome),),  # type: ignore[arg-type]
    )
    return discharge(scene.uow, request, now=now or at(FIRST, 16), actor=NURSE)


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
    take_back_no_show(scene.uow, scene.visit_id, now=at(FIRST, 15), actor=DESK)
    with scene.uow:
        assert visits.visit(scene.uow, scene.visit_id).status is AppointmentStatus.BOOKED
        assert list(stored.booked_doses(scene.uow, [scene.plan_id])) == [scene.doses[0]]


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
