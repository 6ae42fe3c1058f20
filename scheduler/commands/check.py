"""``scheduler check``: recompute what is derived, and name each difference."""

import click

from scheduler.commands.context import database, fail, settings
from scheduler.domain.ids import OrganizationId


@click.command("check")
def check() -> None:
    """Compare counts, record, messages and plan dates with what they follow from; exit 1 on a difference."""
    from scheduler.persistence import migrations
    from scheduler.services.check import CHECKS, differences, organizations_here

    opened = database(settings())
    at, newest = migrations.current(opened.engine), migrations.newest()
    if at != newest:
        fail(f"The database is at revision {at}, the code needs {newest}: scheduler db upgrade")
    count = 0
    for organization, name in organizations_here(opened.system()):
        click.echo(f"{name}:")
        for words, one in CHECKS.items():
            found = differences(opened.read(OrganizationId(organization)), one)
            count += len(found)
            click.echo(
                f"  {words:<10} {'as it should be' if not found else f'{len(found)} differ'}"
            )
            for each in found:
                click.echo(f"    {each.what}: {each.sentence}")
    if count:
        raise SystemExit(1)
