"""A task may be about a center instead of a patient, and when weeks were last looked at months ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("center", sa.Column("looked_ahead_on", sa.Date(), nullable=True))
    with op.batch_alter_table("task") as table:
        table.alter_column("patient_id", existing_type=sa.Uuid(), nullable=True)
        table.create_check_constraint(
            op.f("ck_task_patient"), "(patient_id IS NULL) = (kind = 'short_week')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM task WHERE patient_id IS NULL")
    with op.batch_alter_table("task") as table:
        table.drop_constraint(op.f("ck_task_patient"), type_="check")
        table.alter_column("patient_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("center", "looked_ahead_on")
