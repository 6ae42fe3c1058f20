"""All that the database knows of a plan, as the engine reads it: the order, what was given, what else happened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.clinical_events import ClinicalEvent, latest
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.ids import PatientId
from scheduler.domain.plan_life import SCHEDULE_ACCEPTED, LifeEvent, PlanChangeKind, in_force
from scheduler.domain.plans import DoseState, GivenOutcome, OrderKind, PlanStatus, RequirementStatus
from scheduler.domain.regimen import Regimen
from scheduler.persistence import given as given_rows
from scheduler.persistence import models, organizations, patients
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import GivenDose, Measure, PlanEvent, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork

RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the order says otherwise than the regimen.

    Args:
        interval_days: The order's own interval for repeating phases.
        run_days: The order's own length of a run.
        alternatives: Names of shorter visits that it allows.
        phase: A clinical phase that it asks for.
    """

    interval_days: int | None = None
    run_days: int | None = None
    alternatives: frozenset[str] = frozenset()
    phase: str = ""

    def written(self) -> str:
        """Return the overrides as an order's row keeps them."""
        values = {
            "interval_days": self.interval_days,
            "run_days": self.run_days,
            "alternatives": sorted(self.alternatives),
            "phase": self.phase,
        }
        return json.dumps({name: value for name, value in values.items() if value})


def read_overrides(text: str) -> Overrides:
    """Return the overrides that an order's row keeps."""
    values = json.loads(text or "{}")
    return Overrides(
        interval_days=values.get("interval_days"),
        run_days=values.get("run_days"),
        alternatives=frozenset(values.get("alternatives", ())),
        phase=values.get("phase", ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The last weight in kg and height in cm, if measured."""

    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None


def measures_of(uow: UnitOfWork, patient_id: PatientId) -> Measures:
    """Return a patient's last weight and height."""
    return _newest(patients.measures_of(uow, patient_id))


def _newest(rows: Iterable[Measure]) -> Measures:
    newest: dict[str, Decimal] = {}
    for row in rows:
        newest.setdefault(row.kind, row.value)
    return Measures(weight_kg=newest.get("weight"), height_cm=newest.get("height"))


def history_of(uow: UnitOfWork, plan: TreatmentPlan) -> tuple[PlanEvent, ...]:
    """Return the plan's own history, without what was corrected; oldest first."""
    rows = stored.events_of(uow, [plan.id])
    corrected = {row.corrects for row in rows if row.corrects}
    return tuple(row for row in rows if row.id not in corrected)


def order_facts(
    uow: UnitOfWork, plan: TreatmentPlan, rule: Regimen, history: Sequence[PlanEvent]
) -> OrderFacts:
    """Return a plan's order as the engine reads it, with the patient's last weight (kg) and height (cm)."""
    order = stored.order(uow, plan.order_id)
    overrides = read_overrides(order.overrides)
    measured = patients.measures_of(uow, order.patient_id)
    body = _newest(measured)
    return OrderFacts(
        first_day=plan.first_day,
        region=organizations.center(uow, order.center_id).region,
        indication=order.indication,
        continuing=order.kind is OrderKind.CONTINUING,
        weight_kg=body.weight_kg,
        height_cm=body.height_cm,
        interval_days=overrides.interval_days,
        amount=order.ordered_amount,
        run_days=overrides.run_days,
        alternatives=overrides.alternatives,
        phase=overrides.phase,
        product=order.product,
        prior_amount=order.prior_amount or Decimal(0),
        weight_before_kg=_weight_before(plan, rule, measured, history),
    )


def _weight_before(
    plan: TreatmentPlan, rule: Regimen, measured: Sequence[Measure], history: Sequence[PlanEvent]
) -> Decimal | None:
    """Return the weight (kg) under which the days were made, or a pharmacist last accepted them; None without bands."""
    if not any(phase.by_weight for phase in rule.phases):
        return None
    accepted = [row.at for row in history if row.kind == SCHEDULE_ACCEPTED]
    since = max([plan.created_at, *accepted])
    known = [row for row in measured if row.kind == "weight" and row.recorded_at <= since]
    return known[0].value if known else None


def given_fact(row: GivenDose, plan: TreatmentPlan | None) -> GivenFact:
    """Return a given dose as the engine reads it; an ordinal counts only in its own plan."""
    mine = plan is not None and row.plan_id == plan.id
    return GivenFact(
        ingredient=row.ingredient,
        day=row.given_on,
        outcome=row.outcome,
        ordinal=row.ordinal if mine else None,
        amount=row.amount,
        per_m2=row.per_m2,
    )


def facts_of(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    doses: Sequence[models.PlannedDose],
    history: Sequence[PlanEvent] | None = None,
) -> Facts:
    """Return all that is known of what was given, missed, left out, held, not passed and else happened."""
    rows = given_rows.given_to(uow, plan.patient_id, plan.ingredient)
    really = {row.ordinal for row in rows if row.outcome is not GivenOutcome.NONE}
    counted = [
        row for row in rows if row.outcome is not GivenOutcome.NONE or row.ordinal not in really
    ]
    known = history_of(uow, plan) if history is None else history
    return Facts(
        given=tuple(given_fact(row, plan) for row in counted),
        skipped=frozenset(dose.ordinal for dose in doses if dose.state is DoseState.SKIPPED),
        missed=frozenset(dose.ordinal for dose in doses if dose.missed_at is not None),
        failed=_failed(uow, plan, doses),
        held_from=_held_from(plan, known),
        ended=_ended(plan, known),
        keeps_grid=read_ordinals(plan.keep_grid),
        events=latest(events_of(uow, plan)),
    )


def _failed(
    uow: UnitOfWork, plan: TreatmentPlan, doses: Sequence[models.PlannedDose]
) -> frozenset[str]:
    """Return what was not passed, for the plan or for a dose that is still to come."""
    about = {None, *(dose.id for dose in doses if dose.state is DoseState.PLANNED)}
    rows = records.requirements_of(uow, [plan.id])
    return frozenset(
        row.code for row in rows if row.status is RequirementStatus.FAILED and row.dose_id in about
    )


def _held_from(plan: TreatmentPlan, history: Sequence[PlanEvent]) -> date | None:
    if plan.status is not PlanStatus.ON_HOLD:
        return None
    return next((e.on_day for e in reversed(history) if e.kind == PlanChangeKind.HOLD), None)


def _ended(plan: TreatmentPlan, history: Sequence[PlanEvent]) -> date | None:
    """Return the day on which a plan was stopped, completed, transferred, or its patient died."""
    if plan.status in RUNNING:
        return None
    turns = in_force(LifeEvent(id=row.id, kind=row.kind, corrects=row.corrects) for row in history)
    last = turns[-1].id if turns else None
    return next((row.on_day for row in history if row.id == last), None)


def events_of(uow: UnitOfWork, plan: TreatmentPlan) -> tuple[ClinicalEvent, ...]:
    """Return the clinical events that bear on a plan: the patient's, and the plan's own."""
    rows = patients.clinical_events_of(uow, [plan.patient_id])
    return tuple(
        ClinicalEvent(name=row.name, day=row.on_day)
        for row in rows
        if row.plan_id in (None, plan.id)
    )


def read_ordinals(text: str) -> frozenset[int]:
    """Return the ordinals that a plan's row keeps."""
    return frozenset(int(part) for part in text.split(",") if part)


def written_ordinals(ordinals: frozenset[int]) -> str:
    """Return ordinals as a plan's row keeps them."""
    return ",".join(str(ordinal) for ordinal in sorted(ordinals))
