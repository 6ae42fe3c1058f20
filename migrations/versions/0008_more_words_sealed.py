"""More of what people type is sealed: how a consent was given, IV access, why somebody or something is out.

The columns in the clear stay: rows that may only grow keep what they have, the others are sealed after the
migration (``scheduler db upgrade``), which a migration cannot do without the keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SEALED = (
    ("patient", "iv_access"),
    ("consent_event", "how"),
    ("chair_outage", "reason"),
    ("nurse_absence", "reason"),
    ("appointment_item", "words"),
    ("given_dose", "place"),
)


def upgrade() -> None:
    for table, column in SEALED:
        op.add_column(table, sa.Column(f"{column}_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    for table, column in SEALED:
        op.drop_column(table, f"{column}_sealed")
