"""Amounts of doses to come as a new weight or height would make them, before it is saved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scheduler.domain.ids import PatientId
from scheduler.domain.plans import DoseState
from scheduler.domain.timing import Instant
from scheduler.persistence import patients as stored
from scheduler.persistence.models import TreatmentPlan
from scheduler.persistence.plans import doses_of, running_plans
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.measures import MeasureKind, RecordMeasure, check_measure
from scheduler.services.plans import course_of, series_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountChange:
    """The amount of a dose to come, before and after a measurement; units as the regimen's."""

    title: str
    ordinal: int
    due_on: date
    old: Decimal | None
    new: Decimal | None
    unit: str


def amounts_after(
    uow: UnitOfWork, patient_id: PatientId, requests: Sequence[RecordMeasure], *, now: Instant
) -> tuple[AmountChange, ...]:
    """Return the doses to come whose amount would change with weights or heights; nothing is saved.

    A measurement older than the last one of its kind changes nothing.

    Raises:
        NotFoundError: there is no such patient here.
        InvalidError, NeedsConfirmationError: as when it is recorded.
    """
    with uow:
        stored.patient(uow, patient_id)
        for each in requests:
            check_measure(uow, each, now=now)
        newest = {m.kind: m.measured_on for m in reversed(stored.measures_of(uow, patient_id))}
        counted = {
            each.kind: each.value
            for each in requests
            if newest.get(each.kind.value, each.measured_on) <= each.measured_on
        }
        return tuple(
            change
            for plan in running_plans(uow, patient_id)
            for change in _changes(uow, plan, counted)
        )


def _changes(
    uow: UnitOfWork, plan: TreatmentPlan, counted: Mapping[MeasureKind, Decimal]
) -> Iterator[AmountChange]:
    rows = doses_of(uow, plan.id)
    course = course_of(uow, plan, rows)
    order = replace(
        course.order,
        weight_kg=counted.get(MeasureKind.WEIGHT, course.order.weight_kg),
        height_cm=counted.get(MeasureKind.HEIGHT, course.order.height_cm),
    )
    series = series_of(uow, replace(course, order=order))
    for row in rows:
        dose = series.dose(row.ordinal)
        if dose and row.state is DoseState.PLANNED and dose.amount != row.amount:
            yield AmountChange(
                title=course.regimen.title,
                ordinal=row.ordinal,
                due_on=row.due_on,
                old=row.amount,
                new=dose.amount,
                unit=dose.unit,
            )
