"""A treatment plan from its facts: what the engine is told, what it answers, and the rows that keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.dose_reasons import reasons_to_text
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Series
from scheduler.domain.ids import CenterId
from scheduler.domain.plans import DoseState
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from scheduler.domain.wished_days import leaning, not_sooner
from scheduler.persistence import models
from scheduler.persistence import plans as stored
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.calendars import open_days
from scheduler.services.plan_facts import facts_of, history_of, order_facts
from scheduler.services.regimens import choices_of, regimen_of
from scheduler.services.wishes import read_weekdays

# doses are laid out for about two years: 26 of a four-weekly drug
HORIZON = timedelta(weeks=103)
SLACK = timedelta(days=200)
STRETCH, MOST_STRETCHES = timedelta(days=180), 4


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
    """Return the doses of a course to its horizon, on the days that order and patient wish."""
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
    doses = series.doses
    if course.order.continuing:
        doses = not_sooner(doses, course.regimen, course.order.first_day, calendar)
    if course.wished_weekdays:
        doses = tuple(leaning(dose, course.wished_weekdays, calendar) for dose in doses)
    return replace(series, doses=doses)


def regimen_of_plan(uow: UnitOfWork, plan: TreatmentPlan) -> Regimen:
    """Return the regimen version that a plan began under or accepted since."""
    return regimen_of(uow, plan.regimen_version_id)


def course_of(uow: UnitOfWork, plan: TreatmentPlan, doses: Sequence[models.PlannedDose]) -> Course:
    """Return what a stored plan's series follows from."""
    rule, history = regimen_of_plan(uow, plan), history_of(uow, plan)
    order, first = (
        order_facts(uow, plan, rule, history),
        min((d.ordinal for d in doses), default=None),
    )
    return Course(
        regimen=rule,
        center_id=plan.center_id,
        order=replace(order, first_ordinal=first if order.continuing else None),
        facts=facts_of(uow, plan, doses, history),
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
    return _reaching(uow, course_of(uow, plan, rows), rows)


def resolve_as(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    doses: Sequence[models.PlannedDose],
    *,
    phase: str,
    cycles: int,
) -> Series:
    """Return the series of a stored plan if its order asked for this phase so many times; nothing is written."""
    course = course_of(uow, plan, doses)
    asked = replace(course, order=replace(course.order, phase=phase, cycles=cycles))
    return _reaching(uow, asked, doses)


def _reaching(uow: UnitOfWork, course: Course, rows: Sequence[models.PlannedDose]) -> Series:
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
