"""All tables, with what the database refuses."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("clock_offset_seconds", sa.BigInteger(), nullable=False),
        sa.Column("demonstration_seed", sa.Integer(), nullable=True),
        sa.Column("second_approval", sa.Boolean(), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_table(
        "parking_place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 0 AND id = 1", name=op.f("ck_parking_place_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parking_place")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_tick_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_lease")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("entity", sa.String(length=80), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("after_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_audit_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_audit_id_organization_id")),
        sa.UniqueConstraint(
            "sequence", "organization_id", name=op.f("uq_audit_sequence_organization_id")
        ),
    )
    op.create_index("ix_audit_patient", "audit", ["patient_id", "sequence"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_audit_head_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "center",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("neutral_name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mail_mode", sa.String(length=40), nullable=False),
        sa.Column("mail_from", sa.String(length=80), nullable=False),
        sa.Column("mail_host", sa.String(length=80), nullable=False),
        sa.Column("default_level", sa.String(length=40), nullable=False),
        sa.Column("phone_open", sa.String(length=80), nullable=False),
        sa.Column("phone_closed", sa.String(length=80), nullable=False),
        sa.Column("phone_emergency", sa.String(length=80), nullable=False),
        sa.Column("send_at", sa.Time(), nullable=False),
        sa.Column("undo_seconds", sa.Integer(), nullable=False),
        sa.Column("settings_mark", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("slot_minutes IN (5, 10, 15)", name=op.f("ck_center_slot_minutes")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_center_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_center_id_organization_id")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_change_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_change_id_organization_id")),
    )
    op.create_index("ix_change_undo", "change", ["undo_until"], unique=False)
    op.create_table(
        "guidance_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_guidance_document_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_document")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_guidance_document_id_organization_id")
        ),
        sa.UniqueConstraint(
            "name",
            "version",
            "language",
            "organization_id",
            name=op.f("uq_guidance_document_name_version_language_organization_id"),
        ),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(key) <= 80", name=op.f("ck_idempotency_key_key_length")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_idempotency_key_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_idempotency_key_id_organization_id")
        ),
        sa.UniqueConstraint(
            "key", "organization_id", name=op.f("uq_idempotency_key_key_organization_id")
        ),
    )
    op.create_index("ix_idempotency_key_created", "idempotency_key", ["created_at"], unique=False)
    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_inbound_mail_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_inbound_mail_id_organization_id")
        ),
    )
    op.create_index("ix_inbound_mail_at", "inbound_mail", ["received_at"], unique=False)
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("given_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("family_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_to_use_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mrn_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sex", sa.String(length=80), nullable=False),
        sa.Column("childbearing", sa.Boolean(), nullable=True),
        sa.Column("spoken_language", sa.String(length=80), nullable=False),
        sa.Column("written_language", sa.String(length=80), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("iv_access", sa.String(length=80), nullable=False),
        sa.Column("isolation_until", sa.Date(), nullable=True),
        sa.Column("needs_kind", sa.String(length=40), nullable=True),
        sa.Column("needs_near_nurses", sa.Boolean(), nullable=False),
        sa.Column("needs_lift", sa.Boolean(), nullable=False),
        sa.Column("wished_weekdays", sa.String(length=80), nullable=False),
        sa.Column("wished_time", sa.String(length=80), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("messages_paused_until", sa.Date(), nullable=True),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_patient_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_patient_id_organization_id")),
        sa.UniqueConstraint("key", name=op.f("uq_patient_key")),
    )
    op.create_table(
        "regimen_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regimen", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_regimen_choice_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regimen_choice")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_regimen_choice_id_organization_id")
        ),
        sa.UniqueConstraint(
            "regimen",
            "name",
            "organization_id",
            name=op.f("uq_regimen_choice_regimen_name_organization_id"),
        ),
    )
    op.create_table(
        "regimen_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regimen", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organization.id"], name=op.f("fk_regimen_version_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regimen_version")),
        sa.UniqueConstraint(
            "regimen",
            "version",
            "owner_id",
            name=op.f("uq_regimen_version_regimen_version_owner_id"),
        ),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_staff_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email_index", name=op.f("uq_staff_email_index")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_staff_id_organization_id")),
    )
    op.create_table(
        "allergy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_allergy_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_allergy_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allergy")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_allergy_id_organization_id")),
    )
    op.create_index("ix_allergy_patient", "allergy", ["patient_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_api_token_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_api_token_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_api_token_id_organization_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    op.create_table(
        "center_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("doors_open", sa.Time(), nullable=True),
        sa.Column("mixing_from", sa.Time(), nullable=True),
        sa.Column("mixing_until", sa.Time(), nullable=True),
        sa.Column("last_drug_end", sa.Time(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closes > opens", name=op.f("ck_center_hours_closes_after_opens")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_center_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_center_hours_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_center_hours_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center_hours")),
        sa.UniqueConstraint(
            "center_id",
            "effective_from",
            "weekday",
            name=op.f("uq_center_hours_center_id_effective_from_weekday"),
        ),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_center_hours_id_organization_id")
        ),
    )
    op.create_table(
        "center_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("nurse_rule", sa.String(length=80), nullable=False),
        sa.Column("patients_per_nurse", sa.Integer(), nullable=False),
        sa.Column("starts_per_nurse", sa.Integer(), nullable=False),
        sa.Column("starts_per_slot", sa.Integer(), nullable=True),
        sa.Column("mixing_per_slot", sa.Integer(), nullable=True),
        sa.Column("intake_minutes", sa.Integer(), nullable=False),
        sa.Column("iv_minutes", sa.Integer(), nullable=False),
        sa.Column("discharge_minutes", sa.Integer(), nullable=False),
        sa.Column("turnover_minutes", sa.Integer(), nullable=False),
        sa.Column("publish_at", sa.Time(), nullable=False),
        sa.Column("book_outside_authorization", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("nurse_rule IN ('S', 'H')", name=op.f("ck_center_limits_nurse_rule")),
        sa.CheckConstraint(
            "patients_per_nurse > 0", name=op.f("ck_center_limits_patients_per_nurse")
        ),
        sa.CheckConstraint("starts_per_nurse > 0", name=op.f("ck_center_limits_starts_per_nurse")),
        sa.CheckConstraint("turnover_minutes >= 0", name=op.f("ck_center_limits_turnover_minutes")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_center_limits_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_center_limits_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center_limits")),
        sa.UniqueConstraint(
            "center_id", "effective_from", name=op.f("uq_center_limits_center_id_effective_from")
        ),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_center_limits_id_organization_id")
        ),
    )
    op.create_table(
        "chair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pod", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("near_nurses", sa.Boolean(), nullable=False),
        sa.Column("lift", sa.Boolean(), nullable=False),
        sa.Column("isolation", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_chair_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_chair_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chair")),
        sa.UniqueConstraint("center_id", "name", name=op.f("uq_chair_center_id_name")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_chair_id_organization_id")),
        sa.UniqueConstraint("key", "center_id", name=op.f("uq_chair_key_center_id")),
        sa.UniqueConstraint("key", name=op.f("uq_chair_key")),
    )
    op.create_table(
        "clinic_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("first_slot", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("occupancy", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_clinic_day_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_clinic_day_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_day")),
        sa.UniqueConstraint("center_id", "day", name=op.f("uq_clinic_day_center_id_day")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_clinic_day_id_organization_id")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("until_time", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_closure_last_after_first")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_closure_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_closure_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_closure_id_organization_id")),
    )
    op.create_index("ix_closure_center", "closure", ["center_id", "first_day"], unique=False)
    op.create_table(
        "competency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_competency_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_competency_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_competency_id_organization_id")),
        sa.UniqueConstraint("staff_id", "code", name=op.f("uq_competency_staff_id_code")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_index", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("verified_how", sa.String(length=80), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(length=80), nullable=False),
        sa.Column("kinds", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_contact_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_contact_id_organization_id")),
    )
    op.create_index("ix_contact_address", "contact", ["address_index"], unique=False)
    op.create_index("ix_contact_patient", "contact", ["patient_id"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("payer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("member_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_coverage_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_coverage_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_coverage_id_organization_id")),
    )
    op.create_index("ix_coverage_patient", "coverage", ["patient_id"], unique=False)
    op.create_table(
        "guidance_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("drugs", sa.Text(), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.Column("leads", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("full_text", sa.Text(), nullable=False),
        sa.Column("neutral_text", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "document_id"],
            ["guidance_document.organization_id", "guidance_document.id"],
            name=op.f("fk_guidance_section_organization_id_document_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_guidance_section_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_section")),
        sa.UniqueConstraint(
            "document_id", "name", name=op.f("uq_guidance_section_document_id_name")
        ),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_guidance_section_id_organization_id")
        ),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["center_id"], ["center.id"], name=op.f("fk_incident_center_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_incident_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_incident_id_organization_id")),
    )
    op.create_index("ix_incident_opened", "incident", ["opened_at"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_invitation_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_invitation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_invitation_id_organization_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('weight', 'height')", name=op.f("ck_measure_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_measure_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_measure_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_measure_id_organization_id")),
    )
    op.create_index(
        "ix_measure_patient", "measure", ["patient_id", "kind", "measured_on"], unique=False
    )
    op.create_table(
        "nurse_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("until_time", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_nurse_absence_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_nurse_absence_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_nurse_absence_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nurse_absence")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_nurse_absence_id_organization_id")
        ),
    )
    op.create_index("ix_nurse_absence_day", "nurse_absence", ["center_id", "day"], unique=False)
    op.create_table(
        "nurse_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("lunch_from", sa.Time(), nullable=True),
        sa.Column("lunch_until", sa.Time(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_nurse_shift_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_nurse_shift_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_nurse_shift_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_nurse_shift_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nurse_shift")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_nurse_shift_id_organization_id")
        ),
    )
    op.create_index(
        "ix_nurse_shift_center", "nurse_shift", ["center_id", "effective_from"], unique=False
    )
    op.create_table(
        "patient_search",
        sa.Column("hmac", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_patient_search_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_patient_search_organization_id")
        ),
        sa.PrimaryKeyConstraint(
            "hmac", "patient_id", "organization_id", name=op.f("pk_patient_search")
        ),
    )
    op.create_index("ix_patient_search_patient", "patient_search", ["patient_id"], unique=False)
    op.create_table(
        "prescriber_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_version_id", sa.Uuid(), nullable=False),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("substitution", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("indication", sa.String(length=80), nullable=False),
        sa.Column("prescriber_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("ordered_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("calculated_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("rounded_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("rate_profile", sa.String(length=80), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("prior_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_until >= signed_on", name=op.f("ck_prescriber_order_valid_after_signed")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_prescriber_order_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_prescriber_order_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_prescriber_order_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["regimen_version_id"],
            ["regimen_version.id"],
            name=op.f("fk_prescriber_order_regimen_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescriber_order")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_prescriber_order_id_organization_id")
        ),
    )
    op.create_index("ix_prescriber_order_patient", "prescriber_order", ["patient_id"], unique=False)
    op.create_table(
        "regimen_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regimen_version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("second_staff_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_regimen_approval_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["regimen_version_id"],
            ["regimen_version.id"],
            name=op.f("fk_regimen_approval_regimen_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regimen_approval")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_regimen_approval_id_organization_id")
        ),
    )
    op.create_index(
        "ix_regimen_approval_version", "regimen_approval", ["regimen_version_id"], unique=False
    )
    op.create_table(
        "rems_enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("program", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_rems_enrolment_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_rems_enrolment_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rems_enrolment")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_rems_enrolment_id_organization_id")
        ),
    )
    op.create_index(
        "ix_rems_enrolment_patient", "rems_enrolment", ["patient_id", "program"], unique=False
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_staff_role_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_staff_role_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_staff_role_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_staff_role_id_organization_id")),
        sa.UniqueConstraint(
            "staff_id", "center_id", "role", name=op.f("uq_staff_role_staff_id_center_id_role")
        ),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_staff_session_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_staff_session_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_staff_session_id_organization_id")
        ),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_staff_session_secret_hash")),
    )
    op.create_index("ix_staff_session_staff", "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("dose_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("next_try_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("outcome_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_task_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_task_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_task_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_task_id_organization_id")),
        sa.UniqueConstraint("subject_id", "kind", "lead", "organization_id", name="uq_task_once"),
    )
    op.create_index("ix_task_open", "task", ["center_id", "closed_at", "due_on"], unique=False)
    op.create_index("ix_task_patient", "task", ["patient_id"], unique=False)
    op.create_index("ix_task_plan", "task", ["plan_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_day_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("patient_key", sa.BigInteger(), nullable=False),
        sa.Column("chair_key", sa.BigInteger(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chair_free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=True),
        sa.Column("footprint", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("notice_revision", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cannot_come_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("weighed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mix_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_chair_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("infusing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("observation_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancellation", sa.String(length=40), nullable=True),
        sa.Column("cancellation_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "live = (status IN ('pending', 'booked', 'arrived', 'fulfilled'))",
            name=op.f("ck_appointment_live_status"),
        ),
        sa.CheckConstraint("chair_free_at >= ends_at", name=op.f("ck_appointment_free_after_end")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["chair_key", "center_id"],
            ["chair.key", "chair.center_id"],
            name=op.f("fk_appointment_chair_key_center_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_appointment_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "clinic_day_id"],
            ["clinic_day.organization_id", "clinic_day.id"],
            name=op.f("fk_appointment_organization_id_clinic_day_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_appointment_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_appointment_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["parked"],
            ["parking_place.id"],
            name=op.f("fk_appointment_parked"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_key"], ["patient.key"], name=op.f("fk_appointment_patient_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("id", "live", name=op.f("uq_appointment_id_live")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_appointment_id_organization_id")
        ),
    )
    op.create_index("ix_appointment_chair", "appointment", ["chair_key", "starts_at"], unique=False)
    op.create_index("ix_appointment_clinic_day", "appointment", ["clinic_day_id"], unique=False)
    op.create_index("ix_appointment_course", "appointment", ["course_id"], unique=False)
    op.create_index("ix_appointment_day", "appointment", ["center_id", "starts_at"], unique=False)
    op.create_index(
        "ix_appointment_patient", "appointment", ["patient_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_appointment_patient_key", "appointment", ["patient_key", "starts_at"], unique=False
    )
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_calendar_entry_organization_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calendar_entry_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_calendar_entry_id_organization_id")
        ),
        sa.UniqueConstraint(
            "subject_id", "contact_id", name=op.f("uq_calendar_entry_subject_id_contact_id")
        ),
    )
    op.create_table(
        "chair_outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_chair_outage_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_chair_outage_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "chair_id"],
            ["chair.organization_id", "chair.id"],
            name=op.f("fk_chair_outage_organization_id_chair_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_chair_outage_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chair_outage")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_chair_outage_id_organization_id")
        ),
    )
    op.create_index(
        "ix_chair_outage_span", "chair_outage", ["center_id", "starts_at"], unique=False
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_consent_event_organization_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_consent_event_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_consent_event_id_organization_id")
        ),
    )
    op.create_index("ix_consent_event_contact", "consent_event", ["contact_id", "at"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("spoke_with_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("staff_name", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "task_id"],
            ["task.organization_id", "task.id"],
            name=op.f("fk_contact_attempt_organization_id_task_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_contact_attempt_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_contact_attempt_id_organization_id")
        ),
    )
    op.create_index("ix_contact_attempt_task", "contact_attempt", ["task_id", "at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("notice_revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=False),
        sa.Column("contact_revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rendered_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('owed', 'claimed', 'sent', 'failed', 'void')",
            name=op.f("ck_message_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_message_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_message_organization_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_message_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_message_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_message_id_organization_id")),
        sa.UniqueConstraint(
            "subject_id",
            "contact_id",
            "notice_revision",
            "kind",
            "lead",
            "organization_id",
            name="uq_message_owed_once",
        ),
    )
    op.create_index("ix_message_appointment", "message", ["appointment_id"], unique=False)
    op.create_index("ix_message_center", "message", ["center_id", "send_after"], unique=False)
    op.create_index("ix_message_due", "message", ["status", "send_after"], unique=False)
    op.create_index("ix_message_patient", "message", ["patient_id", "created_at"], unique=False)
    op.create_index("ix_message_plan", "message", ["plan_id"], unique=False)
    op.create_table(
        "patient_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_patient_link_organization_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_patient_link_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_patient_link_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_link")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_patient_link_id_organization_id")
        ),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_patient_link_secret_hash")),
    )
    op.create_index("ix_patient_link_message", "patient_link", ["message_id"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_day_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chair_free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("footprint", sa.Text(), nullable=False),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_reservation_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_reservation_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "clinic_day_id"],
            ["clinic_day.organization_id", "clinic_day.id"],
            name=op.f("fk_reservation_organization_id_clinic_day_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_reservation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_reservation_id_organization_id")
        ),
    )
    op.create_index("ix_reservation_until", "reservation", ["reserved_until"], unique=False)
    op.create_table(
        "treatment_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_version_id", sa.Uuid(), nullable=False),
        sa.Column("ingredient", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("wished_weekdays", sa.String(length=80), nullable=False),
        sa.Column("wished_time", sa.String(length=80), nullable=False),
        sa.Column("keep_grid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_treatment_plan_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["prescriber_order.organization_id", "prescriber_order.id"],
            name=op.f("fk_treatment_plan_organization_id_order_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_treatment_plan_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_treatment_plan_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["regimen_version_id"],
            ["regimen_version.id"],
            name=op.f("fk_treatment_plan_regimen_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_plan")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_treatment_plan_id_organization_id")
        ),
        sa.UniqueConstraint("order_id", name=op.f("uq_treatment_plan_order_id")),
    )
    op.create_index("ix_treatment_plan_patient", "treatment_plan", ["patient_id"], unique=False)
    op.create_index("ix_treatment_plan_status", "treatment_plan", ["status"], unique=False)
    op.create_table(
        "contact_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("notice_revision", sa.Integer(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "appointment_id"],
            ["appointment.organization_id", "appointment.id"],
            name=op.f("fk_contact_told_organization_id_appointment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_contact_told_organization_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_told_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_told")),
        sa.UniqueConstraint(
            "appointment_id", "contact_id", name=op.f("uq_contact_told_appointment_id_contact_id")
        ),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_contact_told_id_organization_id")
        ),
    )
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_message_attempt_organization_id_message_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_message_attempt_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_message_attempt_id_organization_id")
        ),
    )
    op.create_index(
        "ix_message_attempt_message", "message_attempt", ["message_id", "at"], unique=False
    )
    op.create_table(
        "nurse_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "appointment_id"],
            ["appointment.organization_id", "appointment.id"],
            name=op.f("fk_nurse_assignment_organization_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "center_id"],
            ["center.organization_id", "center.id"],
            name=op.f("fk_nurse_assignment_organization_id_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "staff_id"],
            ["staff.organization_id", "staff.id"],
            name=op.f("fk_nurse_assignment_organization_id_staff_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_nurse_assignment_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nurse_assignment")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_nurse_assignment_appointment_id")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_nurse_assignment_id_organization_id")
        ),
    )
    op.create_index(
        "ix_nurse_assignment_day", "nurse_assignment", ["center_id", "day"], unique=False
    )
    op.create_table(
        "plan_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_plan_event_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_plan_event_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_plan_event_id_organization_id")),
    )
    op.create_index("ix_plan_event_plan", "plan_event", ["plan_id", "at"], unique=False)
    op.create_table(
        "planned_dose",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=80), nullable=False),
        sa.Column("course", sa.Integer(), nullable=True),
        sa.Column("course_day", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("intake", sa.Integer(), nullable=False),
        sa.Column("iv_start", sa.Integer(), nullable=False),
        sa.Column("premedication", sa.Integer(), nullable=False),
        sa.Column("infusion", sa.Integer(), nullable=False),
        sa.Column("observation", sa.Integer(), nullable=False),
        sa.Column("discharge", sa.Integer(), nullable=False),
        sa.Column("turnover", sa.Integer(), nullable=False),
        sa.Column("engine_status", sa.String(length=80), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("earliest <= latest", name=op.f("ck_planned_dose_window")),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_planned_dose_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_planned_dose_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_planned_dose_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_dose")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_planned_dose_id_organization_id")
        ),
        sa.UniqueConstraint("plan_id", "ordinal", name=op.f("uq_planned_dose_plan_id_ordinal")),
    )
    op.create_index("ix_planned_dose_latest", "planned_dose", ["state", "latest"], unique=False)
    op.create_index("ix_planned_dose_patient", "planned_dose", ["patient_id"], unique=False)
    op.create_table(
        "prior_authorization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("units", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "until_day >= from_day", name=op.f("ck_prior_authorization_until_after_from")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_prior_authorization_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_prior_authorization_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_prior_authorization_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_authorization")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_prior_authorization_id_organization_id")
        ),
    )
    op.create_index("ix_prior_authorization_plan", "prior_authorization", ["plan_id"], unique=False)
    op.create_table(
        "recalculation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_recalculation_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_recalculation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalculation")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_recalculation_id_organization_id")
        ),
    )
    op.create_index("ix_recalculation_plan", "recalculation", ["plan_id", "state"], unique=False)
    op.create_table(
        "appointment_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id", "live"],
            ["appointment.id", "appointment.live"],
            name="fk_appointment_item_live",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "appointment_id"],
            ["appointment.organization_id", "appointment.id"],
            name=op.f("fk_appointment_item_organization_id_appointment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "dose_id"],
            ["planned_dose.organization_id", "planned_dose.id"],
            name=op.f("fk_appointment_item_organization_id_dose_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_appointment_item_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_item")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_appointment_item_id_organization_id")
        ),
    )
    op.create_index(
        "ix_appointment_item_appointment", "appointment_item", ["appointment_id"], unique=False
    )
    op.create_index("ix_appointment_item_dose", "appointment_item", ["dose_id"], unique=False)
    op.create_index(
        "uq_appointment_item_live_dose",
        "appointment_item",
        ["dose_id"],
        unique=True,
        sqlite_where=sa.text("live = 1 AND dropped_at IS NULL"),
        postgresql_where=sa.text("live AND dropped_at IS NULL"),
    )
    op.create_table(
        "authorization_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authorization_id", sa.Uuid(), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=False),
        sa.Column("units", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "authorization_id"],
            ["prior_authorization.organization_id", "prior_authorization.id"],
            name=op.f("fk_authorization_use_organization_id_authorization_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "dose_id"],
            ["planned_dose.organization_id", "planned_dose.id"],
            name=op.f("fk_authorization_use_organization_id_dose_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_authorization_use_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorization_use")),
        sa.UniqueConstraint(
            "authorization_id",
            "dose_id",
            name=op.f("uq_authorization_use_authorization_id_dose_id"),
        ),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_authorization_use_id_organization_id")
        ),
    )
    op.create_table(
        "given_dose",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("ingredient", sa.String(length=80), nullable=False),
        sa.Column("regimen", sa.String(length=80), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("dose_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("per_m2", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("lot", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("outcome = 'none' OR amount > 0", name=op.f("ck_given_dose_amount")),
        sa.ForeignKeyConstraint(
            ["organization_id", "dose_id"],
            ["planned_dose.organization_id", "planned_dose.id"],
            name=op.f("fk_given_dose_organization_id_dose_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_given_dose_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_given_dose_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_given_dose_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_dose")),
        sa.UniqueConstraint("corrects", name=op.f("uq_given_dose_corrects")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_given_dose_id_organization_id")),
    )
    op.create_index("ix_given_dose_appointment", "given_dose", ["appointment_id"], unique=False)
    op.create_index("ix_given_dose_dose", "given_dose", ["dose_id"], unique=False)
    op.create_index(
        "ix_given_dose_patient",
        "given_dose",
        ["patient_id", "ingredient", "given_on"],
        unique=False,
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('before_day', 'at_chair')", name=op.f("ck_requirement_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "dose_id"],
            ["planned_dose.organization_id", "planned_dose.id"],
            name=op.f("fk_requirement_organization_id_dose_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patient.organization_id", "patient.id"],
            name=op.f("fk_requirement_organization_id_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_requirement_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_requirement_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_requirement_id_organization_id")
        ),
    )
    op.create_index("ix_requirement_plan", "requirement", ["plan_id", "code"], unique=False)
    op.create_table(
        "supply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=True),
        sa.Column("route", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("allocated_amount", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("lot", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "dose_id"],
            ["planned_dose.organization_id", "planned_dose.id"],
            name=op.f("fk_supply_organization_id_dose_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["treatment_plan.organization_id", "treatment_plan.id"],
            name=op.f("fk_supply_organization_id_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_supply_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("uq_supply_id_organization_id")),
    )
    op.create_index("ix_supply_plan", "supply", ["plan_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        refuse_on_postgresql()
    else:
        refuse_on_sqlite()


def refuse_on_postgresql() -> None:
    op.execute(
        "ALTER TABLE appointment ADD CONSTRAINT ex_appointment_chair EXCLUDE USING gist (int8range(chair_key, chair_key, '[]') WITH &&, tstzrange(starts_at, chair_free_at, '[)') WITH &&) WHERE (live AND parked IS NULL)"
    )
    op.execute(
        "ALTER TABLE appointment ADD CONSTRAINT ex_appointment_patient EXCLUDE USING gist (int8range(patient_key, patient_key, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (live AND parked IS NULL)"
    )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only_audit BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_given_dose BEFORE UPDATE OR DELETE ON given_dose FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_consent_event BEFORE UPDATE OR DELETE ON consent_event FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_plan_event BEFORE UPDATE OR DELETE ON plan_event FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_message_attempt BEFORE UPDATE OR DELETE ON message_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_contact_attempt BEFORE UPDATE OR DELETE ON contact_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def refuse_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER ex_appointment_chair_insert BEFORE INSERT ON appointment WHEN NEW.live AND NEW.parked IS NULL AND EXISTS (SELECT 1 FROM appointment AS other WHERE other.chair_key = NEW.chair_key AND other.id <> NEW.id AND other.starts_at < NEW.chair_free_at AND other.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-24 hours') AND other.chair_free_at > NEW.starts_at AND other.live AND other.parked IS NULL) BEGIN SELECT RAISE(ABORT, 'ex_appointment_chair'); END"
    )
    op.execute(
        "CREATE TRIGGER ex_appointment_chair_update BEFORE UPDATE ON appointment WHEN NEW.live AND NEW.parked IS NULL AND EXISTS (SELECT 1 FROM appointment AS other WHERE other.chair_key = NEW.chair_key AND other.id <> NEW.id AND other.starts_at < NEW.chair_free_at AND other.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-24 hours') AND other.chair_free_at > NEW.starts_at AND other.live AND other.parked IS NULL) BEGIN SELECT RAISE(ABORT, 'ex_appointment_chair'); END"
    )
    op.execute(
        "CREATE TRIGGER ex_appointment_patient_insert BEFORE INSERT ON appointment WHEN NEW.live AND NEW.parked IS NULL AND EXISTS (SELECT 1 FROM appointment AS other WHERE other.patient_key = NEW.patient_key AND other.id <> NEW.id AND other.starts_at < NEW.ends_at AND other.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-24 hours') AND other.ends_at > NEW.starts_at AND other.live AND other.parked IS NULL) BEGIN SELECT RAISE(ABORT, 'ex_appointment_patient'); END"
    )
    op.execute(
        "CREATE TRIGGER ex_appointment_patient_update BEFORE UPDATE ON appointment WHEN NEW.live AND NEW.parked IS NULL AND EXISTS (SELECT 1 FROM appointment AS other WHERE other.patient_key = NEW.patient_key AND other.id <> NEW.id AND other.starts_at < NEW.ends_at AND other.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-24 hours') AND other.ends_at > NEW.starts_at AND other.live AND other.parked IS NULL) BEGIN SELECT RAISE(ABORT, 'ex_appointment_patient'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_given_dose_update BEFORE UPDATE ON given_dose BEGIN SELECT RAISE(ABORT, 'append-only: given_dose'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_given_dose_delete BEFORE DELETE ON given_dose BEGIN SELECT RAISE(ABORT, 'append-only: given_dose'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_consent_event_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'append-only: consent_event'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_consent_event_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'append-only: consent_event'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_plan_event_update BEFORE UPDATE ON plan_event BEGIN SELECT RAISE(ABORT, 'append-only: plan_event'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_plan_event_delete BEFORE DELETE ON plan_event BEGIN SELECT RAISE(ABORT, 'append-only: plan_event'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_message_attempt_update BEFORE UPDATE ON message_attempt BEGIN SELECT RAISE(ABORT, 'append-only: message_attempt'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_message_attempt_delete BEFORE DELETE ON message_attempt BEGIN SELECT RAISE(ABORT, 'append-only: message_attempt'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_contact_attempt_update BEFORE UPDATE ON contact_attempt BEGIN SELECT RAISE(ABORT, 'append-only: contact_attempt'); END"
    )
    op.execute(
        "CREATE TRIGGER append_only_contact_attempt_delete BEFORE DELETE ON contact_attempt BEGIN SELECT RAISE(ABORT, 'append-only: contact_attempt'); END"
    )


def downgrade() -> None:
    raise RuntimeError("the first migration is not undone: drop the database instead")
