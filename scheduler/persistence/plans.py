"""Queries on orders, treatment plans, planned doses and where those are booked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, select, update

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    DoseId,
    OrderId,
    PatientId,
    PlanId,
)
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Message,
    Order,
    PlanEvent,
    PlannedDose,
    Recalculation,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)
UNSENT = ("owed", "claimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedDose:
    """Where a planned dose is booked: its live visit."""

    dose_id: DoseId
    appointment_id: AppointmentId
    center_id: CenterId
    starts_at: Instant
    ends_at: Instant
    status: AppointmentStatus


def plan(uow: UnitOfWork, plan_id: PlanId) -> TreatmentPlan:
    """Return a plan of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(TreatmentPlan, plan_id)
    if found is None:
        raise NotFoundError("treatment plan")
    return found


def order(uow: UnitOfWork, order_id: OrderId) -> Order:
    """Return an order of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Order, order_id)
    if found is None:
        raise NotFoundError("order")
    return found


def orders_of(uow: UnitOfWork, patient_id: PatientId) -> list[Order]:
    """Return a patient's orders, oldest first."""
    wanted = select(Order).where(Order.patient_id == patient_id).order_by(Order.id)
    return list(uow.session.scalars(wanted))


def plans_of(uow: UnitOfWork, patient_id: PatientId) -> list[TreatmentPlan]:
    """Return a patient's plans, oldest first."""
    wanted = select(TreatmentPlan).where(TreatmentPlan.patient_id == patient_id)
    return list(uow.session.scalars(wanted.order_by(TreatmentPlan.id)))


def running_plans(uow: UnitOfWork, patient_id: PatientId) -> list[TreatmentPlan]:
    """Return a patient's plans that are active or on hold."""
    return [each for each in plans_of(uow, patient_id) if each.status in RUNNING]


def plans_to_extend(uow: UnitOfWork, before: Instant, *, limit: int = 50) -> list[PlanId]:
    """Return active plans whose doses are laid out less far than a day."""
    wanted = (
        select(TreatmentPlan.id)
        .where(TreatmentPlan.status == PlanStatus.ACTIVE, TreatmentPlan.until < before.date())
        .order_by(TreatmentPlan.until)
        .limit(limit)
    )
    return list(uow.session.scalars(wanted))


