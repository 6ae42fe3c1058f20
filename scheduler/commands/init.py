"""``scheduler init``: an organization with its first center, and the link by which its admin signs up."""

import re
from collections.abc import Mapping
from datetime import time

import click

from scheduler.clock import system_clock
from scheduler.commands.context import database, fail, settings
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.roles import Role
from scheduler.services.setup_facts import NewChair, NewPerson, OpeningHours, SetupCenter

SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
HOURS_HELP = "Such as “Mon-Thu 7:30-17:30, Fri 7:30-13:00”; other days are closed."


@click.command("init")
@click.option("--organization", prompt="Name of the organization")
@click.option("--center", prompt="Name of the infusion center")
@click.option(
    "--mail-name",
    prompt="Its name in mails (must not say what people come for)",
    help="Mails call the center so; no word in it may say infusion, a drug or a diagnosis.",
)
@click.option("--zone", prompt="Time zone", default="America/New_York", show_default=True)
@click.option(
    "--hours",
    prompt="Opening hours",
    default="Mon-Fri 7:30-17:30",
    show_default=True,
    help=HOURS_HELP,
)
@click.option("--chairs", prompt="Number of chairs", type=click.IntRange(1, 200), default=8)
@click.option(
    "--nurses",
    prompt="Nurses on a usual day, names separated by commas",
    help="They count as present during the opening hours; e-mail addresses are added later.",
)
@click.option("--phone", prompt="Phone number during opening hours")
@click.option("--phone-closed", prompt="Phone number when closed")
@click.option("--admin-name", prompt="Your name")
@click.option("--admin-email", prompt="Your work e-mail")
def init(chairs: int, **answers: str) -> None:
    """Set up an organization and its first center; prints a one-time sign-up link."""
    try:
        wanted = _wanted(chairs, answers)
        link = _set_up(wanted)
    except DomainError as refusal:
        fail(f"Nothing was set up. {refusal}")
    click.echo(f"\n  {wanted.center} is set up. Choose your password here, within 7 days:")
    click.echo(f"\n  {link}\n\n  Then: scheduler run")


def _wanted(chairs: int, answers: Mapping[str, str]) -> SetupCenter:
    admin = NewPerson(
        name=answers["admin_name"], email=answers["admin_email"], roles=frozenset({Role.ADMIN})
    )
    return SetupCenter(
        organization=answers["organization"],
        center=answers["center"],
        neutral_name=answers["mail_name"],
        zone=answers["zone"],
        hours=parse_hours(answers["hours"]),
        chairs=tuple(NewChair(name=f"Chair {n}") for n in range(1, chairs + 1)),
        people=(admin, *_nurses(answers["nurses"])),
        phone_open=answers["phone"],
        phone_closed=answers["phone_closed"],
    )


def _set_up(wanted: SetupCenter) -> str:
    from scheduler.persistence import migrations
    from scheduler.services.regimens import sync_formulary
    from scheduler.services.setup import setup_center

    found = settings(create_keys=True)
    opened = database(found)
    if migrations.current(opened.engine) != migrations.newest():
        migrations.upgrade(opened.engine)
    now = system_clock()
    sync_formulary(opened.system(), now=now)
    done = setup_center(opened.system(), wanted, now=now)
    return f"{found.public_url}/invitation/{next(iter(done.links.values()))}"


def _nurses(names: str) -> tuple[NewPerson, ...]:
    return tuple(
        NewPerson(name=name.strip(), roles=frozenset({Role.NURSE}), on_shift=True)
        for name in names.split(",")
        if name.strip()
    )


def parse_hours(text: str) -> tuple[OpeningHours, ...]:
    """Return the opening hours that somebody typed: ``Mon-Thu 7:30-17:30, Fri 7:30-13:00``.

    Raises:
        InvalidError: not of that form.
    """
    days: dict[int, OpeningHours] = {}
    for part in text.lower().split(","):
        for day in _span(part.strip()):
            days[day.weekday] = day
    return tuple(days[number] for number in sorted(days))


def _span(part: str) -> list[OpeningHours]:
    refusal = InvalidError(
        f"Opening hours: “{part}” is not understood. {HOURS_HELP}", field="hours"
    )
    found = HOURS.fullmatch(part)
    if found is None:
        raise refusal
    try:
        first, last = (SHORT_DAYS.index(found[n] or found[1]) for n in (1, 2))
        opens, closes = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    except ValueError:
        raise refusal from None
    return [
        OpeningHours(weekday=number, opens=opens, closes=closes)
        for number in range(first, last + 1)
    ]
