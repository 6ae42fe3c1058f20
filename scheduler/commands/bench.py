"""``scheduler bench``: measurements beside their floors, and races between many clients."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from scheduler.commands import bench_days
from scheduler.commands.context import fail

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
    from scheduler.bench.race import run_races

    try:
        found = run_races(_engines(engine), rounds)
    except RuntimeError as error:
        fail(str(error))
    right = all(each.right for each in found)
    if as_json:
        told = {"verdict": "right" if right else "wrong", "rounds": [asdict(r) for r in found]}
        click.echo(json.dumps(told))
    else:
        for each in found:
            words = "right" if each.right else f"WRONG {each.other}"
            click.echo(
                f"{each.engine:<11} {each.race:<13} wins {each.wins}, refused {each.refused},"
                f" with offers {each.with_offers}: {words}"
            )
    if not right:
        raise SystemExit(1)


@bench.command("board")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "both"]), default="sqlite", show_default=True
)
def board(engine: str) -> None:
    """Measure the day board among 100,000 appointments."""
    from scheduler.bench.speed import measure_board

    for each in _engines(engine):
        _say([measure_board(each)])


@bench.command("booking")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "both"]), default="sqlite", show_default=True
)
def booking(engine: str) -> None:
    """Measure one booking and a series of 26."""
    from scheduler.bench.speed import measure_booking

    for each in _engines(engine):
        _say(measure_booking(each))


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
        _say([measured])
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
    context.invoke(booking, engine="both")
    context.invoke(race)


def _engines(name: str) -> tuple[str, ...]:
    return ENGINES if name == "both" else (name,)


def _say(found: object) -> None:
    from scheduler.bench.speed import Measured

    assert isinstance(found, list)  # noqa: S101 - ours
    for each in found:
        assert isinstance(each, Measured)  # noqa: S101 - ours
        verdict = "held" if each.held else "NOT held"
        click.echo(
            f"{each.engine:<11} {each.what:<13} ours {each.ours_ms:.1f} ms, floor {each.floor_ms:.1f} ms,"
            f" {each.ratio:.1f} x (at most {each.most:.0f} x: {verdict})"
        )
