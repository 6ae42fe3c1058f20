"""Places kept on the phone have a dose and a chair; what each step takes of a nurse, and what she must know."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CARE = ("intake", "iv_start", "premedication", "infusion", "observation", "discharge")


def upgrade() -> None:
    for step in CARE:
        _add_positive("center_limits", f"care_{step}", "INTEGER")
    _add_positive("center_limits", "keep_minutes", "INTEGER DEFAULT '10' NOT NULL")
    op.add_column(
        "center_limits",
        sa.Column(
            "required_competencies", sa.String(length=80), server_default="", nullable=False
        ),
    )
    for name in ("interpreter_from", "interpreter_until", "labs_back_at"):
        op.add_column("center_limits", sa.Column(name, sa.Time(), nullable=True))
    _add_positive("nurse_shift", "watches", "INTEGER")
    op.drop_table("reservation")  # nothing wrote it before
    _reservation()


def _add_positive(table: str, column: str, kind: str) -> None:
    """Add a column that is above 0: SQLite takes the check only inside the column's definition."""
    check = f"CONSTRAINT ck_{table}_{column} CHECK ({column} > 0)"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {check}")


def _reservation() -> None:
    instants = ("starts_at", "ends_at", "chair_free_at", "reserved_until")
    op.create_table(
        "reservation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("center_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_day_id", sa.Uuid(), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=False),
        sa.Column("chair_key", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in instants),
        sa.Column("footprint", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_reservation_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["chair_key", "center_id"],
            ["chair.key", "chair.center_id"],
            name=op.f("fk_reservation_chair_key_center_id"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["organization_id", column],
                [f"{table}.organization_id", f"{table}.id"],
                name=op.f(f"fk_reservation_organization_id_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in (
                ("center_id", "center"),
                ("clinic_day_id", "clinic_day"),
                ("dose_id", "planned_dose"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_reservation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_reservation_id_organization_id")
        ),
    )
    op.create_index("ix_reservation_until", "reservation", ["reserved_until"])
    op.create_index("ix_reservation_day", "reservation", ["clinic_day_id"])
    op.create_index("ix_reservation_dose", "reservation", ["dose_id"])


def downgrade() -> None:
    op.execute("DELETE FROM reservation")  # its new columns stay: nothing older reads the table
    op.drop_column("nurse_shift", "watches")
    hours = ("interpreter_from", "interpreter_until", "labs_back_at")
    for column in ("required_competencies", "keep_minutes", *hours, *(f"care_{step}" for step in CARE)):
        op.drop_column("center_limits", column)
