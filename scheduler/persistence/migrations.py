"""Running the migrations: upgrade to the newest, and say whether a database is there."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from scheduler.paths import resource_dir
from sqlalchemy import Engine


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
