"""Whom a link in a mail stands for, before and after the birth date."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    MessageId,
    OrganizationId,
    PatientId,
)
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, ActorKind
from scheduler.domain.timing import Instant
from scheduler.persistence import links as stored
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import secret_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHolder:
    """Whom a link stands for.

    Args:
        scope: What it is about: visit, or plan for a list of visits.
        phone: Of the center, during its hours.
    """

    link_id: MessageId
    scope: str
    patient_id: PatientId
    contact_id: ContactId
    appointment_id: AppointmentId | None
    organization_id: OrganizationId
    center_id: CenterId
    zone: str
    clock_offset_seconds: int
    is_demonstration: bool
    neutral_name: str
    phone: str
    language: str

    @property
    def actor(self) -> Actor:
        """The contact as the services know it; it has no role."""
        return Actor(kind=ActorKind.PATIENT, id=self.contact_id, name="patient's link")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomToCall:
    """What a page may say to somebody whose link does not open: a neutral name and a phone number.

    Args:
        language: Of the contact; empty when nobody knows the link.
    """

    neutral_name: str
    phone: str
    language: str


def whom_to_call(uow: UnitOfWork, secret: str) -> WhomToCall | None:
    """Return whom to call about a link that is over, or about any link where there is one center alone.

    Args:
        uow: For reading, across organizations.
        secret: From the address.
    """
    with uow:
        facts = stored.link_facts(uow, secret_hash(secret))
        if facts is not None:
            return WhomToCall(
                neutral_name=facts.neutral_name, phone=facts.phone_open, language=facts.language
            )
        known = organizations.centers(uow)
        if len(known) != 1:
            return None
        return WhomToCall(
            neutral_name=known[0].neutral_name, phone=known[0].phone_open, language=""
        )


def recognize_link(uow: UnitOfWork, secret: str, *, now: Instant) -> LinkHolder | None:
    """Return whom a link's secret stands for; None when it is unknown, over or revoked.

    Args:
        uow: For reading, across organizations.
        secret: From the address.
        now: The system's time; a demonstration's own is computed from it.
    """
    with uow:
        facts = stored.link_facts(uow, secret_hash(secret))
    if facts is None or facts.revoked_at is not None:
        return None
    if facts.expires_at <= now + timedelta(seconds=facts.clock_offset_seconds):
        return None
    return LinkHolder(
        link_id=facts.link_id,
        scope=facts.scope,
        patient_id=facts.patient_id,
        contact_id=facts.contact_id,
        appointment_id=facts.appointment_id,
        organization_id=facts.organization_id,
        center_id=facts.center_id,
        zone=facts.zone,
        clock_offset_seconds=facts.clock_offset_seconds,
        is_demonstration=facts.mode is OrganizationMode.DEMONSTRATION,
        neutral_name=facts.neutral_name,
        phone=facts.phone_open,
        language=facts.language,
    )
