"""``scheduler token``: tokens for programs that call the API."""

from datetime import timedelta
from uuid import UUID

import click

from scheduler.clock import system_clock
from scheduler.commands.context import database, fail, settings
from scheduler.domain.errors import DomainError
from scheduler.domain.roles import COMMAND, Role


@click.group("token")
def token() -> None:
    """Make and revoke tokens for programs that call the API."""


@token.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.FRONT_DESK.value,
    show_default=True,
    help="What the program may do.",
)
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True)
@click.option("--organization", help="Name or id; needed when there are several.")
@click.option("--center", help="Name or id; needed when there are several.")
def create(name: str, role: str, days: int, organization: str | None, center: str | None) -> None:
    """Print a new token for the program NAME; it is shown this once."""
    from scheduler.commands.choosing import chosen_center, chosen_organization
    from scheduler.services.tokens import CreateToken, create_token

    opened, now = database(settings()), system_clock()
    organization_id = chosen_organization(opened, organization)
    wanted = CreateToken(
        center_id=chosen_center(opened, organization_id, center),
        role=Role(role),
        name=name,
        expires_at=now + timedelta(days=days),
    )
    try:
        made = create_token(opened.write(organization_id), wanted, now=now, actor=COMMAND)
    except DomainError as refusal:
        fail(str(refusal))
    click.echo(made.secret)


@token.command("list")
@click.option("--organization", help="Name or id; needed when there are several.")
def list_all(organization: str | None) -> None:
    """List tokens without their secrets."""
    from scheduler.commands.choosing import chosen_organization
    from scheduler.services.tokens import list_tokens

    opened = database(settings())
    uow = opened.read(chosen_organization(opened, organization))
    for line in list_tokens(uow, actor=COMMAND):
        until = f"until {line.expires_at:%Y-%m-%d}" if line.expires_at else "without end"
        state = "revoked" if line.revoked_at else until
        click.echo(f"{line.token_id}  {line.role.words}  {state}  {line.name}")


@token.command()
@click.argument("token_id", type=click.UUID)
@click.option("--organization", help="Name or id; needed when there are several.")
def revoke(token_id: UUID, organization: str | None) -> None:
    """Make the token TOKEN_ID useless at once."""
    from scheduler.commands.choosing import chosen_organization
    from scheduler.services.tokens import revoke_token

    opened = database(settings())
    uow = opened.write(chosen_organization(opened, organization))
    try:
        revoke_token(uow, token_id, now=system_clock(), actor=COMMAND)
    except DomainError as refusal:
        fail(str(refusal))
    click.echo("Revoked.")
