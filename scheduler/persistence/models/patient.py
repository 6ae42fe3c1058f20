"""Patients, what is known of them, their contacts and what those agreed to."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import ContactId, PatientId, PlanId
from scheduler.domain.people import (
    AddressStatus,
    CalendarMode,
    ChairKind,
    Channel,
    ConsentKind,
    PrivacyLevel,
    Relation,
)
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Key, Tenant, Version, Word, tenant
from scheduler.persistence.encryption import SealedText


class Patient(Tenant, Base):
    """A patient of the organization. ``key`` lets the database refuse two places at once."""

    __tablename__ = "patient"
    __table_args__ = tenant()

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    key: Mapped[Key] = mapped_column(unique=True)
    given_name_sealed: Mapped[bytes | None]
    given_name = SealedText()
    family_name_sealed: Mapped[bytes | None]
    family_name = SealedText()
    name_to_use_sealed: Mapped[bytes | None]
    name_to_use = SealedText()
    birth_date_text_sealed: Mapped[bytes | None]
    birth_date_text = SealedText()
    mrn_sealed: Mapped[bytes | None]
    mrn = SealedText()
    sex: Mapped[Word] = mapped_column(default="unknown")
    childbearing: Mapped[bool | None]
    spoken_language: Mapped[Word] = mapped_column(default="en")
    written_language: Mapped[Word] = mapped_column(default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    iv_access_in_clear: Mapped[Word] = mapped_column("iv_access", default="")
    iv_access_sealed: Mapped[bytes | None]
    iv_access = SealedText(open_before="iv_access_in_clear")
    isolation_until: Mapped[date | None]
    needs_kind: Mapped[ChairKind | None]
    needs_near_nurses: Mapped[bool] = mapped_column(default=False)
    needs_lift: Mapped[bool] = mapped_column(default=False)
    wished_weekdays: Mapped[Word] = mapped_column(default="")
    wished_time: Mapped[Word] = mapped_column(default="")
    note_sealed: Mapped[bytes | None]
    note = SealedText()
    messages_paused_until: Mapped[date | None]
    deceased_on: Mapped[date | None]
    merged_into: Mapped[PatientId | None]
    created_at: Mapped[Instant]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def birth_date(self) -> date:
        """The birth date, opened from its sealed column."""
        return date.fromisoformat(self.birth_date_text)

    @property
    def name(self) -> str:
        """Given and family name as one."""
        return f"{self.given_name} {self.family_name}".strip()


class PatientSearch(Tenant, Base):
    """Keyed hashes by which a patient is found: name prefixes of 2 to 10 letters, MRN, birth date."""

    __tablename__ = "patient_search"
    __table_args__ = (
        PrimaryKeyConstraint("hmac", "patient_id", "organization_id"),
        *tenant(patient_id="patient")[1:],
        Index("ix_patient_search_patient", "patient_id"),
    )

    hmac: Mapped[bytes]
    patient_id: Mapped[PatientId]


class Measure(Tenant, Base):
    """A dated weight (kg) or height (cm)."""

    __tablename__ = "measure"
    __table_args__ = tenant(
        CheckConstraint("kind IN ('weight', 'height')", name="kind"),
        Index("ix_measure_patient", "patient_id", "kind", "measured_on"),
        patient_id="patient",
    )

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    kind: Mapped[Word]
    value: Mapped[Decimal]
    measured_on: Mapped[date]
    recorded_at: Mapped[Instant]


class Allergy(Tenant, Base):
    """An allergy or an earlier reaction, in free text."""

    __tablename__ = "allergy"
    __table_args__ = tenant(Index("ix_allergy_patient", "patient_id"), patient_id="patient")

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    text_sealed: Mapped[bytes | None]
    text = SealedText()
    kind: Mapped[Word] = mapped_column(default="allergy")
    recorded_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class ClinicalEvent(Tenant, Base):
    """Something dated that happened to a patient, such as plasma exchange; dates and samples count from it.

    ``name`` is what regimens call it. One that only a plan's own days count from, such as a relapse, names the plan.
    """

    __tablename__ = "clinical_event"
    __table_args__ = tenant(
        Index("ix_clinical_event_patient", "patient_id", "on_day"),
        patient_id="patient",
        plan_id="treatment_plan",
    )

    id: Mapped[PatientId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    plan_id: Mapped[PlanId | None]
    name: Mapped[Word]
    on_day: Mapped[date]
    note_sealed: Mapped[bytes | None]
    note = SealedText()
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[Word] = mapped_column(default="")
    withdrawn_at: Mapped[Instant | None]


class Contact(Tenant, Base):
    """Who is told about a patient's visits, where, and how much may be named.

    Two patients may share an address: ``address_index`` is not unique. ``revision`` rises with each change.
    """

    __tablename__ = "contact"
    __table_args__ = tenant(
        Index("ix_contact_patient", "patient_id"),
        Index("ix_contact_address", "address_index"),
        patient_id="patient",
    )

    id: Mapped[ContactId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    relation: Mapped[Relation] = mapped_column(default=Relation.SELF)
    name_sealed: Mapped[bytes | None]
    name = SealedText()
    email_sealed: Mapped[bytes | None]
    email = SealedText()
    phone_sealed: Mapped[bytes | None]
    phone = SealedText()
    address_index: Mapped[bytes | None]
    channel: Mapped[Channel] = mapped_column(default=Channel.EMAIL)
    status: Mapped[AddressStatus] = mapped_column(default=AddressStatus.UNVERIFIED)
    verified_how: Mapped[Word] = mapped_column(default="")
    verified_at: Mapped[Instant | None]
    verified_by: Mapped[Word] = mapped_column(default="")
    kinds: Mapped[Word] = mapped_column(default="all")
    level: Mapped[PrivacyLevel] = mapped_column(default=PrivacyLevel.MINIMAL)
    language: Mapped[Word] = mapped_column(default="en")
    calendar: Mapped[CalendarMode] = mapped_column(default=CalendarMode.FILE)
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class ConsentEvent(Tenant, Base):
    """A consent given or withdrawn; append-only, the last of a contact holds.

    ``how`` is typed by people and so is sealed; older events have theirs in the clear.
    """

    __tablename__ = "consent_event"
    __table_args__ = tenant(
        Index("ix_consent_event_contact", "contact_id", "at"), contact_id="contact"
    )

    id: Mapped[ContactId] = mapped_column(primary_key=True)
    contact_id: Mapped[ContactId]
    kind: Mapped[ConsentKind]
    at: Mapped[Instant]
    how_in_clear: Mapped[Word] = mapped_column("how", default="")
    how_sealed: Mapped[bytes | None]
    how = SealedText(open_before="how_in_clear")
    actor_name: Mapped[Word] = mapped_column(default="")
