"""``scheduler capacity plan``: how many patients chairs and nurses can hold, before a center has any."""

from datetime import time

import click

from scheduler.commands.context import fail
from scheduler.domain.capacity_plan import WORDS
from scheduler.domain.errors import InvalidError
from scheduler.services.center_capacity import (
    MOST_CHAIRS,
    MOST_NURSES,
    MOST_WATCHED,
    CapacityAsked,
    held_by,
)
from scheduler.services.regimens import shipped_regimens


@click.group("capacity")
def capacity() -> None:
    """Say what a center can hold."""


@capacity.command()
@click.option(
    "--chairs", type=click.IntRange(1, MOST_CHAIRS), required=True, help="Chairs, beds and rooms."
)
@click.option(
    "--nurses", type=click.IntRange(1, MOST_NURSES), required=True, help="Nurses there all day."
)
@click.option(
    "--patients-per-nurse", type=click.IntRange(1, MOST_WATCHED), default=3, show_default=True
)
@click.option("--rule", type=click.Choice(["S", "H"]), default="S", show_default=True)
@click.option("--opens", default="07:30", show_default=True)
@click.option("--closes", default="17:30", show_default=True)
@click.option("--mix", required=True, help="ocrelizumab-iv=30,natalizumab-iv=70: patients in 100.")
def plan(**asked: str | int) -> None:
    """Print how many patients a center can hold and which limit binds first."""
    try:
        found = held_by(_asked(asked), {rule.id: rule for rule in shipped_regimens()})
    except InvalidError as refusal:
        fail(str(refusal))
    click.echo(f"{found.patients} patients: {found.visits_a_day} visits on each open day.")
    click.echo(f"First to bind: {WORDS[found.binds]}.")
    for limit, visits in found.without.items():
        click.echo(f"  without a limit on {WORDS[limit]}: {visits} visits a day")


def _asked(asked: dict[str, str | int]) -> CapacityAsked:
    return CapacityAsked(
        chairs=int(asked["chairs"]),
        nurses=int(asked["nurses"]),
        patients_per_nurse=int(asked["patients_per_nurse"]),
        nurse_rule=str(asked["rule"]),
        opens=_time(str(asked["opens"])),
        closes=_time(str(asked["closes"])),
        mix=tuple(_share(part.strip()) for part in str(asked["mix"]).split(",")),
    )


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        fail(f"{text} is not a time; write it as 07:30")


def _share(part: str) -> tuple[str, float]:
    name, _, share = part.partition("=")
    if not name or not share.replace(".", "", 1).isdigit():
        fail(f"{part}: write a regimen of the formulary and its share, natalizumab-iv=70")
    return name, float(share)
