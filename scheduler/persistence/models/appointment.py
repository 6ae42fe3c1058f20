"""Appointments: one stay in one chair with one or more items."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.appointments import (
    AppointmentStatus,
    CancellationReason,
    ItemKind,
)
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ClinicDayId,
    DoseId,
    ItemId,
    PatientId,
)
from scheduler.domain.timing import Instant
from scheduler.persistence.base import (
    Base,
    KeyReference,
    Tenant,
    Text,
    Version,
    Word,
    tenant,
)
from scheduler.persistence.encryption import SealedText


class ParkingPlace(Base):
    """Always empty: a visit parked here while chairs are re-assigned cannot be committed so."""

    __tablename__ = "parking_place"
    __table_args__ = (CheckConstraint("id = 0 AND id = 1", name="empty"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Appointment(Tenant, Base):
    """One stay in one chair, in UTC instants.

    Live, unparked appointments never overlap in a chair until it is clean (``ex_appointment_chair``), nor for
    one patient (``ex_appointment_patient``): exclusion constraints on PostgreSQL, triggers of the same name
    on SQLite (``persistence/constraints.py``). ``ends_at`` is what the patient is told. What happened
    (arrival to discharge) is stored apart and never refused. ``footprint`` is the visit's share of the
    day's occupancy as it was counted.
    """

    __tablename__ = "appointment"
    __table_args__ = tenant(
        UniqueConstraint("id", "live"),
        ForeignKeyConstraint(["chair_key", "center_id"], ["chair.key", "chair.center_id"]),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("chair_free_at >= ends_at", name="free_after_end"),
        CheckConstraint(
            "live = (status IN ('pending', 'booked', 'arrived', 'fulfilled'))",
            name="live_status",
        ),
        Index("ix_appointment_day", "center_id", "starts_at"),
        Index("ix_appointment_patient", "patient_id", "starts_at"),
        Index("ix_appointment_patient_key", "patient_key", "starts_at"),
        Index("ix_appointment_clinic_day", "clinic_day_id"),
        Index("ix_appointment_course", "course_id"),
        Index("ix_appointment_chair", "chair_key", "starts_at"),
        patient_id="patient",
        center_id="center",
        clinic_day_id="clinic_day",
    )

    id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    clinic_day_id: Mapped[ClinicDayId]
    patient_id: Mapped[PatientId]
    patient_key: Mapped[KeyReference] = mapped_column(ForeignKey("patient.key"))
    chair_key: Mapped[KeyReference]
    pinned: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    chair_free_at: Mapped[Instant]
    parked: Mapped[int | None] = mapped_column(
        ForeignKey("parking_place.id", deferrable=True, initially="DEFERRED")
    )
    footprint: Mapped[Text]
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.BOOKED)
    live: Mapped[bool] = mapped_column(default=True)
    course_id: Mapped[AppointmentId | None]
    override_reason_sealed: Mapped[bytes | None]
    override_reason = SealedText()
    notice_revision: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[Instant | None]
    call_wanted_at: Mapped[Instant | None]
    cannot_come_at: Mapped[Instant | None]
    arrived_at: Mapped[Instant | None]
    weighed_at: Mapped[Instant | None]
    screened_at: Mapped[Instant | None]
    mix_at: Mapped[Instant | None]
    in_chair_at: Mapped[Instant | None]
    infusing_at: Mapped[Instant | None]
    observation_at: Mapped[Instant | None]
    discharged_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    cancellation: Mapped[CancellationReason | None]
    cancellation_note_sealed: Mapped[bytes | None]
    cancellation_note = SealedText()
    booked_at: Mapped[Instant]
    booked_by: Mapped[Word] = mapped_column(default="")
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class AppointmentItem(Tenant, Base):
    """What a visit is for.

    ``live`` follows the appointment (ON UPDATE CASCADE), so that the database keeps a dose on at most one
    live appointment.
    """

    __tablename__ = "appointment_item"
    __table_args__ = tenant(
        ForeignKeyConstraint(
            ["appointment_id", "live"],
            ["appointment.id", "appointment.live"],
            onupdate="CASCADE",
            name="fk_appointment_item_live",
        ),
        Index(
            "uq_appointment_item_live_dose",
            "dose_id",
            unique=True,
            sqlite_where=text("live = 1 AND dropped_at IS NULL"),
            postgresql_where=text("live AND dropped_at IS NULL"),
        ),
        Index("ix_appointment_item_appointment", "appointment_id"),
        Index("ix_appointment_item_dose", "dose_id"),
        appointment_id="appointment",
        dose_id="planned_dose",
    )

    id: Mapped[ItemId] = mapped_column(primary_key=True)
    appointment_id: Mapped[AppointmentId]
    live: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[ItemKind] = mapped_column(default=ItemKind.DOSE)
    dose_id: Mapped[DoseId | None]
    words_in_clear: Mapped[Word] = mapped_column("words", default="")
    words_sealed: Mapped[bytes | None]
    words = SealedText(open_before="words_in_clear")
    dropped_at: Mapped[Instant | None]
