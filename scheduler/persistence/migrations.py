"""Running the migrations: upgrade to the newest, and say whether a database is there."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

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


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest revision, in one transaction."""
    settings = config()
    with engine.execution_options(writes=True).begin() as connection:
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
