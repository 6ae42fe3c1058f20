"""``scheduler capacity plan``: how many patients chairs and nurses can hold, before a center has any."""

from datetime import time

import click

from scheduler.commands.context import fail
from scheduler.domain.capacity_plan import WORDS, Share, plan_capacity
from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseShift, hands_on_rule, simple_rule
from scheduler.domain.timing import minute_of
from scheduler.services.regimen_shares import share_of
from scheduler.services.regimens import shipped_regimens


@click.group("capacity")
def capacity() -> None:
    """Say what a center can hold."""


@capacity.command()
@click.option(
    "--chairs", type=click.IntRange(1, 500), required=True, help="Chairs, beds and rooms."
)
@click.option("--nurses", type=click.IntRange(1, 200), required=True, help="Nurses there all day.")
@click.option("--patients-per-nurse", type=click.IntRange(1, 12), default=3, show_default=True)
@click.option("--rule", type=click.Choice(["S", "H"]), default="S", show_default=True)
@click.option("--opens", default="07:30", show_default=True)
@click.option("--closes", default="17:30", show_default=True)
@click.option("--mix", required=True, help="ocrelizumab-iv=30,natalizumab-iv=70: patients in 100.")
def plan(**asked: str | int) -> None:
    """Print how many patients a center can hold and which limit binds first."""
    found = plan_capacity(_setup(asked), _mix(str(asked["mix"])))
    click.echo(f"{found.patients} patients: {found.visits_a_day} visits on each open day.")
    click.echo(f"First to bind: {WORDS[found.binds]}.")
    for limit, visits in found.without.items():
        click.echo(f"  without a limit on {WORDS[limit]}: {visits} visits a day")


def _setup(asked: dict[str, str | int]) -> DaySetup:
    hours = DayHours(opens=_time(str(asked["opens"])), closes=_time(str(asked["closes"])))
    rule = (hands_on_rule if asked["rule"] == "H" else simple_rule)(
        int(asked["patients_per_nurse"])
    )
    shift = NurseShift(shift=Span(begins=minute_of(hours.opens), ends=minute_of(hours.closes)))
    return DaySetup(
        hours=hours,
        chairs=tuple(ChairFacts(key=n) for n in range(int(asked["chairs"]))),
        nurses=(shift,) * int(asked["nurses"]),
        rule=rule,
    )


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        fail(f"{text} is not a time; write it as 07:30")


def _mix(text: str) -> list[Share]:
    known = {rule.id: rule for rule in shipped_regimens()}
    shares = []
    for part in text.split(","):
        name, _, share = part.strip().partition("=")
        if name not in known or not share.replace(".", "", 1).isdigit():
            fail(
                f"{part.strip()}: write a regimen of the formulary and its share, natalizumab-iv=70"
            )
        shares.append(share_of(known[name], float(share)))
    return shares
