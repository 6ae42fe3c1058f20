"""All that the database knows of a plan, as the engine reads it: the order, what was given, what else happened."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scheduler.domain.clinical_events import ClinicalEvent, latest
from scheduler.domain.dates import Interval, parse_interval
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.ids import PatientId
from scheduler.domain.plan_life import SCHEDULE_ACCEPTED, LifeEvent, PlanChangeKind, in_force
from scheduler.domain.plans import DoseState, GivenOutcome, OrderKind, PlanStatus, RequirementStatus
from scheduler.domain.regimen import Regimen
from scheduler.persistence import given as given_rows
from scheduler.persistence import models, organizations, patients
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import (
    GivenDose,
    Measure,
    Order,
    PlanEvent,
    Requirement,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork

RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the order says otherwise than the regimen.

    Args:
        interval: The order's own interval for repeating phases.
        run_days: The order's own length of a run.
        alternatives: Names of shorter visits that it allows.
        phase: A clinical phase that it asks for.
        cycles: How many courses or cycles of that phase.
    """

    interval: Interval | None = None
    run_days: int | None = None
    alternatives: frozenset[str] = frozenset()
    phase: str = ""
    cycles: int = 1

    def written(self) -> str:
        """Return the overrides as an order's row keeps them."""
        values = {
            "interval": self.interval.iso if self.interval else None,
            "run_days": self.run_days,
            "alternatives": sorted(self.alternatives),
            "phase": self.phase,
            "cycles": self.cycles if self.cycles > 1 else None,
        }
        return json.dumps({name: value for name, value in values.items() if value})


def read_overrides(text: str) -> Overrides:
    """Return the overrides that an order's row keeps."""
    values = json.loads(text or "{}")
    return Overrides(
        interval=_interval(values),
        run_days=values.get("run_days"),
        alternatives=frozenset(values.get("alternatives", ())),
        phase=values.get("phase", ""),
        cycles=values.get("cycles", 1),
    )


def _interval(values: Mapping[str, Any]) -> Interval | None:
    days = values.get("interval_days")  # orders from before weeks and months could be written
    if days:
        return Interval(days=days)
    return parse_interval(values["interval"]) if values.get("interval") else None


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
    return uncorrected(plan, stored.events_of(uow, [plan.id]))


def uncorrected(plan: TreatmentPlan, rows: Sequence[PlanEvent]) -> tuple[PlanEvent, ...]:
    """Return what happened to a plan and was not corrected, from rows in order of time."""
    corrected = {row.corrects for row in rows if row.corrects}
    return tuple(row for row in rows if row.plan_id == plan.id and row.id not in corrected)


def order_facts(
    uow: UnitOfWork, plan: TreatmentPlan, rule: Regimen, history: Sequence[PlanEvent]
) -> OrderFacts:
    """Return a plan's order as the engine reads it, with the patient's last weight (kg) and height (cm)."""
    order = stored.order(uow, plan.order_id)
    measured = patients.measures_of(uow, order.patient_id)
    region = organizations.center(uow, order.center_id).region
    return read_order(plan, order, rule, region=region, measured=measured, history=history)


def read_order(
    plan: TreatmentPlan,
    order: Order,
    rule: Regimen,
    *,
    region: str,
    measured: Sequence[Measure],
    history: Sequence[PlanEvent],
) -> OrderFacts:
    """Return an order as the engine reads it, from rows that somebody has read; measures newest first."""
    overrides, body = read_overrides(order.overrides), _newest(measured)
    return OrderFacts(
        first_day=plan.first_day,
        region=region,
        indication=order.indication,
        continuing=order.kind is OrderKind.CONTINUING,
        weight_kg=body.weight_kg,
        height_cm=body.height_cm,
        interval=overrides.interval,
        amount=order.ordered_amount,
        run_days=overrides.run_days,
        alternatives=overrides.alternatives,
        phase=overrides.phase,
        cycles=overrides.cycles,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rows from which the facts of a plan follow; those of other plans and ingredients do no harm.

    Args:
        history: Of this plan, without what was corrected, oldest first.
    """

    given: Sequence[GivenDose]
    doses: Sequence[models.PlannedDose]
    history: Sequence[PlanEvent]
    requirements: Sequence[Requirement]
    events: Sequence[models.ClinicalEvent]


def facts_of(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    doses: Sequence[models.PlannedDose],
    history: Sequence[PlanEvent] | None = None,
) -> Facts:
    """Return all that is known of what was given, missed, left out, held, not passed and else happened."""
    known = Known(
        given=given_rows.given_to(uow, plan.patient_id, plan.ingredient),
        doses=doses,
        history=history_of(uow, plan) if history is None else history,
        requirements=records.requirements_of(uow, [plan.id]),
        events=patients.clinical_events_of(uow, [plan.patient_id]),
    )
    return read_facts(plan, known)


def read_facts(plan: TreatmentPlan, known: Known) -> Facts:
    """Return what the engine is told of a plan, from rows that somebody has read."""
    doses = [dose for dose in known.doses if dose.plan_id == plan.id]
    return Facts(
        given=tuple(given_fact(row, plan) for row in _counted(plan, known.given)),
        skipped=frozenset(dose.ordinal for dose in doses if dose.state is DoseState.SKIPPED),
        missed=frozenset(dose.ordinal for dose in doses if dose.missed_at is not None),
        failed=_failed(plan, doses, known.requirements),
        held_from=_held_from(plan, known.history),
        ended=_ended(plan, known.history),
        keeps_grid=read_ordinals(plan.keep_grid),
        events=latest(_events(plan, known.events)),
    )


def _counted(plan: TreatmentPlan, rows: Sequence[GivenDose]) -> list[GivenDose]:
    """Return the doses of the plan's ingredient; one not given counts only until it is."""
    same = [row for row in rows if row.ingredient == plan.ingredient]
    really = {row.ordinal for row in same if row.outcome is not GivenOutcome.NONE}
    return [
        row for row in same if row.outcome is not GivenOutcome.NONE or row.ordinal not in really
    ]


def _failed(
    plan: TreatmentPlan, doses: Sequence[models.PlannedDose], rows: Sequence[Requirement]
) -> frozenset[str]:
    """Return what was not passed, for the plan or for a dose that is still to come."""
    about = {None, *(dose.id for dose in doses if dose.state is DoseState.PLANNED)}
    mine = (row for row in rows if row.plan_id == plan.id and row.dose_id in about)
    return frozenset(row.code for row in mine if row.status is RequirementStatus.FAILED)


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


def _events(plan: TreatmentPlan, rows: Iterable[models.ClinicalEvent]) -> Iterator[ClinicalEvent]:
    """Yield the clinical events that bear on a plan: the patient's, and the plan's own."""
    for row in rows:
        if row.patient_id == plan.patient_id and row.plan_id in (None, plan.id):
            yield ClinicalEvent(name=row.name, day=row.on_day)


def read_ordinals(text: str) -> frozenset[int]:
    """Return the ordinals that a plan's row keeps."""
    return frozenset(int(part) for part in text.split(",") if part)


def written_ordinals(ordinals: frozenset[int]) -> str:
    """Return ordinals as a plan's row keeps them."""
    return ",".join(str(ordinal) for ordinal in sorted(ordinals))
