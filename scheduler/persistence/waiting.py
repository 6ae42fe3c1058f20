"""What waits for a person: doses past their window, visits in the coming days, orders that end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from scheduler.domain.appointments import ItemKind
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PlanId, RegimenVersionId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Order,
    Patient,
    PlannedDose,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork


def overdue_doses(uow: UnitOfWork, *, before: date) -> list[tuple[PlannedDose, TreatmentPlan]]:
    """Return planned doses of active plans whose window ended before a day, and that are not booked.

    Of a course its first day stands for all. Left out are doses with an open task that asks for a booking, and
    those with one that a person ended: only a booking that is gone by now lets a dose come back.
    """
    on_visit = exists().where(AppointmentItem.dose_id == PlannedDose.id, AppointmentItem.live)
    asked = exists().where(
        Task.subject_id == PlannedDose.id,
        Task.kind.in_((TaskKind.OVERDUE, TaskKind.REBOOK)),
        or_(Task.outcome.is_(None), Task.outcome != TaskOutcome.BOOKED),
    )
    rows = uow.session.execute(
        select(PlannedDose, TreatmentPlan)
        .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
        .join(Patient, Patient.id == TreatmentPlan.patient_id)
        .where(
            PlannedDose.state == DoseState.PLANNED,
            PlannedDose.latest < before,
            func.coalesce(PlannedDose.course_day, 1) == 1,
            TreatmentPlan.status == PlanStatus.ACTIVE,
            Patient.deceased_on.is_(None),
            ~on_visit,
            ~asked,
        )
        .order_by(PlannedDose.latest)
    )
    return [(dose, plan) for dose, plan in rows]


def coming_doses(
    uow: UnitOfWork, *, after: Instant, before: Instant
) -> list[tuple[DoseId, AppointmentId, TreatmentPlan]]:
    """Return the doses of live visits that start in a span, with the plan of each."""
    rows = uow.session.execute(
        select(AppointmentItem.dose_id, Appointment.id, TreatmentPlan)
        .join(Appointment, Appointment.id == AppointmentItem.appointment_id)
        .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
        .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
        .where(
            AppointmentItem.kind == ItemKind.DOSE,
            AppointmentItem.live,
            Appointment.live,
            Appointment.arrived_at.is_(None),
            Appointment.starts_at >= after,
            Appointment.starts_at < before,
        )
        .order_by(Appointment.starts_at)
    )
    return [(DoseId(dose), AppointmentId(visit), plan) for dose, visit, plan in rows if dose]


def open_not_ready(uow: UnitOfWork) -> list[Task]:
    """Return the open tasks that say that a patient is not ready to be treated."""
    wanted = select(Task).where(Task.kind == TaskKind.NOT_READY, Task.closed_at.is_(None))
    return list(uow.session.scalars(wanted))


def ending_orders(uow: UnitOfWork, *, first: date, last: date) -> list[tuple[Order, TreatmentPlan]]:
    """Return the orders of active plans whose validity ends in a span of days."""
    rows = uow.session.execute(
        select(Order, TreatmentPlan)
        .join(TreatmentPlan, TreatmentPlan.order_id == Order.id)
        .where(
            TreatmentPlan.status == PlanStatus.ACTIVE,
            Order.valid_until >= first,
            Order.valid_until <= last,
        )
        .order_by(Order.valid_until)
    )
    return [(order, plan) for order, plan in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseAhead:
    """A dose that was not given yet; where and when it is booked, if it is."""

    dose: PlannedDose
    starts_at: Instant | None
    center_id: CenterId | None


def doses_ahead(uow: UnitOfWork, plan_ids: Iterable[PlanId], *, by: Instant) -> list[DoseAhead]:
    """Return the doses of plans whose window opens, or whose visit starts, by some instant; overdue ones too."""
    holds = and_(
        AppointmentItem.dose_id == PlannedDose.id,
        AppointmentItem.live,
        AppointmentItem.dropped_at.is_(None),
    )
    rows = uow.session.execute(
        select(PlannedDose, Appointment.starts_at, Appointment.center_id)
        .outerjoin(AppointmentItem, holds)
        .outerjoin(Appointment, Appointment.id == AppointmentItem.appointment_id)
        .where(
            PlannedDose.plan_id.in_(list(plan_ids)),
            PlannedDose.state == DoseState.PLANNED,
            or_(PlannedDose.earliest <= by.date(), Appointment.starts_at <= by),
        )
        .order_by(PlannedDose.plan_id, PlannedDose.ordinal)
    )
    return [DoseAhead(dose=d, starts_at=start, center_id=center) for d, start, center in rows]


def plans_that_end(
    uow: UnitOfWork, *, versions: Iterable[RegimenVersionId], by: date
) -> list[TreatmentPlan]:
    """Return active plans under some versions, of living patients, none of whose doses is due after a day."""
    later = exists().where(
        PlannedDose.plan_id == TreatmentPlan.id,
        PlannedDose.state == DoseState.PLANNED,
        PlannedDose.due_on > by,
    )
    wanted = (
        select(TreatmentPlan)
        .join(Patient, Patient.id == TreatmentPlan.patient_id)
        .where(
            TreatmentPlan.status == PlanStatus.ACTIVE,
            TreatmentPlan.regimen_version_id.in_(list(versions)),
            Patient.deceased_on.is_(None),
            ~later,
        )
    )
    return list(uow.session.scalars(wanted.order_by(TreatmentPlan.id)))


def reviews_of_phases(uow: UnitOfWork, lead: str) -> list[Task]:
    """Return the tasks, open or closed, whose lead begins like this; they are about plans."""
    wanted = select(Task).where(Task.kind == TaskKind.REVIEW, Task.lead.startswith(lead))
    return list(uow.session.scalars(wanted.order_by(Task.id)))


def reviews_about(uow: UnitOfWork, lead: str, subject_ids: Iterable[UUID]) -> list[Task]:
    """Return the reviews with a lead: all open ones, and of these subjects the closed ones too."""
    about = Task.subject_id.in_(list(subject_ids))
    wanted = select(Task).where(
        Task.kind == TaskKind.REVIEW, Task.lead == lead, or_(Task.closed_at.is_(None), about)
    )
    return list(uow.session.scalars(wanted.order_by(Task.id)))


def reviews_without_visit(uow: UnitOfWork, lead: str) -> list[Task]:
    """Return the open reviews about doses of active plans whose lead begins like this, once no visit holds the dose."""
    on_visit = exists().where(AppointmentItem.dose_id == Task.dose_id, AppointmentItem.live)
    wanted = (
        select(Task)
        .join(TreatmentPlan, TreatmentPlan.id == Task.plan_id)
        .where(
            Task.kind == TaskKind.REVIEW,
            Task.lead.startswith(lead),
            Task.closed_at.is_(None),
            TreatmentPlan.status == PlanStatus.ACTIVE,
            ~on_visit,
        )
    )
    return list(uow.session.scalars(wanted.order_by(Task.id)))
