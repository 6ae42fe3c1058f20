"""``scheduler db``, ``backup``, ``restore``: the database as a whole."""

from pathlib import Path

import click

from scheduler.clock import system_clock
from scheduler.commands.context import database, fail, settings
from scheduler.persistence.database import Database


@click.group("db")
def db() -> None:
    """Migrate the database, or look at it."""


def bring_up_to_date(opened: Database) -> None:
    """Migrate to the newest revision, seal what lay open, and load the shipped regimens that are not there yet."""
    from scheduler.persistence import migrations
    from scheduler.persistence.left_open import seal_what_lay_open
    from scheduler.services.regimens import sync_formulary

    if migrations.current(opened.engine) != migrations.newest():
        migrations.upgrade(opened.engine)
        seal_what_lay_open(opened.system())
    sync_formulary(opened.system(), now=system_clock())


@db.command()
def upgrade() -> None:
    """Bring the database to the newest revision, and load the regimens of this release."""
    from scheduler.persistence import migrations

    opened = database(settings(create_keys=True))
    bring_up_to_date(opened)
    click.echo(f"The database is at revision {migrations.current(opened.engine)}.")


@db.command()
def check() -> None:
    """Say whether the database is at the newest revision; exit 1 if not."""
    from scheduler.persistence import migrations

    at, newest = migrations.current(database(settings()).engine), migrations.newest()
    if at != newest:
        fail(
            f"The database is at revision {at or 'none'}, the code needs {newest}: scheduler db upgrade"
        )
    click.echo(f"The database is at revision {at}.")


@db.command()
@click.argument("what")
def revision(what: str) -> None:
    """Write a migration from what the models say now."""
    from scheduler.persistence import migrations

    click.echo(migrations.write(database(settings()).engine, what))


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a copy of the database to FILE while everything runs; it needs instance/keys to be read."""
    from scheduler.persistence import backups

    try:
        backups.backup(settings().database_url, file)
    except backups.BackupError as error:
        fail(str(error))
    size = file.stat().st_size // 1024
    click.echo(f"Wrote {file} ({size} KB). Keep a copy of the keys too, in another place.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Overwrite a database that has something in it.")
def restore(file: Path, replace: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Read FILE back, with the scheduler stopped; it sends no mail until someone says so."""
    from scheduler.persistence import backups

    found = settings()
    if replace:
        _require_stopped(database(found))
    try:
        backups.restore(found.database_url, file, replace=replace)
    except backups.BackupError as error:
        fail(str(error))
    opened = database(found)
    bring_up_to_date(opened)
    count = backups.silence(opened)
    noun = "organization" if count == 1 else "organizations"
    click.echo(f"Restored {count} {noun}; live mail is off until `scheduler mail allow`.")


def _require_stopped(opened: Database) -> None:
    """Refuse to overwrite what a worker is at work on; close the database again."""
    from scheduler.persistence.lease import is_held

    running = is_held(opened.look())
    opened.close()
    if running:
        fail("The scheduler is running on this database. Stop it, wait 15 seconds, try again.")
