"""The record: changes that can be undone, and the append-only audit with its hash chain."""

from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import ChangeId, OrganizationId, PatientId, StaffId
from scheduler.domain.roles import ActorKind
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Tenant, Text, Word, tenant
from scheduler.persistence.encryption import SealedText


class Change(Tenant, Base):
    """A change that its author may undo until ``undo_until``; ``before`` is what undo puts back."""

    __tablename__ = "change"
    __table_args__ = tenant(Index("ix_change_undo", "undo_until"))

    id: Mapped[ChangeId] = mapped_column(primary_key=True)
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[StaffId | None]
    kind: Mapped[Word]
    words: Mapped[Word] = mapped_column(default="")
    before_sealed: Mapped[bytes | None]
    before = SealedText()
    at: Mapped[Instant]
    undo_until: Mapped[Instant]
    undone_at: Mapped[Instant | None]


class AuditHead(Base):
    """The last link of an organization's audit chain: locked last in every transaction."""

    __tablename__ = "audit_head"
    __table_args__ = (PrimaryKeyConstraint("organization_id"),)

    organization_id: Mapped[OrganizationId] = mapped_column(ForeignKey("organization.id"))
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[bytes]


class Audit(Tenant, Base):
    """Who did or saw what, when, before and after; one hash chain per organization over what is stored.

    Reasons are typed by people and so are sealed; entries older than that have theirs in the clear, since a
    record cannot be changed.
    """

    __tablename__ = "audit"
    __table_args__ = tenant(
        UniqueConstraint("sequence", "organization_id"),
        Index("ix_audit_patient", "patient_id", "sequence"),
    )

    id: Mapped[ChangeId] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Instant]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[UUID | None]
    actor_name_sealed: Mapped[bytes | None]
    actor_name = SealedText()
    action: Mapped[Word]
    entity: Mapped[Word]
    entity_id: Mapped[UUID | None]
    patient_id: Mapped[PatientId | None]
    before_sealed: Mapped[bytes | None]
    before = SealedText()
    after_sealed: Mapped[bytes | None]
    after = SealedText()
    reason_in_clear: Mapped[Text] = mapped_column("reason", default="")
    reason_sealed: Mapped[bytes | None]
    reason = SealedText()
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
