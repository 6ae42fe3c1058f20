"""Confirmed numbers of regimens, and what a visit without a prior authorization is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regimen_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regimen", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_regimen_confirmation_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regimen_confirmation")),
        sa.UniqueConstraint(
            "id", "organization_id", name=op.f("uq_regimen_confirmation_id_organization_id")
        ),
    )
    op.create_index(
        "ix_regimen_confirmation_regimen", "regimen_confirmation", ["regimen"]
    )
    op.add_column(
        "organization",
        sa.Column(
            "unauthorized", sa.String(length=80), server_default="allowed", nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("organization", "unauthorized")
    op.drop_table("regimen_confirmation")
