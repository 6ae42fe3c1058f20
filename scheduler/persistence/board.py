"""What the day board shows, read in a fixed number of queries as bare rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PatientId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.board_visits import patient_name
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Chair,
    ChairOutage,
    ClinicDay,
    Patient,
    PlannedDose,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

WAITING = (TaskKind.OVERDUE, TaskKind.REBOOK)
UNPLACED = (
    select(
        Task.id,
        Task.kind,
        Task.due_on,
        Task.dose_id,
        Task.patient_id,
        PlannedDose.ordinal,
        PlannedDose.latest,
        TreatmentPlan.ingredient,
        Patient.given_name_sealed,
        Patient.family_name_sealed,
        Patient.name_to_use_sealed,
    )
    .join(Patient, Patient.id == Task.patient_id)
    .outerjoin(PlannedDose, PlannedDose.id == Task.dose_id)
    .outerjoin(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
)
"""Tasks with their patient and dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequirement:
    """What a dose misses on the day of its visit: a requirement, the order, authorization, enrolment or drug."""

    plan_id: PlanId
    dose_id: DoseId | None
    code: str
    status: RequirementStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """Somebody who waits for a place."""

    task_id: UUID
    kind: TaskKind
    patient_id: PatientId
    name: str
    due_on: date
    ingredient: str
    ordinal: int | None
    latest: date | None
    dose_id: DoseId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairRow:
    """A chair, bed or room in the order of the board."""

    key: int
    name: str
    pod: str
    near_nurses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRow:
    """A span in which a chair is out of service."""

    chair_key: int
    starts_at: Instant
    ends_at: Instant
    reason: str


REVISION = kept(
    select(ClinicDay.revision).where(
        ClinicDay.center_id == bindparam("center_id"), ClinicDay.day == bindparam("day")
    )
)


def revision(uow: UnitOfWork, center_id: CenterId, day: date) -> int:
    """Return the clinic day's revision, 0 when nothing was ever booked on it."""
    return uow.session.scalar(REVISION, {"center_id": center_id, "day": day}) or 0


def starts_at(
    uow: UnitOfWork, center_id: CenterId, appointment_id: AppointmentId
) -> Instant | None:
    """Return when a visit of the center starts, None when it has no such visit."""
    wanted = select(Appointment.starts_at).where(
        Appointment.id == appointment_id, Appointment.center_id == center_id
    )
    return uow.session.scalar(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDay:
    """A clinic day with its occupancy as stored."""

    day: date
    revision: int
    slot_minutes: int
    first_slot: int
    layout: str
    occupancy: bytes
    note: str


DAYS = kept(
    select(
        ClinicDay.day,
        ClinicDay.revision,
        ClinicDay.slot_minutes,
        ClinicDay.first_slot,
        ClinicDay.layout,
        ClinicDay.occupancy,
        ClinicDay.note,
    ).where(
        ClinicDay.center_id == bindparam("center_id"),
        ClinicDay.day >= bindparam("first"),
        ClinicDay.day <= bindparam("last"),
    )
)


def days(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> dict[date, StoredDay]:
    """Return the clinic days of a span that were ever booked on."""
    asked = {"center_id": center_id, "first": first, "last": last}
    return {
        row.day: StoredDay(
            day=row.day,
            revision=row.revision,
            slot_minutes=row.slot_minutes,
            first_slot=row.first_slot,
            layout=row.layout,
            occupancy=row.occupancy,
            note=row.note,
        )
        for row in uow.session.execute(DAYS, asked)
    }


CHAIRS = kept(
    select(Chair.key, Chair.name, Chair.pod, Chair.near_nurses)
    .where(Chair.center_id == bindparam("center_id"), Chair.active)
    .order_by(Chair.position, Chair.key)
)


def chairs(uow: UnitOfWork, center_id: CenterId) -> tuple[ChairRow, ...]:
    """Return the center's active chairs in their order."""
    return tuple(
        ChairRow(key=row.key, name=row.name, pod=row.pod, near_nurses=row.near_nurses)
        for row in uow.session.execute(CHAIRS, {"center_id": center_id})
    )


OUTAGES = kept(
    select(Chair.key, ChairOutage)
    .join(Chair, Chair.id == ChairOutage.chair_id)
    .where(
        ChairOutage.center_id == bindparam("center_id"),
        ChairOutage.starts_at < bindparam("ends"),
        ChairOutage.ends_at > bindparam("begins"),
    )
)


def outages(
    uow: UnitOfWork, center_id: CenterId, begins: Instant, ends: Instant
) -> tuple[OutageRow, ...]:
    """Return the spans out of service that touch a span of time."""
    asked = {"center_id": center_id, "begins": begins, "ends": ends}
    return tuple(
        OutageRow(chair_key=key, starts_at=row.starts_at, ends_at=row.ends_at, reason=row.reason)
        for key, row in uow.session.execute(OUTAGES, asked)
    )


PLACED = exists().where(AppointmentItem.dose_id == Task.dose_id, AppointmentItem.live)
WAITING_FOR_A_PLACE = kept(
    UNPLACED.where(
        Task.center_id == bindparam("center_id"),
        Task.closed_at.is_(None),
        Task.kind.in_(WAITING),
        ~PLACED,
    )
    .order_by(Task.due_on, Task.id)
    .limit(bindparam("limit"))
)


def waiting(
    uow: UnitOfWork, center_id: CenterId, *, limit: int
) -> tuple[tuple[WaitingRow, ...], bool]:
    """Return who waits for a place, most urgent first, and whether there are more than ``limit``.

    A visit that a person should move has its place; it waits on the worklist alone.
    """
    asked = {"center_id": center_id, "limit": limit + 1}
    rows = [
        WaitingRow(
            task_id=row.id,
            kind=row.kind,
            patient_id=row.patient_id,
            name=patient_name(row),
            due_on=row.due_on,
            ingredient=row.ingredient or "",
            ordinal=row.ordinal,
            latest=row.latest,
            dose_id=row.dose_id,
        )
        for row in uow.session.execute(WAITING_FOR_A_PLACE, asked)
    ]
    return tuple(rows[:limit]), len(rows) > limit
