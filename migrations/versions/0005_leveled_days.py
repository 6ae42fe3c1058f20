"""Planned days that a person chose months ahead, to level a week."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("planned_dose", sa.Column("leveled_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("planned_dose", "leveled_on")