def dose(uow: UnitOfWork, dose_id: DoseId) -> PlannedDose:
    """Return a planned dose of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(PlannedDose, dose_id)
    if found is None:
        raise NotFoundError("dose")
    return found


DOSES_OF = kept(
    select(PlannedDose)
    .where(PlannedDose.plan_id.in_(bindparam("plan_ids", expanding=True)))
    .order_by(PlannedDose.plan_id, PlannedDose.ordinal)
)


def doses_of(uow: UnitOfWork, *plan_ids: PlanId) -> list[PlannedDose]:
    """Return the planned doses of plans, in order of plan and ordinal."""
    return list(uow.session.scalars(DOSES_OF, {"plan_ids": list(plan_ids)}))


DOSES_BY_ID = kept(
    select(PlannedDose).where(PlannedDose.id.in_(bindparam("dose_ids", expanding=True)))
)


def doses_by_id(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> dict[DoseId, PlannedDose]:
    """Return the planned doses with those ids."""
    rows = uow.session.scalars(DOSES_BY_ID, {"dose_ids": list(dose_ids)})
    return {row.id: row for row in rows}


BOOKED_DOSES = kept(
    select(
        AppointmentItem.dose_id,
        Appointment.id,
        Appointment.center_id,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.status,
    )
    .join(Appointment, Appointment.id == AppointmentItem.appointment_id)
    .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
    .where(
        PlannedDose.plan_id.in_(bindparam("plan_ids", expanding=True)),
        AppointmentItem.live,
        AppointmentItem.dropped_at.is_(None),
    )
)


def booked_doses(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> dict[DoseId, BookedDose]:
    """Return where the doses of plans are booked: live visits, from which the item was not dropped."""
    rows = uow.session.execute(BOOKED_DOSES, {"plan_ids": list(plan_ids)})
    return {
        dose_id: BookedDose(
            dose_id=dose_id,
            appointment_id=appointment_id,
            center_id=center_id,
            starts_at=starts_at,
            ends_at=ends_at,
            status=status,
        )
        for dose_id, appointment_id, center_id, starts_at, ends_at, status in rows
        if dose_id is not None
    }


def end_doses(uow: UnitOfWork, plan_id: PlanId) -> None:
    """Mark the doses of a plan that were not given as ended."""
    for row in doses_of(uow, plan_id):
        if row.state is DoseState.PLANNED:
            row.state = DoseState.ENDED


def events_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[PlanEvent]:
    """Return what happened to plans, oldest first."""
    wanted = select(PlanEvent).where(PlanEvent.plan_id.in_(list(plan_ids)))
    return list(uow.session.scalars(wanted.order_by(PlanEvent.at, PlanEvent.id)))


def open_recalculations(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[Recalculation]:
    """Return the proposals that wait for a person, oldest first."""
    wanted = select(Recalculation).where(
        Recalculation.plan_id.in_(list(plan_ids)), Recalculation.state == "open"
    )
    return list(uow.session.scalars(wanted.order_by(Recalculation.created_at)))


def supersede_recalculations(uow: UnitOfWork, plan_id: PlanId, *, now: Instant) -> None:
    """Close the open proposals of a plan: newer facts have overtaken them."""
    uow.session.execute(
        update(Recalculation)
        .where(Recalculation.plan_id == plan_id, Recalculation.state == "open")
        .values(state="superseded", decided_at=now)
    )


def upcoming_visits(
    uow: UnitOfWork,
    *,
    after: Instant,
    plan_id: PlanId | None = None,
    patient_id: PatientId | None = None,
    before: Instant | None = None,
) -> list[Appointment]:
    """Return live visits from an instant on that nobody has come to yet, in order of time."""
    wanted = select(Appointment).where(
        Appointment.starts_at >= after,
        Appointment.status.in_([AppointmentStatus.BOOKED, AppointmentStatus.PENDING]),
    )
    if before is not None:
        wanted = wanted.where(Appointment.starts_at < before)
    if patient_id is not None:
        wanted = wanted.where(Appointment.patient_id == patient_id)
    if plan_id is not None:
        having = (
            select(AppointmentItem.appointment_id)
            .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
            .where(PlannedDose.plan_id == plan_id, AppointmentItem.dropped_at.is_(None))
        )
        wanted = wanted.where(Appointment.id.in_(having))
    return list(uow.session.scalars(wanted.order_by(Appointment.starts_at)))


def items_of(
    uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]
) -> dict[AppointmentId, list[AppointmentItem]]:
    """Return what each visit is for, dropped items left out."""
    wanted = select(AppointmentItem).where(
        AppointmentItem.appointment_id.in_(list(appointment_ids)),
        AppointmentItem.dropped_at.is_(None),
    )
    items: dict[AppointmentId, list[AppointmentItem]] = {}
    for item in uow.session.scalars(wanted.order_by(AppointmentItem.id)):
        items.setdefault(item.appointment_id, []).append(item)
    return items


def unsent_messages(
    uow: UnitOfWork,
    *,
    appointment_ids: Iterable[AppointmentId] = (),
    plan_id: PlanId | None = None,
    patient_id: PatientId | None = None,
) -> list[tuple[str, Instant]]:
    """Return kind and time of the unsent messages about visits or a plan, or all of a patient, the next first."""
    about: ColumnElement[bool] = Message.appointment_id.in_(list(appointment_ids))
    if plan_id is not None:
        about = about | (Message.plan_id == plan_id)
    if patient_id is not None:
        about = Message.patient_id == patient_id
    wanted = select(Message.kind, Message.send_after).where(Message.status.in_(UNSENT), about)
    return [
        (str(kind), at) for kind, at in uow.session.execute(wanted.order_by(Message.send_after))
    ]


def tasks_about(uow: UnitOfWork, plan_id: PlanId) -> list[Task]:
    """Return the open tasks about a plan."""
    wanted = select(Task).where(Task.plan_id == plan_id, Task.closed_at.is_(None))
    return list(uow.session.scalars(wanted.order_by(Task.id)))


def recalculation(uow: UnitOfWork, recalculation_id: PlanId) -> Recalculation:
    """Return a proposal of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Recalculation, recalculation_id)
    if found is None:
        raise NotFoundError("recalculation")
    return found
