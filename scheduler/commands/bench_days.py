"""``scheduler bench fill`` and its kin: how good the offers are, measured against proven values."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from scheduler.commands.context import fail

FOLDER = click.option(
    "--data",
    envvar="BENCH_DATA",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of instances (or BENCH_DATA); without one, days are drawn.",
)
FILE = click.option(
    "--instance",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An instance file.",
)
ORDERS = click.option("--orders", default=3, show_default=True, type=click.IntRange(1, 100))
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


def say(found: Iterable[Any], *, as_json: bool) -> None:
    """Print measurements: a JSON object a line, or words."""
    for each in found:
        facts = asdict(each)
        words = "  ".join(f"{name} {value}" for name, value in facts.items())
        click.echo(json.dumps(facts) if as_json else words)


@click.command("fill")
@FILE
@FOLDER
@click.option("--requests", default=120, show_default=True, help="Requests a day, without a file.")
@click.option("--rule", type=click.Choice(["S", "H"]), default="S", show_default=True)
@click.option("--nurses", type=click.IntRange(1), help="8 under rule S, 10 under H.")
@click.option("--offers", type=click.IntRange(1, 9), default=1, show_default=True)
@click.option("--wish", type=click.Choice(["unknown", "known"]), default="unknown")
@ORDERS
@JSON
def fill(
    *,
    file: Path | None,
    data: Path | None,
    requests: int,
    rule: str,
    nurses: int | None,
    offers: int,
    wish: str,
    orders: int,
    as_json: bool,
) -> None:
    """Book a day request by request; print the share of the proven most, and minutes from the wish."""
    from scheduler.bench.fill import measure_fill
    from scheduler.bench.instances import NURSES, day_instance

    found = measure_fill(
        day_instance(requests, data, file),
        rule=rule,
        nurses=nurses or NURSES[rule],
        offers=offers,
        wish=wish,
        orders=orders,
    )
    say([found], as_json=as_json)


@click.command("level")
@FILE
@FOLDER
@click.option("--requests", default=90, show_default=True, help="Requests a day, without a file.")
@click.option("--nurses", type=click.IntRange(1), default=8, show_default=True)
@ORDERS
@JSON
def level(
    *,
    file: Path | None,
    data: Path | None,
    requests: int,
    nurses: int,
    orders: int,
    as_json: bool,
) -> None:
    """Book a day request by request; print its peak divided by the proven lowest."""
    from scheduler.bench.fill import measure_level
    from scheduler.bench.instances import day_instance

    found = measure_level(day_instance(requests, data, file), nurses=nurses, orders=orders)
    say(found, as_json=as_json)


@click.command("replan")
@FOLDER
@click.option("--optimizer", is_flag=True, help="With OR-Tools, the [optimizer] extra.")
@JSON
def replan(*, data: Path | None, optimizer: bool, as_json: bool) -> None:
    """Rearrange whole days; print how often the proven best was reached."""
    from scheduler.bench.replan import measure_replans

    say(measure_replans(data, optimizer=optimizer), as_json=as_json)


@click.command("series")
@click.option("--instance", "name", help="A file, or the name of one in the folder: windows.")
@FOLDER
@ORDERS
@JSON
def series(*, name: str | None, data: Path | None, orders: int, as_json: bool) -> None:
    """Book 300 series one by one, and plan them all anew; print the busiest day divided by the optimum."""
    from scheduler.bench.series import measure_series
    from scheduler.bench.series_draws import drawn_series, read_series

    file = instance_file(name, data, "series")
    draws = read_series(file) if file else [drawn_series(seed) for seed in (1, 2)]
    say(measure_series(draws, orders), as_json=as_json)


@click.command("week")
@click.option("--instance", "name", help="A file, or the name of one in the folder: mayo.")
@FOLDER
@ORDERS
@JSON
def week(*, name: str | None, data: Path | None, orders: int, as_json: bool) -> None:
    """Book real days and live through them with lengths that vary; print waiting and overtime."""
    from scheduler.bench.week import measure_week
    from scheduler.bench.week_draws import drawn_week, read_week

    file = instance_file("mayo_days_1_11" if name == "mayo" else name, data, "")
    say(measure_week(read_week(file) if file else drawn_week(1), orders), as_json=as_json)


def instance_file(name: str | None, data: Path | None, *folders: str) -> Path | None:
    """Return the file of an instance, given by path or by its name in the folder of instances.

    Raises:
        SystemExit: a name was given, and there is no such file.
    """
    if name is None:
        return None
    named = [data / each / f"{name}.json" for each in folders] if data else []
    found = next((file for file in (Path(name), *named) if file.is_file()), None)
    return found or fail(f"There is no instance {name}. Give a file, or its folder as BENCH_DATA.")
