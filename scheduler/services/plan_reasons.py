"""Why the doses of a stored plan have their days: each traced, the phases that wait, what comes before the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from scheduler.domain.beside_doses import beside_doses
from scheduler.domain.dose_reasons import reasons_from_text
from scheduler.domain.doses import DoseStatus, OrderFacts, PlannedDose, WaitingPhase
from scheduler.domain.ids import DoseId
from scheduler.domain.placing import requirements_of
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.surroundings import BeforeStart, before_start
from scheduler.domain.trace import Step, trace
from scheduler.domain.visit_rules import VisitMinutes
from scheduler.persistence import models
from scheduler.persistence.models import GivenDose, TreatmentPlan
from scheduler.services.plan_facts import RUNNING, Known, read_facts
from scheduler.services.plans import STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReasons:
    """Why a plan is as it is.

    Args:
        traces: How each date and number of a dose came about.
        waiting: Phases that begin when a prescriber asks for them, with the first day on which they may.
        before: What is to be done before the first dose, by when.
    """

    traces: Mapping[DoseId, tuple[Step, ...]]
    waiting: tuple[WaitingPhase, ...]
    before: tuple[BeforeStart, ...]


def reasons_of(
    plan: TreatmentPlan,
    rule: Regimen,
    order: OrderFacts,
    known: Known,
    choices: Mapping[str, str],
) -> PlanReasons:
    """Return why a plan is as it is, from its stored doses; nothing is laid out anew."""
    doses = _stored_doses(plan, rule, known)
    waiting, preparations = beside_doses(
        rule, order, read_facts(plan, known), choices, list(doses.values())
    )
    traces = {dose_id: trace(dose, rule, order) for dose_id, dose in doses.items()}
    runs = plan.status in RUNNING
    return PlanReasons(
        traces=MappingProxyType(traces),
        waiting=waiting if runs else (),
        before=before_start(rule, order, list(doses.values()), preparations) if runs else (),
    )


def waiting_of(
    plan: TreatmentPlan,
    rule: Regimen,
    order: OrderFacts,
    known: Known,
    choices: Mapping[str, str],
) -> tuple[WaitingPhase, ...]:
    """Return the phases of a plan that begin when a prescriber asks for them; nothing is laid out anew."""
    doses = list(_stored_doses(plan, rule, known).values())
    return beside_doses(rule, order, read_facts(plan, known), choices, doses)[0]


def _stored_doses(plan: TreatmentPlan, rule: Regimen, known: Known) -> dict[DoseId, PlannedDose]:
    """Return the stored doses of a plan as the engine had laid them out, in order."""
    days = _days_given(known.given)
    phases = {phase.id for phase in rule.phases}
    return {
        row.id: _as_planned(row, rule, days.get(row.id))
        for row in known.doses
        if row.plan_id == plan.id and row.phase in phases and row.state is not DoseState.ENDED
    }


def _days_given(rows: Sequence[GivenDose]) -> dict[DoseId | None, date]:
    return {row.dose_id: row.given_on for row in rows if row.outcome is not GivenOutcome.NONE}


def _as_planned(row: models.PlannedDose, rule: Regimen, given: date | None) -> PlannedDose:
    """Return a stored dose as the engine had laid it out."""
    return PlannedDose(
        ordinal=row.ordinal,
        phase=row.phase,
        due=row.due_on,
        planned=row.planned_day,
        earliest=row.earliest,
        latest=row.latest,
        not_before=row.not_before,
        minutes=VisitMinutes(**{step: getattr(row, step) for step in STEPS}),
        amount=row.amount,
        unit=row.unit,
        course=row.course,
        course_day=row.course_day,
        status=DoseStatus(row.engine_status),
        requirements=requirements_of(rule, row.ordinal, row.course_day),
        reasons=reasons_from_text(row.reasons),
        given=given,
    )
