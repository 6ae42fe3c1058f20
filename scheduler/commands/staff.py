"""``scheduler staff``: people, for when nobody can sign in."""

import click

from scheduler.clock import system_clock
from scheduler.commands.context import database, fail, settings
from scheduler.domain.errors import DomainError
from scheduler.domain.roles import COMMAND, Role


@click.group("staff")
def staff() -> None:
    """List people, invite them, reset their passwords."""


@staff.command("list")
@click.option("--organization", help="Name or id; needed when there are several.")
def list_all(organization: str | None) -> None:
    """List people with their roles."""
    from scheduler.commands.choosing import chosen_organization
    from scheduler.services.staff_list import list_staff

    opened = database(settings())
    uow = opened.read(chosen_organization(opened, organization))
    for person in list_staff(uow, actor=COMMAND):
        roles = "; ".join(
            f"{place.center}: {', '.join(sorted(role.words for role in place.roles))}"
            for place in person.roles
        )
        state = "active" if person.active else "not active"
        click.echo(f"{person.name}  {person.email or '(no address)'}  {state}  {roles}")


@staff.command()
@click.option("--name", prompt=True)
@click.option("--email", prompt="Work e-mail")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
)
@click.option("--organization", help="Name or id; needed when there are several.")
@click.option("--center", help="Name or id; needed when there are several.")
def invite(
    name: str, email: str, roles: tuple[str, ...], organization: str | None, center: str | None
) -> None:
    """Add a person and print the one-time link by which they choose a password."""
    from scheduler.commands.choosing import chosen_center, chosen_organization
    from scheduler.services.staff import InviteStaff, invite_staff

    found = settings()
    opened, now = database(found), system_clock()
    organization_id = chosen_organization(opened, organization)
    wanted = InviteStaff(
        name=name,
        email=email,
        center_id=chosen_center(opened, organization_id, center),
        roles=frozenset(Role(role) for role in roles),
    )
    try:
        made = invite_staff(
            opened.write(organization_id), wanted, now=now, system_now=now, actor=COMMAND
        )
    except DomainError as refusal:
        fail(str(refusal))
    click.echo(f"{found.public_url}/invitation/{made.secret}")


@staff.command()
@click.argument("email")
def reset(email: str) -> None:
    """Print a one-time link by which the person with that address chooses a new password."""
    from scheduler.persistence.staff import credentials_by_email
    from scheduler.services.staff import reset_password

    found = settings()
    opened, now = database(found), system_clock()
    with opened.look() as uow:
        person = credentials_by_email(uow, email)
    if person is None:
        fail(f"Nobody signs in with {email}.")
    made = reset_password(
        opened.write(person.organization_id),
        person.staff_id,
        now=now,
        system_now=now,
        actor=COMMAND,
    )
    click.echo(f"{found.public_url}/invitation/{made.secret}")
