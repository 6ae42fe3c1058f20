"""Chairs, nurses and clinic days: what a center has, and how much of it a day uses."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ChairId,
    ClinicDayId,
    DoseId,
    ReservationId,
    StaffId,
)
from scheduler.domain.people import ChairKind
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Key, KeyReference, Tenant, Text, Word, tenant
from scheduler.persistence.encryption import SealedText


class Chair(Tenant, Base):
    """A chair, bed or room. ``key`` is unique everywhere: the exclusion constraint compares integers."""

    __tablename__ = "chair"
    __table_args__ = tenant(
        UniqueConstraint("center_id", "name"),
        UniqueConstraint("key", "center_id"),
        center_id="center",
    )

    id: Mapped[ChairId] = mapped_column(primary_key=True)
    key: Mapped[Key] = mapped_column(unique=True)
    center_id: Mapped[CenterId]
    name: Mapped[Word]
    position: Mapped[int]
    pod: Mapped[Word] = mapped_column(default="")
    kind: Mapped[ChairKind] = mapped_column(default=ChairKind.CHAIR)
    near_nurses: Mapped[bool] = mapped_column(default=False)
    lift: Mapped[bool] = mapped_column(default=False)
    isolation: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class ChairOutage(Tenant, Base):
    """A span in which a chair is out of service."""

    __tablename__ = "chair_outage"
    __table_args__ = tenant(
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_chair_outage_span", "center_id", "starts_at"),
        center_id="center",
        chair_id="chair",
    )

    id: Mapped[ChairId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    chair_id: Mapped[ChairId]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason_in_clear: Mapped[Text] = mapped_column("reason", default="")
    reason_sealed: Mapped[bytes | None]
    reason = SealedText(open_before="reason_in_clear")


class NurseShift(Tenant, Base):
    """A nurse's shift on a weekday from a day on, or on one ``day``; local wall times, lunch inside.

    ``watches`` is how many patients she may watch, if not as many as the center's rule says.
    """

    __tablename__ = "nurse_shift"
    __table_args__ = tenant(
        CheckConstraint("ends > starts", name="ends_after_start"),
        CheckConstraint("watches > 0", name="watches"),
        Index("ix_nurse_shift_center", "center_id", "effective_from"),
        center_id="center",
        staff_id="staff",
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    staff_id: Mapped[StaffId]
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    starts: Mapped[time]
    ends: Mapped[time]
    lunch_from: Mapped[time | None]
    lunch_until: Mapped[time | None]
    watches: Mapped[int | None]


class NurseAbsence(Tenant, Base):
    """A nurse is out on a day, whole or from a time on."""

    __tablename__ = "nurse_absence"
    __table_args__ = tenant(
        Index("ix_nurse_absence_day", "center_id", "day"),
        center_id="center",
        staff_id="staff",
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    staff_id: Mapped[StaffId]
    day: Mapped[date]
    from_time: Mapped[time | None]
    until_time: Mapped[time | None]
    reason_in_clear: Mapped[Word] = mapped_column("reason", default="")
    reason_sealed: Mapped[bytes | None]
    reason = SealedText(open_before="reason_in_clear")
    lifted_at: Mapped[Instant | None]


class ClinicDay(Tenant, Base):
    """One day of one center: the unit of capacity and of locking.

    ``occupancy`` is a little-endian int16 matrix [measure x slot] whose measures ``layout`` names in order;
    ``revision`` rises with anything the board shows; ``fixed`` asks for exact chair assignment.
    """

    __tablename__ = "clinic_day"
    __table_args__ = tenant(UniqueConstraint("center_id", "day"), center_id="center")

    id: Mapped[ClinicDayId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    slot_minutes: Mapped[int]
    first_slot: Mapped[int]
    fixed: Mapped[bool] = mapped_column(default=False)
    layout: Mapped[Text]
    occupancy: Mapped[bytes]
    published_at: Mapped[Instant | None]
    note: Mapped[Text] = mapped_column(default="")


class NurseAssignment(Tenant, Base):
    """Which nurse looks after a visit that day."""

    __tablename__ = "nurse_assignment"
    __table_args__ = tenant(
        UniqueConstraint("appointment_id"),
        ForeignKeyConstraint(
            ["organization_id", "appointment_id"],
            ["appointment.organization_id", "appointment.id"],
        ),
        Index("ix_nurse_assignment_day", "center_id", "day"),
        center_id="center",
        staff_id="staff",
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    day: Mapped[date]
    staff_id: Mapped[StaffId]
    appointment_id: Mapped[AppointmentId]


class NurseChair(Tenant, Base):
    """Which chairs a nurse looks after on a day, whoever comes to sit there."""

    __tablename__ = "nurse_chair"
    __table_args__ = tenant(
        UniqueConstraint("chair_id", "day", "staff_id"),
        Index("ix_nurse_chair_day", "center_id", "day"),
        center_id="center",
        chair_id="chair",
        staff_id="staff",
    )

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    day: Mapped[date]
    chair_id: Mapped[ChairId]
    staff_id: Mapped[StaffId]


class Reservation(Tenant, Base):
    """A place kept for somebody on the phone until an instant; it counts in the day's occupancy.

    ``chair_key`` is the chair it would have now; ``dose_id`` what it is for; ``released_at`` when it was given
    back: booked, let go or over.
    """

    __tablename__ = "reservation"
    __table_args__ = tenant(
        ForeignKeyConstraint(["chair_key", "center_id"], ["chair.key", "chair.center_id"]),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_reservation_until", "reserved_until"),
        Index("ix_reservation_day", "clinic_day_id"),
        Index("ix_reservation_dose", "dose_id"),
        center_id="center",
        clinic_day_id="clinic_day",
        dose_id="planned_dose",
    )

    id: Mapped[ReservationId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    clinic_day_id: Mapped[ClinicDayId]
    dose_id: Mapped[DoseId]
    chair_key: Mapped[KeyReference]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    chair_free_at: Mapped[Instant]
    footprint: Mapped[Text]
    reserved_until: Mapped[Instant]
    staff_id: Mapped[StaffId | None]
    released_at: Mapped[Instant | None]
