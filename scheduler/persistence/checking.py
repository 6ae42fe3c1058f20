"""What ``scheduler check`` reads beside the days: the audit chain, parked rows, messages and plans."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import PlanId
from scheduler.domain.messages import UNSENT, MessageKind
from scheduler.domain.plans import DoseState, GivenOutcome, PlanStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.audit import START, link
from scheduler.persistence.constraints import rule_names
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Audit,
    AuditHead,
    ContactTold,
    GivenDose,
    Message,
    Patient,
    PatientSearch,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.patients import index_of
from scheduler.persistence.unit_of_work import UnitOfWork

BATCH = 500


def broken_links(uow: UnitOfWork) -> Iterator[int]:
    """Yield the places in the audit chain at which an entry does not follow from the one before."""
    before, place = START, 0
    columns = [getattr(Audit, each.key) for each in Audit.__mapper__.column_attrs]
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
    ends = (head.sequence, head.hash) if head is not None else (0, START)
    if ends != (place, before):
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
    """Return unsent messages about visits that are off, or any under a revision that never was."""
    off = Message.status.in_(UNSENT) & (Message.kind != MessageKind.CANCELLED)
    wanted = (
        select(Message.id)
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(
            (off & (Appointment.status == AppointmentStatus.CANCELLED))
            | (Message.notice_revision > Appointment.notice_revision)
        )
    )
    return list(uow.session.scalars(wanted))


def unsent_of_visits(uow: UnitOfWork) -> list[tuple[Message, Appointment]]:
    """Return unsent messages about one visit that is on, under its present notice revision."""
    wanted = (
        select(Message, Appointment)
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(
            Message.status.in_(UNSENT),
            Message.subject_kind == "appointment",
            Message.kind != MessageKind.CANCELLED,
            Message.notice_revision == Appointment.notice_revision,
            Appointment.live,
        )
    )
    return [(message, visit) for message, visit in uow.session.execute(wanted)]


def told_of_visits(uow: UnitOfWork) -> list[tuple[ContactTold, Appointment]]:
    """Return what contacts know of visits that are still on, under their present notice revision."""
    wanted = (
        select(ContactTold, Appointment)
        .join(Appointment, Appointment.id == ContactTold.appointment_id)
        .where(
            ContactTold.notice_revision == Appointment.notice_revision,
            Appointment.status == AppointmentStatus.BOOKED,
        )
    )
    return [(told, visit) for told, visit in uow.session.execute(wanted)]


def unlike_given(uow: UnitOfWork) -> list[UUID]:
    """Return doses that are marked given without a fact that says so, or the other way round.

    A fact holds until a later row corrects or withdraws it.
    """
    later = aliased(GivenDose)
    corrected = select(later.id).where(later.corrects == GivenDose.id)
    fact = select(GivenDose.id).where(
        GivenDose.dose_id == PlannedDose.id,
        GivenDose.withdrawn.is_(False),
        GivenDose.outcome != GivenOutcome.NONE,
        ~corrected.exists(),
    )
    is_given = PlannedDose.state == DoseState.GIVEN
    wanted = select(PlannedDose.id).where(is_given != fact.exists())
    return list(uow.session.scalars(wanted))


def live_spans(uow: UnitOfWork) -> list[tuple[UUID, Instant, Instant, Instant, str]]:
    """Return id, start, end, end of cleaning and footprint of each live visit."""
    columns = (
        Appointment.id,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.chair_free_at,
        Appointment.footprint,
    )
    wanted = select(*columns).where(Appointment.live)
    return [(a, b, c, d, e) for a, b, c, d, e in uow.session.execute(wanted)]


def overlapping(uow: UnitOfWork) -> list[UUID]:
    """Return live visits that begin in a chair before the one ahead has left it."""
    other = aliased(Appointment)
    wanted = (
        select(Appointment.id)
        .join(other, other.chair_key == Appointment.chair_key)
        .where(
            Appointment.live,
            other.live,
            other.id != Appointment.id,
            other.starts_at <= Appointment.starts_at,
            other.chair_free_at > Appointment.starts_at,
        )
    )
    return list(uow.session.scalars(wanted.distinct()))


def found_differently(uow: UnitOfWork) -> Iterator[UUID]:
    """Yield patients who are not found by exactly what their names, number and birth date are."""
    stored: dict[UUID, set[bytes]] = {}
    for patient_id, hmac in uow.session.execute(
        select(PatientSearch.patient_id, PatientSearch.hmac)
    ):
        stored.setdefault(patient_id, set()).add(hmac)
    for row in uow.session.scalars(select(Patient).execution_options(yield_per=BATCH)):
        if stored.pop(row.id, set()) != index_of(row):
            yield row.id
    yield from stored


def missing_rules(uow: UnitOfWork) -> list[str]:
    """Return what should refuse overlaps and changed records in this database, but is not there."""
    if uow.is_postgresql:
        names = "SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    else:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    there = set(uow.session.scalars(text(names)))
    return [name for name in rule_names(postgresql=uow.is_postgresql) if name not in there]


def running(uow: UnitOfWork) -> list[PlanId]:
    """Return the plans that are active."""
    wanted = select(TreatmentPlan.id).where(TreatmentPlan.status == PlanStatus.ACTIVE)
    return list(uow.session.scalars(wanted.order_by(TreatmentPlan.id)))
