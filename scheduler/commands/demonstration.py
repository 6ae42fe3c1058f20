"""``scheduler demonstration``: build a demonstration center in an empty database, with a progress bar."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scheduler.clock import system_clock
from scheduler.commands.context import database, fail, settings
from scheduler.domain.people import OrganizationMode
from scheduler.paths import instance_dir
from scheduler.persistence.database import Database


@click.command("demonstration")
@click.option(
    "--seed", default=1, show_default=True, help="The same seed and day: the same center."
)
def demonstration(seed: int) -> None:
    """Build a demonstration center; only in a database that has no organization."""
    from scheduler.commands.db import bring_up_to_date
    from scheduler.persistence import organizations
    from scheduler.services.demonstration.staff import sign_ins

    opened = database(settings(create_keys=True))
    bring_up_to_date(opened)
    with opened.system() as uow:
        there = organizations.all_organizations(uow)
    if there:
        require_whole(opened)
        fail(
            "There is an organization already; a demonstration is built in an empty database only."
        )
    build_with_progress(opened, seed=seed)
    with opened.system() as uow:
        click.echo("\n".join(sign_ins(uow)))


def require_whole(database: Database) -> None:
    """Stop when the demonstration in a database was interrupted while it was built.

    Nobody is ever told to delete a database that holds a center of another kind, whatever the mark says.
    """
    from scheduler.persistence import organizations

    with database.system() as uow:
        modes = {each.mode for each in organizations.all_organizations(uow)}
    mark = _mark()
    begun = mark.exists() and mark.read_text(encoding="utf-8") == str(database.engine.url)
    if begun and modes == {OrganizationMode.DEMONSTRATION}:
        where = database.engine.url.database
        fail(
            "The demonstration was interrupted while it was built, so it is not whole."
            f" Delete the database {where} and start again."
        )


def _mark() -> Path:
    """Return the file that is there while a demonstration is being built."""
    return instance_dir() / "demonstration-unfinished"


def build_with_progress(database: Database, *, seed: int) -> None:
    """Build the demonstration and show how far it is; until it is whole, a file says so."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(database.engine.url), encoding="utf-8")
    _build(database, seed)
    mark.unlink()


def _build(database: Database, seed: int) -> None:
    from scheduler.services.demonstration.builder import Wanted, build

    click.echo("Building a demonstration center (once, about a minute) ...")
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as progress:
        bars: dict[str, int] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(stage, total=total)
            progress.update(bars[stage], completed=done)  # type: ignore[arg-type]

        build(database, Wanted(seed=seed), system_now=system_clock(), report=report)
