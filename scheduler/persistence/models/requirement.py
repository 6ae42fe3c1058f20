"""Requirements, coverage and authorizations, REMS enrolment and drug supply."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import CenterId, DoseId, PatientId, PlanId, StaffId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Tenant, Version, Word, tenant
from scheduler.persistence.encryption import SealedText


class Requirement(Tenant, Base):
    """The state of one requirement of a plan, or of one of its doses.

    ``code`` is the regimen's id for it. ``result_on`` is the day of the sample or document, ``valid_until``
    the last day on which it holds.
    """

    __tablename__ = "requirement"
    __table_args__ = tenant(
        Index("ix_requirement_plan", "plan_id", "code"),
        CheckConstraint("kind IN ('before_day', 'at_chair')", name="kind"),
        patient_id="patient",
        plan_id="treatment_plan",
        dose_id="planned_dose",
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    plan_id: Mapped[PlanId]
    dose_id: Mapped[DoseId | None]
    code: Mapped[Word]
    kind: Mapped[Word] = mapped_column(default="before_day")
    status: Mapped[RequirementStatus] = mapped_column(default=RequirementStatus.NEEDED)
    result_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    note_sealed: Mapped[bytes | None]
    note = SealedText()
    changed_at: Mapped[Instant]
    changed_by: Mapped[Word] = mapped_column(default="")
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class Coverage(Tenant, Base):
    """Who pays for a patient."""

    __tablename__ = "coverage"
    __table_args__ = tenant(Index("ix_coverage_patient", "patient_id"), patient_id="patient")

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    payer_sealed: Mapped[bytes | None]
    payer = SealedText()
    member_sealed: Mapped[bytes | None]
    member = SealedText()
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]


class Authorization(Tenant, Base):
    """A prior authorization: dates, and units or visits."""

    __tablename__ = "prior_authorization"
    __table_args__ = tenant(
        Index("ix_prior_authorization_plan", "plan_id"),
        CheckConstraint("until_day >= from_day", name="until_after_from"),
        patient_id="patient",
        plan_id="treatment_plan",
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    plan_id: Mapped[PlanId]
    status: Mapped[AuthorizationStatus]
    number_sealed: Mapped[bytes | None]
    number = SealedText()
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]
    visits: Mapped[int | None]
    units: Mapped[Decimal | None]
    changed_at: Mapped[Instant]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class AuthorizationUse(Tenant, Base):
    """What a given dose took from an authorization; only a person gives back."""

    __tablename__ = "authorization_use"
    __table_args__ = tenant(
        UniqueConstraint("authorization_id", "dose_id"),
        authorization_id="prior_authorization",
        dose_id="planned_dose",
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    authorization_id: Mapped[PlanId]
    dose_id: Mapped[DoseId]
    units: Mapped[Decimal]
    visits: Mapped[int] = mapped_column(default=1)
    given_back_at: Mapped[Instant | None]


class RemsEnrolment(Tenant, Base):
    """Enrolment in a product's REMS program, until a day: of a patient, a prescriber or a center as its site."""

    __tablename__ = "rems_enrolment"
    __table_args__ = tenant(
        Index("ix_rems_enrolment_patient", "patient_id", "program"),
        patient_id="patient",
        center_id="center",
    )

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId | None]
    program: Mapped[Word]
    subject: Mapped[Word]
    enrolled_on: Mapped[date]
    valid_until: Mapped[date | None]
    center_id: Mapped[CenterId | None]
    prescriber_sealed: Mapped[bytes | None]
    prescriber = SealedText()
    recorded_by: Mapped[StaffId | None]
    recorded_at: Mapped[Instant]


class Supply(Tenant, Base):
    """Drug for a dose: where it comes from, received and allocated amounts."""

    __tablename__ = "supply"
    __table_args__ = tenant(
        Index("ix_supply_plan", "plan_id"),
        plan_id="treatment_plan",
        dose_id="planned_dose",
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    plan_id: Mapped[PlanId]
    dose_id: Mapped[DoseId | None]
    route: Mapped[Word] = mapped_column(default="stock")
    status: Mapped[Word] = mapped_column(default="needed")
    expected_on: Mapped[date | None]
    received_on: Mapped[date | None]
    received_amount: Mapped[Decimal | None]
    allocated_amount: Mapped[Decimal | None]
    lot: Mapped[Word] = mapped_column(default="")
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy
