"""The message log: what is owed, each try, links, calendar entries, what came in; and tasks for people."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    DoseId,
    MessageId,
    PatientId,
    PlanId,
    StaffId,
    TaskId,
)
from scheduler.domain.people import CallOutcome, PrivacyLevel, TaskKind, TaskOutcome
from scheduler.domain.timing import Instant
from scheduler.persistence.base import Base, Tenant, Text, Version, Word, tenant
from scheduler.persistence.encryption import SealedText


class Message(Tenant, Base):
    """One row a message: owed once per (subject, contact, notice revision, kind, lead).

    ``send_after`` .. ``useful_until`` is when it makes sense; ``status`` is owed, claimed, sent, failed or
    void, with ``outcome`` the reason in words. ``rendered`` keeps the bytes, so that a retry sends them again.
    ``facts`` is what the patient is told (sealed), ``sections`` the versions of the texts used.
    """

    __tablename__ = "message"
    __table_args__ = tenant(
        UniqueConstraint(
            "subject_id",
            "contact_id",
            "notice_revision",
            "kind",
            "lead",
            "organization_id",
            name="uq_message_owed_once",
        ),
        CheckConstraint("status IN ('owed', 'claimed', 'sent', 'failed', 'void')", name="status"),
        Index("ix_message_due", "status", "send_after"),
        Index("ix_message_patient", "patient_id", "created_at"),
        Index("ix_message_appointment", "appointment_id"),
        Index("ix_message_plan", "plan_id"),
        Index("ix_message_center", "center_id", "send_after"),
        patient_id="patient",
        contact_id="contact",
        center_id="center",
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId]
    contact_id: Mapped[ContactId]
    center_id: Mapped[CenterId]
    subject_kind: Mapped[Word]
    subject_id: Mapped[AppointmentId]
    appointment_id: Mapped[AppointmentId | None]
    plan_id: Mapped[PlanId | None]
    notice_revision: Mapped[int]
    kind: Mapped[Word]
    lead: Mapped[Word] = mapped_column(default="")
    contact_revision: Mapped[int]
    language: Mapped[Word]
    level: Mapped[PrivacyLevel]
    facts_sealed: Mapped[bytes | None]
    facts = SealedText()
    sections: Mapped[Text] = mapped_column(default="")
    send_after: Mapped[Instant]
    useful_until: Mapped[Instant]
    status: Mapped[Word] = mapped_column(default="owed")
    outcome: Mapped[Text] = mapped_column(default="")
    rendered_sealed: Mapped[bytes | None]
    rendered = SealedText()
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[Word | None]
    claimed_until: Mapped[Instant | None]
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


class MessageAttempt(Tenant, Base):
    """One try to send; append-only."""

    __tablename__ = "message_attempt"
    __table_args__ = tenant(
        Index("ix_message_attempt_message", "message_id", "at"), message_id="message"
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    message_id: Mapped[MessageId]
    at: Mapped[Instant]
    result: Mapped[Word]
    code: Mapped[Word] = mapped_column(default="")
    detail_sealed: Mapped[bytes | None]
    detail = SealedText()


class ContactTold(Tenant, Base):
    """What a contact was last told of an appointment: the facts and their notice revision."""

    __tablename__ = "contact_told"
    __table_args__ = tenant(
        UniqueConstraint("appointment_id", "contact_id"),
        contact_id="contact",
        appointment_id="appointment",
    )

    id: Mapped[ContactId] = mapped_column(primary_key=True)
    contact_id: Mapped[ContactId]
    appointment_id: Mapped[AppointmentId]
    notice_revision: Mapped[int]
    facts_sealed: Mapped[bytes | None]
    facts = SealedText()
    at: Mapped[Instant]


class PatientLink(Tenant, Base):
    """A token in a mail: 256 bits, only the hash stored; it opens after the birth date."""

    __tablename__ = "patient_link"
    __table_args__ = tenant(
        UniqueConstraint("secret_hash"),
        Index("ix_patient_link_message", "message_id"),
        contact_id="contact",
        patient_id="patient",
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes]
    patient_id: Mapped[PatientId]
    contact_id: Mapped[ContactId]
    appointment_id: Mapped[AppointmentId | None]
    message_id: Mapped[MessageId | None]
    scope: Mapped[Word] = mapped_column(default="visit")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(default=0)


class CalendarEntry(Tenant, Base):
    """The calendar entry a contact has of an appointment: one UID, a rising SEQUENCE."""

    __tablename__ = "calendar_entry"
    __table_args__ = tenant(
        UniqueConstraint("subject_id", "contact_id"),
        contact_id="contact",
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    subject_id: Mapped[AppointmentId]
    contact_id: Mapped[ContactId]
    uid: Mapped[Word]
    sequence: Mapped[int]
    method: Mapped[Word]
    sent_at: Mapped[Instant]


class InboundMail(Tenant, Base):
    """A mail that came back or in: bounces, complaints, replies."""

    __tablename__ = "inbound_mail"
    __table_args__ = tenant(Index("ix_inbound_mail_at", "received_at"))

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    received_at: Mapped[Instant]
    kind: Mapped[Word]
    message_id: Mapped[MessageId | None]
    body_sealed: Mapped[bytes | None]
    body = SealedText()


class Task(Tenant, Base):
    """Something a person must do: due day, owner, outcome. Open once per (kind, subject, lead).

    It is about a patient, or about a week of the center that cannot hold its doses.
    """

    __tablename__ = "task"
    __table_args__ = tenant(
        UniqueConstraint("subject_id", "kind", "lead", "organization_id", name="uq_task_once"),
        CheckConstraint("(patient_id IS NULL) = (kind = 'short_week')", name="patient"),
        Index("ix_task_open", "center_id", "closed_at", "due_on"),
        Index("ix_task_patient", "patient_id"),
        Index("ix_task_plan", "plan_id"),
        patient_id="patient",
        center_id="center",
    )

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    center_id: Mapped[CenterId]
    patient_id: Mapped[PatientId | None]
    kind: Mapped[TaskKind]
    subject_id: Mapped[AppointmentId]
    lead: Mapped[Word] = mapped_column(default="")
    appointment_id: Mapped[AppointmentId | None]
    dose_id: Mapped[DoseId | None]
    plan_id: Mapped[PlanId | None]
    contact_id: Mapped[ContactId | None]
    due_on: Mapped[date]
    detail_sealed: Mapped[bytes | None]
    detail = SealedText()
    owner_id: Mapped[StaffId | None]
    next_try_on: Mapped[date | None]
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[Word] = mapped_column(default="")
    outcome: Mapped[TaskOutcome | None]
    outcome_note_sealed: Mapped[bytes | None]
    outcome_note = SealedText()
    version: Mapped[Version] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class ContactAttempt(Tenant, Base):
    """One attempt to reach somebody for a task; append-only."""

    __tablename__ = "contact_attempt"
    __table_args__ = tenant(Index("ix_contact_attempt_task", "task_id", "at"), task_id="task")

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    task_id: Mapped[TaskId]
    at: Mapped[Instant]
    channel: Mapped[Word] = mapped_column(default="phone")
    outcome: Mapped[CallOutcome]
    spoke_with_sealed: Mapped[bytes | None]
    spoke_with = SealedText()
    note_sealed: Mapped[bytes | None]
    note = SealedText()
    staff_name: Mapped[Word] = mapped_column(default="")


class GuidanceDocument(Tenant, Base):
    """A document of the organization about what a patient should know; versioned, sourced, reviewed."""

    __tablename__ = "guidance_document"
    __table_args__ = tenant(UniqueConstraint("name", "version", "language", "organization_id"))

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    name: Mapped[Word]
    version: Mapped[int]
    language: Mapped[Word]
    source: Mapped[Text] = mapped_column(default="")
    state: Mapped[Word] = mapped_column(default="draft")
    review_by: Mapped[date | None]
    loaded_at: Mapped[Instant]
    approved_at: Mapped[Instant | None]
    approved_by: Mapped[Word] = mapped_column(default="")


class GuidanceSection(Tenant, Base):
    """One section of a document: for which drugs, phases and leads; a full and a neutral text."""

    __tablename__ = "guidance_section"
    __table_args__ = tenant(
        UniqueConstraint("document_id", "name"), document_id="guidance_document"
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    document_id: Mapped[MessageId]
    name: Mapped[Word]
    position: Mapped[int]
    drugs: Mapped[Text] = mapped_column(default="")
    phases: Mapped[Text] = mapped_column(default="")
    leads: Mapped[Text] = mapped_column(default="")
    title: Mapped[Text]
    full_text: Mapped[Text]
    neutral_text: Mapped[Text]


class WorkerLease(Base):
    """Which worker is active; taken over when it runs out, on the database's clock."""

    __tablename__ = "worker_lease"
    __table_args__ = (PrimaryKeyConstraint("name"),)

    name: Mapped[Word]
    holder: Mapped[Word]
    expires_at: Mapped[Instant]
    last_tick_at: Mapped[Instant | None]
    ticks: Mapped[int] = mapped_column(BigInteger, default=0)
