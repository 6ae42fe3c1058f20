"""Organizations, their centers and the centers' settings, which hold from a day on."""

from datetime import date, time

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import MailMode, OrganizationMode, PrivacyLevel
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Key, Tenant, Text, Version, Word, tenant

CARE = (
    "care_intake",
    "care_iv_start",
    "care_premedication",
    "care_infusion",
    "care_observation",
    "care_discharge",
)


class Organization(Base):
    """The tenant: patients, orders, plans, staff and approvals are its own.

    A demonstration has a clock of its own: ``clock_offset_seconds`` after the system's.
    ``unauthorized`` says what a booking without a prior authorization that holds is: allowed, tentative, refused.
    """

    __tablename__ = "organization"

    id: Mapped[OrganizationId] = mapped_column(primary_key=True)
    name: Mapped[Word]
    mode: Mapped[OrganizationMode] = mapped_column(default=OrganizationMode.LIVE)
    clock_offset_seconds: Mapped[int] = mapped_column(BigInteger, default=0)
    demonstration_seed: Mapped[int | None]
    second_approval: Mapped[bool] = mapped_column(default=False)
    unauthorized: Mapped[Word] = mapped_column(default="allowed", server_default="allowed")
    idle_minutes: Mapped[int] = mapped_column(default=15)
    created_at: Mapped[Instant]


class Center(Tenant, Base):
    """One infusion center: zone, phone numbers, what its mails say of themselves.

    ``settings_mark`` is drawn anew whenever its hours, limits, chairs, nurses or closures change, so
    that what was read under a mark stays true under it (``persistence/settings_marks.py``).
    ``looked_ahead_on`` is the center's day on which the worker last looked for weeks that are short.
    """

    __tablename__ = "center"
    __table_args__ = tenant(CheckConstraint("slot_minutes IN (5, 10, 15)", name="slot_minutes"))

    id: Mapped[CenterId] = mapped_column(primary_key=True)
    name: Mapped[Word]
    neutral_name: Mapped[Word]
    zone: Mapped[Word]
    region: Mapped[Word] = mapped_column(default="US")
    slot_minutes: Mapped[int] = mapped_column(default=15)
    address: Mapped[Text] = mapped_column(default="")
    mail_mode: Mapped[MailMode] = mapped_column(default=MailMode.OUTBOX)
    mail_from: Mapped[Word] = mapped_column(default="")
    mail_host: Mapped[Word] = mapped_column(default="")
    default_level: Mapped[PrivacyLevel] = mapped_column(default=PrivacyLevel.MINIMAL)
    phone_open: Mapped[Word] = mapped_column(default="")
    phone_closed: Mapped[Word] = mapped_column(default="")
    phone_emergency: Mapped[Word] = mapped_column(default="911")
    send_at: Mapped[time] = mapped_column(default=time(9))
    undo_seconds: Mapped[int] = mapped_column(default=30)
    settings_mark: Mapped[Key]
    looked_ahead_on: Mapped[date | None]
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class CenterHours(Tenant, Base):
    """Opening hours of one weekday (0 = Monday) from a day on; no times = closed. Local wall times."""

    __tablename__ = "center_hours"
    __table_args__ = tenant(
        UniqueConstraint("center_id", "effective_from", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("closes > opens", name="closes_after_opens"),
        center_id="center",
    )

    id: Mapped[CenterId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    effective_from: Mapped[date]
    weekday: Mapped[int]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    doors_open: Mapped[time | None]
    mixing_from: Mapped[time | None]
    mixing_until: Mapped[time | None]
    last_drug_end: Mapped[time | None]


class CenterLimits(Tenant, Base):
    """What nurses and starts allow, from a day on.

    ``patients_per_nurse`` is how many a nurse may watch; ``nurse_rule`` is S (starts and patients counted
    apart) or H (a nurse busy with an IV start watches nobody). ``care_*`` is how many patients a nurse can
    look after at once during a step; None as the rule says. ``required_competencies`` are the codes of
    what a visit's nurse must really be able to do, separated by commas. ``keep_minutes`` is how long a
    place is kept for somebody on the phone. Interpreters are in during their hours; the results of labs drawn
    that morning are there at ``labs_back_at``, so that earlier starts suit visits without labs.
    """

    __tablename__ = "center_limits"
    __table_args__ = tenant(
        UniqueConstraint("center_id", "effective_from"),
        CheckConstraint("nurse_rule IN ('S', 'H')", name="nurse_rule"),
        CheckConstraint("patients_per_nurse > 0", name="patients_per_nurse"),
        CheckConstraint("starts_per_nurse > 0", name="starts_per_nurse"),
        CheckConstraint("turnover_minutes >= 0", name="turnover_minutes"),
        *(CheckConstraint(f"{name} > 0", name=name) for name in (*CARE, "keep_minutes")),
        center_id="center",
    )

    id: Mapped[CenterId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    effective_from: Mapped[date]
    nurse_rule: Mapped[Word] = mapped_column(default="S")
    patients_per_nurse: Mapped[int] = mapped_column(default=3)
    starts_per_nurse: Mapped[int] = mapped_column(default=1)
    starts_per_slot: Mapped[int | None]
    mixing_per_slot: Mapped[int | None]
    intake_minutes: Mapped[int] = mapped_column(default=15)
    iv_minutes: Mapped[int] = mapped_column(default=10)
    discharge_minutes: Mapped[int] = mapped_column(default=5)
    turnover_minutes: Mapped[int] = mapped_column(default=15)
    publish_at: Mapped[time] = mapped_column(default=time(15))
    required_competencies: Mapped[Word] = mapped_column(default="", server_default="")
    keep_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    interpreter_from: Mapped[time | None]
    interpreter_until: Mapped[time | None]
    labs_back_at: Mapped[time | None]
    care_intake: Mapped[int | None]
    care_iv_start: Mapped[int | None]
    care_premedication: Mapped[int | None]
    care_infusion: Mapped[int | None]
    care_observation: Mapped[int | None]
    care_discharge: Mapped[int | None]


class Closure(Tenant, Base):
    """A day or span without infusions; with times a part of each of its days. Local wall times."""

    __tablename__ = "closure"
    __table_args__ = tenant(
        Index("ix_closure_center", "center_id", "first_day"),
        CheckConstraint("last_day >= first_day", name="last_after_first"),
        center_id="center",
    )

    id: Mapped[CenterId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_time: Mapped[time | None]
    until_time: Mapped[time | None]
    reason: Mapped[Word]
    lifted_at: Mapped[Instant | None]


class Incident(Tenant, Base):
    """Something that went wrong in the system's own work and was seen: ticker stopped, server refused."""

    __tablename__ = "incident"
    __table_args__ = tenant(Index("ix_incident_opened", "opened_at"))

    id: Mapped[CenterId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId | None] = mapped_column(ForeignKey("center.id"))
    kind: Mapped[Word]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    detail: Mapped[Text] = mapped_column(default="")
