"""Running the migrations: upgrade to the newest, and say whether a database is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from scheduler.paths import resource_dir


def config() -> Config:
    """Return Alembic's settings, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(resource_dir("migrations")))
    return made


def newest() -> str:
    """Return the revision that the code expects."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Return the revision a database is at; None when it has never been migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction in which tables may be made anew, as SQLite needs to change a column.

    The old table is dropped there, which rows that refer to it would forbid; so SQLite looks at all
    references together, at the end.

    Raises:
        RuntimeError: a row refers to one that is gone; nothing is changed then.
    """
    with engine.execution_options(writes=True).connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # heeded outside a transaction alone
        try:
            with connection.begin():
                yield connection
                loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if loose is not None:
                    raise RuntimeError(f"a row of {loose[0]} refers to one that is gone")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest revision, in one transaction."""
    settings = config()
    with rebuilding(engine) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def write(engine: Engine, what: str) -> str:
    """Write a migration from the difference between models and database; return its path."""
    settings = config()
    number = f"{int(newest() or 0) + 1:04d}"
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        made = command.revision(settings, what, autogenerate=True, rev_id=number)
    return "" if made is None or isinstance(made, list) else str(made.path)
