"""The migrations make what the models say, and what the database refuses."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scheduler.persistence.base import Base
from scheduler.persistence.constraints import APPEND_ONLY, EXCLUSIONS
from scheduler.persistence.database import Database
from scheduler.persistence.migrations import current, newest


def test_the_migrations_leave_no_difference_from_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []
    assert current(database.engine) == newest()


def test_sqlite_has_the_triggers_that_batch_migrations_would_drop(
    sqlite_database: Database,
) -> None:
    with sqlite_database.engine.connect() as connection:
        found = set(
            connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        )

    overlaps = {f"{name}_{when}" for name in EXCLUSIONS for when in ("insert", "update")}
    records = {
        f"append_only_{table}_{when}" for table in APPEND_ONLY for when in ("update", "delete")
    }
    assert found == overlaps | records


def test_postgresql_has_the_exclusion_constraints_and_triggers(postgres_database: Database) -> None:
    with postgres_database.engine.connect() as connection:
        exclusions = set(
            connection.scalars(sa.text("SELECT conname FROM pg_constraint WHERE contype = 'x'"))
        )
        triggers = set(
            connection.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        )

    assert exclusions == set(EXCLUSIONS)
    assert triggers == {
        f"append_only_{table}{what}" for table in APPEND_ONLY for what in ("", "_truncate")
    }
