"""Records that may only grow cannot be emptied at one stroke either: PostgreSQL asks no row trigger then."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RECORDS = (
    "audit",
    "given_dose",
    "consent_event",
    "plan_event",
    "message_attempt",
    "contact_attempt",
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite has no TRUNCATE: its DELETE asks every row
    for table in RECORDS:
        op.execute(
            f"CREATE TRIGGER append_only_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in RECORDS:
            op.execute(f"DROP TRIGGER append_only_{table}_truncate ON {table}")
