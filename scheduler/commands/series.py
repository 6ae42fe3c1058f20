"""``scheduler series``: the dates of a regimen on the command line, and worked cases from a spreadsheet."""

import csv
from collections.abc import Iterator
from pathlib import Path

import click
import holidays

from scheduler.commands.context import fail
from scheduler.domain.cases.answering import verdict
from scheduler.domain.cases.case import Case
from scheduler.domain.cases.question import Known
from scheduler.domain.dates import OpenDays
from scheduler.services.regimens import shipped_regimens

FEDERAL_YEARS = range(2000, 2061)
COLUMNS = ("id", "drug", "region", "inputs", "ask", "expect")


@click.command("series")
@click.option(
    "--cases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A CSV file of worked cases; each is answered and compared.",
)
def series(cases: Path) -> None:
    """Answer worked cases with the shipped regimens; exits 1 unless all hold."""
    regimens = {rule.id: rule for rule in shipped_regimens()}
    known = Known(regimens=regimens, calendars={"US": _federal_days()})
    found = [verdict(case, known) for case in _cases(cases)]
    for each in found:
        click.echo(f"{each.case.id}: {'; '.join(each.faults) or 'passed'}")
    passed = sum(not each.faults for each in found)
    click.echo(f"{passed} of {len(found)} cases passed")
    if passed < len(found) or not found:
        raise SystemExit(1)


def _federal_days() -> OpenDays:
    """Return Monday to Friday without the federal holidays as they are observed."""
    return OpenDays(closed=frozenset(holidays.country_holidays("US", years=FEDERAL_YEARS)))


def _cases(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            fail(f"{path.name}: there is no column {', '.join(missing)}")
        for row in rows:
            yield Case(
                id=row["id"],
                regimen=row["drug"],
                region=row["region"],
                inputs=row["inputs"],
                ask=row["ask"],
                expect=row["expect"],
                earliest=row.get("earliest") or "",
                latest=row.get("latest") or "",
            )
