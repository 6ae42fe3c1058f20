"""The five steps that a patient is told, from the steps that a visit is made of."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.five_steps import ToldStep, five_steps
from scheduler.domain.visit_rules import VisitMinutes

MINUTES = st.integers(min_value=0, max_value=400)
VISITS = st.builds(
    VisitMinutes,
    intake=MINUTES,
    iv_start=MINUTES,
    premedication=MINUTES,
    infusion=MINUTES,
    observation=MINUTES,
    discharge=MINUTES,
    turnover=MINUTES,
)


@given(VISITS)
def test_the_told_steps_add_up_to_what_the_patient_is_told_to_plan(visit: VisitMinutes) -> None:
    assert sum(told.minutes or 0 for told in five_steps(visit)) == visit.patient_minutes


@given(VISITS)
def test_monitoring_is_told_just_when_something_runs_in(visit: VisitMinutes) -> None:
    told = {each.step: each.minutes for each in five_steps(visit)}
    assert (ToldStep.MONITORING in told) == (ToldStep.INFUSION in told) == (visit.infusion > 0)
    assert told.get(ToldStep.MONITORING) is None


def test_a_first_infusion_is_told_in_five_steps_in_order() -> None:
    visit = VisitMinutes(
        intake=15,
        iv_start=15,
        premedication=30,
        infusion=150,
        observation=60,
        discharge=10,
        turnover=10,
    )
    assert [(told.step, told.minutes) for told in five_steps(visit)] == [
        ("Preparation", 45),
        ("IV start", 15),
        ("Infusion", 150),
        ("Monitoring", None),
        ("Observation", 70),
    ]
