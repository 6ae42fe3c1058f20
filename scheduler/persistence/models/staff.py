"""Staff, their roles and competencies, sessions, invitations and API tokens."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import CenterId, SessionId, StaffId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Tenant, Text, Version, Word, tenant
from scheduler.persistence.encryption import SealedText


class Staff(Tenant, Base):
    """A person who signs in. The address is sealed; ``email_index`` finds it (unique everywhere)."""

    __tablename__ = "staff"
    __table_args__ = tenant(UniqueConstraint("email_index"))

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    name_sealed: Mapped[bytes | None]
    name = SealedText()
    email_sealed: Mapped[bytes | None]
    email = SealedText()
    email_index: Mapped[bytes]
    password_hash: Mapped[Text] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[Word] = mapped_column(default="system")
    language: Mapped[Word] = mapped_column(default="en")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class StaffRole(Tenant, Base):
    """A role of a person at a center."""

    __tablename__ = "staff_role"
    __table_args__ = tenant(
        UniqueConstraint("staff_id", "center_id", "role"),
        staff_id="staff",
        center_id="center",
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    staff_id: Mapped[StaffId]
    center_id: Mapped[CenterId]
    role: Mapped[Role]


class Competency(Tenant, Base):
    """What a nurse may do beyond the ordinary (first_dose, port, chemotherapy), until a day."""

    __tablename__ = "competency"
    __table_args__ = tenant(UniqueConstraint("staff_id", "code"), staff_id="staff")

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    staff_id: Mapped[StaffId]
    code: Mapped[Word]
    expires_on: Mapped[date | None]


class StaffSession(Tenant, Base):
    """A signed-in browser: the cookie holds a secret, the row its hash. Ended sessions stay for the audit."""

    __tablename__ = "staff_session"
    __table_args__ = tenant(
        UniqueConstraint("secret_hash"),
        Index("ix_staff_session_staff", "staff_id"),
        staff_id="staff",
    )

    id: Mapped[SessionId] = mapped_column(primary_key=True)
    staff_id: Mapped[StaffId]
    center_id: Mapped[CenterId]
    secret_hash: Mapped[bytes]
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    locked_at: Mapped[Instant | None]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class Throttle(Base):
    """Failed tries per blind key (address of a person, of a network, a link): sign-ins and birth dates."""

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[Instant]
    blocked_until: Mapped[Instant | None]


class Invitation(Tenant, Base):
    """A one-time link by which a person sets a password: invited, or reset."""

    __tablename__ = "invitation"
    __table_args__ = tenant(UniqueConstraint("secret_hash"), staff_id="staff")

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    staff_id: Mapped[StaffId]
    secret_hash: Mapped[bytes]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class ApiToken(Tenant, Base):
    """A bearer token of 256 bits; only its hash is stored. Scoped to organization, center and role."""

    __tablename__ = "api_token"
    __table_args__ = tenant(UniqueConstraint("secret_hash"), center_id="center")

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    role: Mapped[Role]
    name: Mapped[Word]
    secret_hash: Mapped[bytes]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class IdempotencyKey(Tenant, Base):
    """What a key was answered with, so that a double press or a repeated call happens once."""

    __tablename__ = "idempotency_key"
    __table_args__ = tenant(
        UniqueConstraint("key", "organization_id"),
        CheckConstraint("length(key) <= 80", name="key_length"),
        Index("ix_idempotency_key_created", "created_at"),
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    key: Mapped[Word]
    request_hash: Mapped[bytes]
    result: Mapped[Text]
    created_at: Mapped[Instant]
