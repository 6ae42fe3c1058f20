"""Queries on the visits that messages are about, and the doses those are for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, PatientId, PlanId
from scheduler.domain.messages import BEGUN
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Appointment, AppointmentItem, PlannedDose, TreatmentPlan
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDose:
    """The dose a visit is for, as far as messages care; ``also`` are those that it is for besides."""

    dose_id: DoseId
    plan_id: PlanId
    ingredient: str
    phase: str
    ordinal: int
    also: tuple["VisitDose", ...] = ()

    @property
    def together(self) -> tuple["VisitDose", ...]:
        """All doses of the visit, the first one first."""
        return (self, *self.also)


def appointment(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Appointment, appointment_id)
    if found is None:
        raise NotFoundError("visit")
    return found


DOSES_OF = kept(
    select(AppointmentItem.appointment_id, PlannedDose, TreatmentPlan.ingredient)
    .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
    .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
    .where(
        AppointmentItem.appointment_id.in_(bindparam("appointment_ids", expanding=True)),
        AppointmentItem.dropped_at.is_(None),
    )
    .order_by(AppointmentItem.id)
)


def doses_of(
    uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]
) -> dict[AppointmentId, VisitDose]:
    """Return, by visit, the doses it is for, as the first of them; visits without one are left out."""
    rows = uow.session.execute(DOSES_OF, {"appointment_ids": list(appointment_ids)})
    found: dict[AppointmentId, list[VisitDose]] = {}
    for appointment_id, dose, ingredient in rows:
        one = VisitDose(
            dose_id=dose.id,
            plan_id=dose.plan_id,
            ingredient=ingredient,
            phase=dose.phase,
            ordinal=dose.ordinal,
        )
        found.setdefault(appointment_id, []).append(one)
    return {key: replace(first, also=tuple(rest)) for key, (first, *rest) in found.items()}


def upcoming(
    uow: UnitOfWork, center_id: CenterId, *, after: Instant, before: Instant
) -> list[Appointment]:
    """Return a center's booked visits that start in a span."""
    return _starting(uow, center_id, [AppointmentStatus.BOOKED], after, before)


def begun(
    uow: UnitOfWork, center_id: CenterId, *, after: Instant, until: Instant
) -> list[Appointment]:
    """Return a center's visits that began in a span and were not cancelled, whatever came of them."""
    return _starting(uow, center_id, BEGUN, after, until)


def _starting(
    uow: UnitOfWork,
    center_id: CenterId,
    statuses: Iterable[AppointmentStatus],
    after: Instant,
    until: Instant,
) -> list[Appointment]:
    wanted = select(Appointment).where(
        Appointment.center_id == center_id,
        Appointment.status.in_(statuses),
        Appointment.starts_at > after,
        Appointment.starts_at <= until,
    )
    return list(uow.session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)))


def of_course(uow: UnitOfWork, course_id: AppointmentId) -> list[Appointment]:
    """Return the days of a course that are not over, in order of time."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .where(Appointment.course_id == course_id)
            .order_by(Appointment.starts_at)
        )
    )


def of_plan(uow: UnitOfWork, plan_id: PlanId, *, after: Instant) -> list[Appointment]:
    """Return the booked visits of a plan after an instant, in order of time."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
            .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
            .where(
                PlannedDose.plan_id == plan_id,
                AppointmentItem.dropped_at.is_(None),
                Appointment.status == AppointmentStatus.BOOKED,
                Appointment.starts_at > after,
            )
            .order_by(Appointment.starts_at)
        ).unique()
    )


def of_patient(uow: UnitOfWork, patient_id: PatientId, *, after: Instant) -> list[Appointment]:
    """Return a patient's booked visits that end after an instant, in order of time."""
    return list(
        uow.session.scalars(
            select(Appointment)
            .where(
                Appointment.patient_id == patient_id,
                Appointment.status == AppointmentStatus.BOOKED,
                Appointment.ends_at > after,
            )
            .order_by(Appointment.starts_at)
        )
    )
