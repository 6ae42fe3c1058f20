"""Queries on the links in patients' mails."""

from dataclasses import dataclass

from sqlalchemy import func, select

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    MessageId,
    OrganizationId,
    PatientId,
)
from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Appointment, Center, Contact, Organization, PatientLink
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """A link with what its pages show before the birth date is known, in one query."""

    link_id: MessageId
    scope: str
    patient_id: PatientId
    contact_id: ContactId
    appointment_id: AppointmentId | None
    expires_at: Instant
    revoked_at: Instant | None
    organization_id: OrganizationId
    mode: OrganizationMode
    clock_offset_seconds: int
    language: str
    center_id: CenterId
    neutral_name: str
    zone: str
    phone_open: str


def link_facts(uow: UnitOfWork, secret_hash: bytes) -> LinkFacts | None:
    """Return the link of a secret, from across organizations; its center is the visit's, or the first."""
    first = (
        select(Center.id)
        .where(Center.organization_id == PatientLink.organization_id)
        .order_by(Center.id)
        .limit(1)
        .correlate(PatientLink)
        .scalar_subquery()
    )
    visited = (
        select(Appointment.center_id)
        .where(Appointment.id == PatientLink.appointment_id)
        .correlate(PatientLink)
        .scalar_subquery()
    )
    wanted = (
        select(
            PatientLink.id.label("link_id"),
            PatientLink.scope,
            PatientLink.patient_id,
            PatientLink.contact_id,
            PatientLink.appointment_id,
            PatientLink.expires_at,
            PatientLink.revoked_at,
            PatientLink.organization_id,
            Organization.mode,
            Organization.clock_offset_seconds,
            Contact.language,
            Center.id.label("center_id"),
            Center.neutral_name,
            Center.zone,
            Center.phone_open,
        )
        .join(Organization, Organization.id == PatientLink.organization_id)
        .join(Contact, Contact.id == PatientLink.contact_id)
        .join(Center, Center.id == func.coalesce(visited, first))
        .where(PatientLink.secret_hash == secret_hash)
    )
    row = uow.session.execute(wanted).one_or_none()
    return LinkFacts(**row._mapping) if row is not None else None  # noqa: SLF001 - SQLAlchemy's public name


def link(uow: UnitOfWork, link_id: MessageId) -> PatientLink | None:
    """Return a link of the organization."""
    return uow.session.get(PatientLink, link_id)
