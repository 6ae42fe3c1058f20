"""``scheduler tick``: move a demonstration's clock forward, with every pass of the worker on the way."""

from datetime import datetime

import click

from scheduler.commands.context import database, fail, settings
from scheduler.domain.ids import OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.persistence.database import Database


@click.command("tick")
@click.option(
    "--at",
    "wall",
    type=click.DateTime(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    required=True,
    help="The center's wall time to move to, such as “2026-12-01 09:00”.",
)
def tick(wall: datetime) -> None:
    """Move the demonstration's clock forward, so that next week can be watched as it happens."""
    from scheduler.jobs.ticking import steps_to, tick_through
    from scheduler.services.demonstration.moving_clock import moment_of, wall_of
    from scheduler.worker import context_of

    found = settings()
    organization = _demonstration(database(found))
    context = context_of(found)
    with context.database.read(organization) as uow:
        moment = moment_of(uow, wall)
    stops = steps_to(context, organization, moment)
    if not stops:
        fail("The clock moves forward only; name a later time.")
    with click.progressbar(
        tick_through(context, organization, stops), length=len(stops), label="Moving the clock"
    ) as bar:
        for _ in bar:
            pass
    with context.database.read(organization) as uow:
        at = wall_of(uow, moment)
    click.echo(f"It is {at:%A, %B} {at.day}, {at:%Y, %H:%M} in the demonstration.")


def _demonstration(opened: Database) -> OrganizationId:
    from scheduler.persistence import organizations

    with opened.system() as uow:
        rows = organizations.all_organizations(uow)
        found = [row.id for row in rows if row.mode is OrganizationMode.DEMONSTRATION]
    if not found:
        fail("There is no demonstration here; the clock of a real center is nobody's to move.")
    return found[0]
