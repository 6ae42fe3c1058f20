"""What ``scheduler check`` reads beside the days: the audit chain, parked rows, messages and plans."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import PlanId
from scheduler.domain.messages import UNSENT, MessageKind
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.persistence.audit import START, link
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Audit,
    AuditHead,
    GivenDose,
    Message,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork

BATCH = 500


def broken_links(uow: UnitOfWork) -> Iterator[int]:
    """Yield the places in the audit chain at which an entry does not follow from the one before."""
    before, place = START, 0
    columns = [getattr(Audit, each.key) for each in Audit.__table__.columns]
    chain = select(*columns).order_by(Audit.sequence)
    rows = uow.session.execute(chain.execution_options(yield_per=BATCH)).mappings()
    for row in map(dict, rows):
        place += 1
        if row["sequence"] != place or row["previous_hash"] != before or row["hash"] != link(row):
            yield row["sequence"]
        before = row["hash"]
    head = uow.session.scalar(
        select(AuditHead).where(AuditHead.organization_id == uow.organization_id)
    )
    if head is not None and head.hash != before:
        yield place + 1


def parked_visits(uow: UnitOfWork) -> list[UUID]:
    """Return visits left without a place."""
    return list(uow.session.scalars(select(Appointment.id).where(Appointment.parked.is_not(None))))


def items_unlike_visits(uow: UnitOfWork) -> list[UUID]:
    """Return visits that hold their chair differently from their items."""
    wanted = (
        select(Appointment.id)
        .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
        .where(
            AppointmentItem.live.is_(True),
            Appointment.live.is_(False),
        )
    )
    return list(uow.session.scalars(wanted.distinct()))


def stale_messages(uow: UnitOfWork) -> list[UUID]:
    """Return unsent messages about visits that are off, or about facts that never were."""
    wanted = (
        select(Message.id)
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(
            Message.status.in_(UNSENT),
            Message.kind != MessageKind.CANCELLED,
            (Appointment.status == AppointmentStatus.CANCELLED)
            | (Message.notice_revision > Appointment.notice_revision),
        )
    )
    return list(uow.session.scalars(wanted))


def unlike_given(uow: UnitOfWork) -> list[UUID]:
    """Return doses that are marked given without a fact that says so."""
    fact = select(GivenDose.id).where(
        GivenDose.dose_id == PlannedDose.id, GivenDose.withdrawn.is_(False)
    )
    wanted = select(PlannedDose.id).where(PlannedDose.state == DoseState.GIVEN, ~fact.exists())
    return list(uow.session.scalars(wanted))


def running(uow: UnitOfWork) -> list[PlanId]:
    """Return the plans that are active."""
    wanted = select(TreatmentPlan.id).where(TreatmentPlan.status == PlanStatus.ACTIVE)
    return list(uow.session.scalars(wanted.order_by(TreatmentPlan.id)))
