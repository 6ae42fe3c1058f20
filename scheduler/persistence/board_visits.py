"""The visits of a clinic day as bare rows, opened and joined in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, or_, select

from scheduler.domain.appointments import AppointmentStatus, DayStep, ItemKind
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PatientId, PlanId
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.timing import Instant
from scheduler.domain.visits import Step
from scheduler.persistence.encryption import unseal
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    GivenDose,
    NurseAssignment,
    Patient,
    PlannedDose,
    Staff,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

MOMENTS = {
    DayStep.ARRIVED: Appointment.arrived_at,
    DayStep.IN_CHAIR: Appointment.in_chair_at,
    DayStep.INFUSING: Appointment.infusing_at,
    DayStep.OBSERVATION: Appointment.observation_at,
    DayStep.DISCHARGED: Appointment.discharged_at,
}
MINUTES = {
    Step.INTAKE: PlannedDose.intake,
    Step.IV_START: PlannedDose.iv_start,
    Step.PREPARATION: PlannedDose.premedication,
    Step.INFUSION: PlannedDose.infusion,
    Step.OBSERVATION: PlannedDose.observation,
    Step.DISCHARGE: PlannedDose.discharge,
}

CAME_FOR = or_(
    AppointmentItem.dropped_at.is_(None), AppointmentItem.dropped_at >= Appointment.arrived_at
)
"""What a visit is for, or was for when it ended without treatment; what went before it began is left out."""


ITEMS = (
    select(
        Appointment.id,
        Appointment.chair_key,
        Appointment.patient_id,
        Patient.given_name_sealed,
        Patient.family_name_sealed,
        Patient.name_to_use_sealed,
        Patient.birth_date_text_sealed,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.chair_free_at,
        Appointment.status,
        Appointment.version,
        Appointment.confirmed_at,
        Appointment.call_wanted_at,
        Appointment.cannot_come_at,
        Appointment.cancelled_at,
        Staff.id.label("nurse_id"),
        Staff.name_sealed.label("nurse_sealed"),
        AppointmentItem.kind,
        AppointmentItem.id.label("item_id"),
        AppointmentItem.words_in_clear,
        AppointmentItem.words_sealed,
        AppointmentItem.dose_id,
        PlannedDose.plan_id,
        PlannedDose.ordinal,
        PlannedDose.phase,
        PlannedDose.course,
        PlannedDose.course_day,
        PlannedDose.amount,
        PlannedDose.unit,
        PlannedDose.latest,
        TreatmentPlan.ingredient,
        *(column.label(f"at_{step}") for step, column in MOMENTS.items()),
        *(column.label(f"min_{step}") for step, column in MINUTES.items()),
    )
    .join(Patient, Patient.id == Appointment.patient_id)
    .outerjoin(
        AppointmentItem,
        and_(
            AppointmentItem.appointment_id == Appointment.id,
            CAME_FOR,
        ),
    )
    .outerjoin(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
    .outerjoin(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
    .outerjoin(NurseAssignment, NurseAssignment.appointment_id == Appointment.id)
    .outerjoin(Staff, Staff.id == NurseAssignment.staff_id)
)
"""Every item of every visit with its patient, dose, plan and nurse; one row each."""
PLAIN = (
    "id",
    "chair_key",
    "patient_id",
    "starts_at",
    "ends_at",
    "chair_free_at",
    "status",
    "version",
    "cancelled_at",
    "kind",
    "dose_id",
    "plan_id",
    "ordinal",
    "course",
    "course_day",
    "amount",
    "latest",
)
"""Columns that are taken as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One item of a visit with what the board says of it; a visit with two items is two rows."""

    id: AppointmentId
    chair_key: int
    patient_id: PatientId
    name: str
    born: str
    starts_at: Instant
    ends_at: Instant
    chair_free_at: Instant
    status: AppointmentStatus
    version: int
    confirmed: bool
    wants_call: bool
    cannot_come: bool
    cancelled_at: Instant | None
    moments: tuple[tuple[DayStep, Instant], ...]
    nurse: str
    kind: ItemKind | None
    words: str
    dose_id: DoseId | None
    plan_id: PlanId | None
    ordinal: int | None
    phase: str
    course: int | None
    course_day: int | None
    amount: Decimal | None
    unit: str
    ingredient: str
    latest: date | None
    minutes: tuple[tuple[Step, int], ...]


VISITS = kept(
    ITEMS.where(
        Appointment.center_id == bindparam("center_id"),
        Appointment.starts_at >= bindparam("begins"),
        Appointment.starts_at < bindparam("ends"),
        Appointment.status != AppointmentStatus.ENTERED_IN_ERROR,
    ).order_by(Appointment.starts_at, Appointment.id, AppointmentItem.id)
)


def visits(
    uow: UnitOfWork, center_id: CenterId, begins: Instant, ends: Instant
) -> tuple[VisitRow, ...]:
    """Return the items of every visit that starts between two instants, cancelled ones too."""
    asked = {"center_id": center_id, "begins": begins, "ends": ends}
    return tuple(_visit(row) for row in uow.session.execute(VISITS, asked).all())


def _visit(row: Row[*tuple[Any, ...]]) -> VisitRow:
    plain: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    moments = tuple((step, getattr(row, f"at_{step}")) for step in MOMENTS)
    return VisitRow(
        **plain,
        name=patient_name(row),
        born=_open(row.birth_date_text_sealed, "patient", "birth_date_text", row.patient_id),
        confirmed=row.confirmed_at is not None,
        wants_call=row.call_wanted_at is not None,
        cannot_come=row.cannot_come_at is not None,
        moments=tuple((step, at) for step, at in moments if at is not None),
        nurse=_open(row.nurse_sealed, "staff", "name", row.nurse_id) if row.nurse_id else "",
        words=_item_words(row),
        phase=row.phase or "",
        unit=row.unit or "",
        ingredient=row.ingredient or "",
        minutes=tuple((step, getattr(row, f"min_{step}") or 0) for step in MINUTES),
    )


def _item_words(row: Row[*tuple[Any, ...]]) -> str:
    if row.words_sealed is None:
        return row.words_in_clear or ""
    return _open(row.words_sealed, "appointment_item", "words", row.item_id)


def patient_name(row: Row[*tuple[Any, ...]]) -> str:
    """Return the name to use, else the given name, and the family name of a bare row."""
    used = _open(row.name_to_use_sealed, "patient", "name_to_use", row.patient_id)
    given = used or _open(row.given_name_sealed, "patient", "given_name", row.patient_id)
    family = _open(row.family_name_sealed, "patient", "family_name", row.patient_id)
    return f"{given} {family}".strip()


def _open(sealed: bytes | None, table: str, column: str, id: UUID) -> str:
    return unseal(sealed, table=table, column=column, id=id)


OUTCOMES = kept(
    select(GivenDose.id, GivenDose.appointment_id, GivenDose.outcome, GivenDose.corrects).where(
        GivenDose.appointment_id.in_(bindparam("appointment_ids", expanding=True)),
        GivenDose.withdrawn.is_(False),
    )
)


def untreated(uow: UnitOfWork, appointment_ids: Sequence[AppointmentId]) -> set[AppointmentId]:
    """Return the visits at which every recorded dose was not given; corrections count, not what they replace."""
    rows = uow.session.execute(OUTCOMES, {"appointment_ids": list(appointment_ids)}).all()
    replaced = {row.corrects for row in rows}
    hold = [row for row in rows if row.id not in replaced]
    given = {row.appointment_id for row in hold if row.outcome is not GivenOutcome.NONE}
    return {row.appointment_id for row in hold} - given
