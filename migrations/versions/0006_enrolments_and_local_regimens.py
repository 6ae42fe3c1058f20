"""REMS enrolments of prescribers and sites; where a local regimen comes from; one setting instead of two."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rems_enrolment") as table:
        table.drop_column("site")
        table.add_column(sa.Column("center_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("prescriber_sealed", sa.LargeBinary(), nullable=True))
        table.create_foreign_key(
            op.f("fk_rems_enrolment_organization_id_center_id"),
            "center",
            ["organization_id", "center_id"],
            ["organization_id", "id"],
            ondelete="RESTRICT",
        )
    _add_copied_from()
    op.add_column("regimen_version", sa.Column("made_by", sa.Uuid(), nullable=True))
    op.drop_column("center_limits", "book_outside_authorization")


def _add_copied_from() -> None:
    """Add a column that names its own table: SQLite takes the key only inside the column's definition."""
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    key = "CONSTRAINT fk_regimen_version_copied_from REFERENCES regimen_version (id)"
    op.execute(f"ALTER TABLE regimen_version ADD COLUMN copied_from {kind} {key}")


def downgrade() -> None:
    op.add_column(
        "center_limits",
        sa.Column(
            "book_outside_authorization",
            sa.String(length=80),
            server_default="tentative",
            nullable=False,
        ),
    )
    op.drop_column("regimen_version", "made_by")
    op.drop_column("regimen_version", "copied_from")
    with op.batch_alter_table("rems_enrolment") as table:
        table.drop_constraint(
            op.f("fk_rems_enrolment_organization_id_center_id"), type_="foreignkey"
        )
        table.drop_column("prescriber_sealed")
        table.drop_column("center_id")
        table.add_column(
            sa.Column("site", sa.String(length=80), server_default="", nullable=False)
        )
