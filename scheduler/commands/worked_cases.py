"""Worked cases from a spreadsheet: a line for each, and whether all hold."""

import csv
from collections.abc import Iterator
from pathlib import Path

import click

from scheduler.commands.one_sentence import OptionError
from scheduler.domain.cases.answering import verdict
from scheduler.domain.cases.case import Case
from scheduler.domain.cases.question import Known

COLUMNS = ("id", "drug", "region", "inputs", "ask", "expect")


def run_cases(path: Path, known: Known) -> None:
    """Answer each case of a file and compare; exits 1 unless there are some and all hold.

    Raises:
        OptionError: the file has not the columns of worked cases.
    """
    found = [verdict(case, known) for case in _cases(path)]
    for each in found:
        click.echo(f"{each.case.id}: {'; '.join(each.faults) or 'passed'}")
    passed = sum(not each.faults for each in found)
    click.echo(f"{passed} of {len(found)} cases passed")
    if passed < len(found) or not found:
        raise SystemExit(1)


def _cases(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise OptionError(f"--cases {path}: there is no column {', '.join(missing)}.")
        for row in rows:
            yield Case(
                id=row["id"] or "",
                regimen=row["drug"] or "",
                region=row["region"] or "",
                inputs=row["inputs"] or "",
                ask=row["ask"] or "",
                expect=row["expect"] or "",
                earliest=row.get("earliest") or "",
                latest=row.get("latest") or "",
            )
