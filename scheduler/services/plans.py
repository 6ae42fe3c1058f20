"""A treatment plan from its facts: what the engine is told, what it answers, and the rows that keep it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.dose_reasons import reasons_to_text
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose, Series
from scheduler.domain.ids import CenterId, PatientId
from scheduler.domain.plans import DoseState, GivenOutcome, OrderKind
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from scheduler.domain.wished_days import leaning
from scheduler.persistence import given as given_rows
from scheduler.persistence import models, organizations, patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import GivenDose, Order, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.calendars import open_days
from scheduler.services.regimens import choices_of, regimen_of
from scheduler.services.wishes import read_weekdays

# doses are laid out for about two years: 26 of a four-weekly drug
HORIZON = timedelta(weeks=103)
SLACK = timedelta(days=200)
STRETCH, MOST_STRETCHES = timedelta(days=180), 4


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
class Course:
    """What a series follows from, for a stored plan or for an order that is only looked at."""

    regimen: Regimen
    center_id: CenterId
    order: OrderFacts
    facts: Facts
    until: date
    wished_weekdays: frozenset[int] = frozenset()


def series_of(uow: UnitOfWork, course: Course) -> Series:
    """Return the doses of a course to its horizon; planned days lean towards wished weekdays."""
    calendar = open_days(
        uow, course.center_id, course.order.first_day - SLACK, course.until + SLACK
    )
    series = resolve(
        course.regimen,
        course.order,
        course.facts,
        calendar,
        choices_of(uow, course.regimen),
        until=course.until,
    )
    if not course.wished_weekdays:
        return series
    doses = tuple(leaning(dose, course.wished_weekdays, calendar) for dose in series.doses)
    return replace(series, doses=doses)


def regimen_of_plan(uow: UnitOfWork, plan: TreatmentPlan) -> Regimen:
    """Return the regimen version that a plan began under or accepted since."""
    return regimen_of(uow, plan.regimen_version_id)


def order_facts(
    uow: UnitOfWork, order: Order, *, first_day: date, measures: "Measures | None" = None
) -> OrderFacts:
    """Return an order as the engine reads it, with the patient's last weight (kg) and height (cm)."""
    overrides = read_overrides(order.overrides)
    body = measures or measures_of(uow, order.patient_id)
    return OrderFacts(
        first_day=first_day,
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
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The last weight in kg and height in cm, if measured."""

    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None


def measures_of(uow: UnitOfWork, patient_id: PatientId) -> Measures:
    """Return a patient's last weight and height."""
    newest: dict[str, Decimal] = {}
    for row in patients.measures_of(uow, patient_id):
        newest.setdefault(row.kind, row.value)
    return Measures(weight_kg=newest.get("weight"), height_cm=newest.get("height"))


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


def facts_of(uow: UnitOfWork, plan: TreatmentPlan, doses: Sequence[models.PlannedDose]) -> Facts:
    """Return all that is known of what was given, skipped and kept for a plan."""
    rows = given_rows.given_to(uow, plan.patient_id, plan.ingredient)
    really = {row.ordinal for row in rows if row.outcome is not GivenOutcome.NONE}
    counted = [
        row for row in rows if row.outcome is not GivenOutcome.NONE or row.ordinal not in really
    ]
    return Facts(
        given=tuple(given_fact(row, plan) for row in counted),
        skipped=frozenset(dose.ordinal for dose in doses if dose.state is DoseState.SKIPPED),
        keeps_grid=read_ordinals(plan.keep_grid),
    )


def read_ordinals(text: str) -> frozenset[int]:
    """Return the ordinals that a plan's row keeps."""
    return frozenset(int(part) for part in text.split(",") if part)


def written_ordinals(ordinals: frozenset[int]) -> str:
    """Return ordinals as a plan's row keeps them."""
    return ",".join(str(ordinal) for ordinal in sorted(ordinals))


def course_of(uow: UnitOfWork, plan: TreatmentPlan, doses: Sequence[models.PlannedDose]) -> Course:
    """Return what a stored plan's series follows from."""
    order = stored.order(uow, plan.order_id)
    return Course(
        regimen=regimen_of_plan(uow, plan),
        center_id=plan.center_id,
        order=order_facts(uow, order, first_day=plan.first_day),
        facts=facts_of(uow, plan, doses),
        until=plan.until,
        wished_weekdays=read_weekdays(plan.wished_weekdays),
    )


def resolve_plan(
    uow: UnitOfWork, plan: TreatmentPlan, doses: Sequence[models.PlannedDose] | None = None
) -> Series:
    """Return the series of a stored plan as its facts make it now; nothing is written.

    It reaches at least as far as the doses that are stored already: later dates leave none behind.
    """
    rows = stored.doses_of(uow, plan.id) if doses is None else doses
    course = course_of(uow, plan, rows)
    last = max((row.ordinal for row in rows), default=0)
    series = series_of(uow, course)
    for _ in range(MOST_STRETCHES):
        if not series.doses or series.doses[-1].ordinal >= last:
            break
        course = replace(course, until=course.until + STRETCH)
        series = series_of(uow, course)
    return series


COLUMNS = (
    "phase",
    "course",
    "course_day",
    "due_on",
    "planned_on",
    "earliest",
    "latest",
    "not_before",
    "amount",
    "unit",
    "engine_status",
    "reasons",
)
STEPS = ("intake", "iv_start", "premedication", "infusion", "observation", "discharge", "turnover")


def columns_of(dose: PlannedDose) -> dict[str, object]:
    """Return a dose of the engine as the columns of its row."""
    values: dict[str, object] = {
        "phase": dose.phase,
        "course": dose.course,
        "course_day": dose.course_day,
        "due_on": dose.due,
        "planned_on": dose.planned,
        "earliest": dose.earliest,
        "latest": dose.latest,
        "not_before": dose.not_before,
        "amount": dose.amount,
        "unit": dose.unit,
        "engine_status": dose.status.value,
        "reasons": reasons_to_text(dose.reasons),
    }
    return values | {step: getattr(dose.minutes, step) for step in STEPS}


def write_doses(uow: UnitOfWork, plan: TreatmentPlan, series: Series) -> list[models.PlannedDose]:
    """Write a series as rows: new ordinals are added, doses not given follow, all others stay.

    Ordinals never change, and a given dose never does.
    """
    rows = {row.ordinal: row for row in stored.doses_of(uow, plan.id)}
    for dose in series.doses:
        row = rows.get(dose.ordinal)
        if row is None:
            rows[dose.ordinal] = _new_row(plan, dose)
            uow.add(rows[dose.ordinal])
        elif row.state is DoseState.PLANNED:
            update_row(row, dose)
    return [rows[ordinal] for ordinal in sorted(rows)]


def new_rows(plan: TreatmentPlan, series: Series) -> list[models.PlannedDose]:
    """Return the rows of a plan that has none yet."""
    return [_new_row(plan, dose) for dose in series.doses]


def _new_row(plan: TreatmentPlan, dose: PlannedDose) -> models.PlannedDose:
    return models.PlannedDose(
        plan_id=plan.id, patient_id=plan.patient_id, ordinal=dose.ordinal, **columns_of(dose)
    )


def update_row(row: models.PlannedDose, dose: PlannedDose, *, keep: tuple[str, ...] = ()) -> bool:
    """Write what differs, but for columns to keep, and say whether anything did."""
    changed = False
    for name, value in columns_of(dose).items():
        if name not in keep and getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed
