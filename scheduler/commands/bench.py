"""``scheduler bench``: measurements beside their floors, and races between many clients."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.commands import bench_days
from scheduler.commands.context import fail

if TYPE_CHECKING:
    from scheduler.bench.speed import Measured

ENGINES = ("sqlite", "postgresql")


@click.group("bench")
def bench() -> None:
    """Measure against floors in the same run, and race 32 clients."""


for command in (
    bench_days.fill,
    bench_days.level,
    bench_days.replan,
    bench_days.series,
    bench_days.week,
):
    bench.add_command(command)


@bench.command("race")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--engine", type=click.Choice([*ENGINES, "both"]), default="both", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def race(rounds: int, engine: str, as_json: bool) -> None:  # noqa: FBT001 - click gives it
    """Let 32 clients want one last place, and one same series of 26; exit 1 when it ends wrong."""
    from scheduler.bench.race import run_races, together

    try:
        found = run_races(_engines(engine), rounds)
    except RuntimeError as error:
        fail(str(error))
    for each in together(found):
        _tell(asdict(each), as_json=as_json)
    for wrong in (each for each in found if not each.right):
        click.echo(f"WRONG: {wrong}", err=True)
    if not all(each.right for each in found):
        raise SystemExit(1)


ENGINE = click.option(
    "--engine", type=click.Choice([*ENGINES, "both"]), default="sqlite", show_default=True
)


@bench.command("board")
@ENGINE
@bench_days.JSON
def board(*, engine: str, as_json: bool) -> None:
    """Measure the day board among 100,000 appointments."""
    from scheduler.bench.speed import measure_board

    for each in _engines(engine):
        _say([measure_board(each)], as_json=as_json)


@bench.command("search")
@ENGINE
@bench_days.JSON
def search(*, engine: str, as_json: bool) -> None:
    """Measure offers: over 90 days of 30 chairs in process, and over HTTP among 100,000 appointments."""
    from scheduler.bench.search import measure_offers, measure_search

    _say([measure_search()], as_json=as_json)
    for each in _engines(engine):
        _say([measure_offers(each)], as_json=as_json)


@bench.command("book")
@ENGINE
@bench_days.JSON
def book(*, engine: str, as_json: bool) -> None:
    """Measure one booking and a series of 26."""
    from scheduler.bench.speed import measure_booking

    for each in _engines(engine):
        _say(measure_booking(each), as_json=as_json)


@bench.command("planning")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def planning(as_json: bool) -> None:  # noqa: FBT001 - click gives it
    """Measure planning 130 doses beside a bare loop, and a center's 850 plans under a new version."""
    from scheduler.bench.planning import as_plain, measure_planning, replan_center

    try:
        measured = measure_planning()
    except RuntimeError as error:
        fail(str(error))
    center = replan_center()
    if as_json:
        click.echo(json.dumps(as_plain(measured, center)))
    else:
        _say([measured], as_json=False)
        click.echo(
            f"{'-':<11} {center.plans} plans     {center.ms:.0f} ms under a new version, {center.moved} doses"
            f" move (guidance: {center.guidance_ms} ms)"
        )
    if not measured.held:
        raise SystemExit(1)


@bench.command("all")
@bench_days.FOLDER
@click.pass_context
def everything(context: click.Context, data: Path | None) -> None:
    """Measure offers and planning, then the board and bookings on both engines, then race."""
    for rule in ("S", "H"):
        for offers, wish in ((1, "unknown"), (1, "known"), (3, "known")):
            context.invoke(bench_days.fill, data=data, rule=rule, offers=offers, wish=wish)
    context.invoke(bench_days.level, data=data)
    context.invoke(bench_days.replan, data=data)
    context.invoke(bench_days.series, data=data, name="windows" if data else None)
    context.invoke(bench_days.week, data=data, name="mayo" if data else None)
    context.invoke(planning)
    context.invoke(board, engine="both")
    context.invoke(search, engine="both")
    context.invoke(book, engine="both")
    context.invoke(race)


def _engines(name: str) -> tuple[str, ...]:
    return ENGINES if name == "both" else (name,)


def _say(found: "Sequence[Measured]", *, as_json: bool) -> None:
    for each in found:
        if as_json:
            click.echo(json.dumps(each.as_plain()))
            continue
        verdict = "held" if each.held else "NOT held"
        limit = f"{each.most:g} ms" if each.in_ms else f"{each.most:.0f} x"
        click.echo(
            f"{each.engine:<11} {each.what:<13} ours {each.ours_ms:.2f} ms, floor {each.floor_ms:.2f} ms,"
            f" {each.ratio:.1f} x (at most {limit}: {verdict})"
        )


def _tell(facts: dict[str, object], *, as_json: bool) -> None:
    words = "  ".join(f"{name} {value}" for name, value in facts.items())
    click.echo(json.dumps(facts) if as_json else words)
