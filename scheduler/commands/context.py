"""What commands share: settings and a database, or a sentence and an exit."""

import sys
from pathlib import Path
from typing import NoReturn

import click
import sqlalchemy as sa

from scheduler import keys
from scheduler.paths import instance_dir
from scheduler.persistence.database import Database, engine
from scheduler.settings import (
    Settings,
    SettingsError,
    database_url,
    from_environment,
    missing_keys,
)

KEYS_LOST = (
    "{names}: missing, but the database holds data sealed with it. Put instance/keys back from its"
    " copy, or set the variable."
)


def settings(*, create_keys: bool = False) -> Settings:
    """Return the settings, or stop naming what is wrong with them.

    Args:
        create_keys: Whether missing keys are made; never beside a database that was sealed with others.
    """
    try:
        if create_keys and (names := missing_keys()):
            if _holds_data(database_url()):
                fail(KEYS_LOST.format(names=", ".join(names)))
            keys.make_missing(instance_dir())
        return from_environment()
    except SettingsError as error:
        fail(str(error))


def database(found: Settings) -> Database:
    """Return the database of the settings, or stop saying why it cannot be reached."""
    found.instance.mkdir(parents=True, exist_ok=True)
    opened = Database(found.database_url, found.keyring)
    try:
        opened.engine.connect().close()
    except sa.exc.OperationalError as error:
        fail(f"DATABASE_URL: the database cannot be reached: {error.orig}")
    return opened


def fail(sentence: str) -> NoReturn:
    """Say what is wrong and stop with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def _holds_data(url: str) -> bool:
    parts = sa.make_url(url)
    if parts.drivername == "sqlite" and not Path(parts.database or "").exists():
        return False  # looking would make an empty file
    opened = engine(url)
    try:
        if not sa.inspect(opened).has_table("organization"):
            return False
        with opened.connect() as connection:
            return connection.scalar(sa.text("SELECT 1 FROM organization LIMIT 1")) is not None
    finally:
        opened.dispose()
