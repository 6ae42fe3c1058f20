"""``scheduler mail``: whether live mail may leave."""

import click

from scheduler.clock import system_clock
from scheduler.commands.context import database, settings


@click.group("mail")
def mail() -> None:
    """Say whether live mail may leave."""


@mail.command()
@click.confirmation_option(
    prompt="Patients will get mail from this copy. Is the original stopped for good?"
)
def allow() -> None:
    """Let restored organizations send mail again."""
    from scheduler.domain.roles import COMMAND
    from scheduler.persistence import organizations
    from scheduler.services.mail_permission import allow_live_mail

    opened = database(settings())
    with opened.system() as uow:
        found = [(row.id, row.name) for row in organizations.all_organizations(uow)]
    for organization_id, name in found:
        uow = opened.write(organization_id)
        if allow_live_mail(uow, now=system_clock(), actor=COMMAND):
            click.echo(f"{name} is live again.")
        else:
            click.echo(f"{name} was not restored; nothing to allow.")
