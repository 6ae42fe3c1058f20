"""Regimen versions and approvals, orders, treatment plans, planned and given doses."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    DoseId,
    GivenDoseId,
    OrderId,
    PatientId,
    PlanId,
    RegimenVersionId,
    StaffId,
)
from scheduler.domain.plans import (
    ApprovalState,
    DoseState,
    GivenOutcome,
    GivenSource,
    OrderKind,
    PlanStatus,
)
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Tenant, Text, Version, Word, tenant
from scheduler.persistence.encryption import SealedText
from scheduler.persistence.models.planned_days import PlannedDays


class RegimenVersion(Base):
    """One version of a dosing rule; the same for all organizations, or a local one of its owner.

    A local one says from which version it was copied, and who made it.
    """

    __tablename__ = "regimen_version"
    __table_args__ = (UniqueConstraint("regimen", "version", "owner_id"),)

    id: Mapped[RegimenVersionId] = mapped_column(primary_key=True)
    regimen: Mapped[Word]
    version: Mapped[int]
    owner_id: Mapped[CenterId | None] = mapped_column(ForeignKey("organization.id"))
    digest: Mapped[Word]
    body: Mapped[Text]
    loaded_at: Mapped[Instant]
    copied_from: Mapped[RegimenVersionId | None] = mapped_column(ForeignKey("regimen_version.id"))
    made_by: Mapped[StaffId | None]


class RegimenApproval(Tenant, Base):
    """Who approved (or retired) a regimen version for an organization, and when; the last one holds."""

    __tablename__ = "regimen_approval"
    __table_args__ = tenant(Index("ix_regimen_approval_version", "regimen_version_id"))

    id: Mapped[RegimenVersionId] = mapped_column(primary_key=True)
    regimen_version_id: Mapped[RegimenVersionId] = mapped_column(ForeignKey("regimen_version.id"))
    state: Mapped[ApprovalState]
    at: Mapped[Instant]
    staff_id: Mapped[StaffId | None]
    second_staff_id: Mapped[StaffId | None]
    document: Mapped[Text] = mapped_column(default="")


class RegimenChoice(Tenant, Base):
    """How an organization reads an ambiguous value of a regimen."""

    __tablename__ = "regimen_choice"
    __table_args__ = tenant(UniqueConstraint("regimen", "name", "organization_id"))

    id: Mapped[RegimenVersionId] = mapped_column(primary_key=True)
    regimen: Mapped[Word]
    name: Mapped[Word]
    value: Mapped[Word]
    at: Mapped[Instant]
    staff_id: Mapped[StaffId | None]


class RegimenConfirmation(Tenant, Base):
    """A pharmacist has confirmed one number of a regimen against a document; rows are only added.

    It holds for every version in which the number reads the same: ``value`` is its words and basis.
    """

    __tablename__ = "regimen_confirmation"
    __table_args__ = tenant(
        Index("ix_regimen_confirmation_regimen", "regimen"),
    )

    id: Mapped[RegimenVersionId] = mapped_column(primary_key=True)
    regimen: Mapped[Word]
    item: Mapped[Word]
    value: Mapped[Text]
    document: Mapped[Text]
    at: Mapped[Instant]
    staff_id: Mapped[StaffId | None]


class Order(Tenant, Base):
    """The prescriber's order: regimen, product, new start or continuing, how long it holds."""

    __tablename__ = "prescriber_order"
    __table_args__ = tenant(
        CheckConstraint("valid_until >= signed_on", name="valid_after_signed"),
        Index("ix_prescriber_order_patient", "patient_id"),
        patient_id="patient",
        center_id="center",
    )

    id: Mapped[OrderId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    center_id: Mapped[CenterId]
    regimen_version_id: Mapped[RegimenVersionId] = mapped_column(ForeignKey("regimen_version.id"))
    product: Mapped[Word]
    substitution: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[OrderKind]
    indication: Mapped[Word] = mapped_column(default="")
    prescriber_sealed: Mapped[bytes | None]
    prescriber = SealedText()
    signed_on: Mapped[date]
    valid_until: Mapped[date]
    ordered_amount: Mapped[Decimal | None]
    calculated_amount: Mapped[Decimal | None]
    rounded_amount: Mapped[Decimal | None]
    unit: Mapped[Word] = mapped_column(default="mg")
    rate_profile: Mapped[Word] = mapped_column(default="")
    overrides: Mapped[Text] = mapped_column(default="{}")
    prior_amount: Mapped[Decimal | None]
    created_at: Mapped[Instant]


class TreatmentPlan(Tenant, Base):
    """One patient's course under one regimen version. ``until`` is how far the doses are laid out."""

    __tablename__ = "treatment_plan"
    __table_args__ = tenant(
        UniqueConstraint("order_id"),
        Index("ix_treatment_plan_patient", "patient_id"),
        Index("ix_treatment_plan_status", "status"),
        patient_id="patient",
        order_id="prescriber_order",
        center_id="center",
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    order_id: Mapped[OrderId]
    center_id: Mapped[CenterId]
    regimen_version_id: Mapped[RegimenVersionId] = mapped_column(ForeignKey("regimen_version.id"))
    ingredient: Mapped[Word]
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.ACTIVE)
    first_day: Mapped[date]
    until: Mapped[date]
    review_on: Mapped[date | None]
    wished_weekdays: Mapped[Word] = mapped_column(default="")
    wished_time: Mapped[Word] = mapped_column(default="")
    keep_grid: Mapped[Text] = mapped_column(default="")
    created_at: Mapped[Instant]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class PlanEvent(Tenant, Base):
    """A plan was held, resumed, stopped, completed, transferred, recalculated; append-only."""

    __tablename__ = "plan_event"
    __table_args__ = tenant(Index("ix_plan_event_plan", "plan_id", "at"), plan_id="treatment_plan")

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    plan_id: Mapped[PlanId]
    kind: Mapped[Word]
    at: Mapped[Instant]
    on_day: Mapped[date]
    until: Mapped[date | None]
    reason_sealed: Mapped[bytes | None]
    reason = SealedText()
    corrects: Mapped[PlanId | None]
    actor_name: Mapped[Word] = mapped_column(default="")


class PlannedDose(Tenant, PlannedDays, Base):
    """One dose of a plan; the ordinal never changes. Minutes are the visit's steps.

    Booked is read from the live appointment. ``missed_at`` is when a person said that it was missed.
    """

    __tablename__ = "planned_dose"
    __table_args__ = tenant(
        UniqueConstraint("plan_id", "ordinal"),
        CheckConstraint("earliest <= latest", name="window"),
        Index("ix_planned_dose_patient", "patient_id"),
        Index("ix_planned_dose_latest", "state", "latest"),
        plan_id="treatment_plan",
        patient_id="patient",
    )

    id: Mapped[DoseId] = mapped_column(primary_key=True)
    plan_id: Mapped[PlanId]
    patient_id: Mapped[PatientId]
    ordinal: Mapped[int]
    phase: Mapped[Word]
    course: Mapped[int | None]
    course_day: Mapped[int | None]
    amount: Mapped[Decimal | None]
    unit: Mapped[Word] = mapped_column(default="mg")
    intake: Mapped[int]
    iv_start: Mapped[int]
    premedication: Mapped[int]
    infusion: Mapped[int]
    observation: Mapped[int]
    discharge: Mapped[int]
    turnover: Mapped[int]
    engine_status: Mapped[Word] = mapped_column(default="ok")
    reasons: Mapped[Text] = mapped_column(default="[]")
    state: Mapped[DoseState] = mapped_column(default=DoseState.PLANNED)
    missed_at: Mapped[Instant | None]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def patient_minutes(self) -> int:
        """Minutes from arrival to leaving."""
        steps = self.intake + self.iv_start + self.premedication + self.infusion
        return steps + self.observation + self.discharge


class GivenDose(Tenant, Base):
    """A fact: what was given, when, how much. Append-only; a correction is a new row that names the old.

    Keyed by ingredient, so that a minimum gap holds across plans, products, routes and centers.
    """

    __tablename__ = "given_dose"
    __table_args__ = tenant(
        UniqueConstraint("corrects"),
        Index(
            "ix_given_dose_patient",
            "patient_id",
            "ingredient",
            "given_on",
        ),
        Index("ix_given_dose_appointment", "appointment_id"),
        Index("ix_given_dose_dose", "dose_id"),
        CheckConstraint("outcome = 'none' OR amount > 0", name="amount"),
        patient_id="patient",
        plan_id="treatment_plan",
        dose_id="planned_dose",
    )

    id: Mapped[GivenDoseId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    ingredient: Mapped[Word]
    regimen: Mapped[Word] = mapped_column(default="")
    plan_id: Mapped[PlanId | None]
    dose_id: Mapped[DoseId | None]
    ordinal: Mapped[int | None]
    appointment_id: Mapped[AppointmentId | None]
    outcome: Mapped[GivenOutcome]
    given_on: Mapped[date]
    amount: Mapped[Decimal | None]
    unit: Mapped[Word] = mapped_column(default="mg")
    per_m2: Mapped[Decimal | None]
    product: Mapped[Word] = mapped_column(default="")
    lot: Mapped[Word] = mapped_column(default="")
    place_in_clear: Mapped[Word] = mapped_column("place", default="")
    place_sealed: Mapped[bytes | None]
    place = SealedText(open_before="place_in_clear")
    source: Mapped[GivenSource] = mapped_column(default=GivenSource.HERE)
    reason_sealed: Mapped[bytes | None]
    reason = SealedText()
    given_by: Mapped[StaffId | None]
    recorded_at: Mapped[Instant]
    corrects: Mapped[GivenDoseId | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Recalculation(Tenant, Base):
    """Old and new dates of the rest of a plan, waiting for a person, or what came of them."""

    __tablename__ = "recalculation"
    __table_args__ = tenant(
        Index("ix_recalculation_plan", "plan_id", "state"), plan_id="treatment_plan"
    )

    id: Mapped[PlanId] = mapped_column(primary_key=True)
    plan_id: Mapped[PlanId]
    cause: Mapped[Word]
    state: Mapped[Word] = mapped_column(default="open")
    proposal: Mapped[Text]
    created_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[Word] = mapped_column(default="")
