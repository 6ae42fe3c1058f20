"""What commands share: settings and a database, or a sentence and an exit."""

import sys
from typing import NoReturn

import click

from scheduler.persistence.database import Database
from scheduler.settings import Settings, SettingsError, from_environment


def settings(*, create_keys: bool = False) -> Settings:
    """Return the settings, or stop naming what is wrong with them."""
    try:
        return from_environment(create_keys=create_keys)
    except SettingsError as error:
        fail(str(error))


def database(found: Settings) -> Database:
    """Return the database of the settings."""
    found.instance.mkdir(parents=True, exist_ok=True)
    return Database(found.database_url, found.keyring)


def fail(sentence: str) -> NoReturn:
    """Say what is wrong and stop with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)
