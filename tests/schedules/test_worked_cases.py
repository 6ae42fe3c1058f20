"""Worked cases: every row that a pharmacist would check by hand, answered by the engine."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import holidays
import pytest
from click.testing import CliRunner

from scheduler.cli import main
from scheduler.domain.cases.answering import verdict
from scheduler.domain.cases.case import Case
from scheduler.domain.cases.question import Known
from scheduler.domain.dates import OpenDays
from tests.schedules.formulary import FORMULARY, shipped

FILE = Path(__file__).parent / "worked_cases.csv"
KNOWN = Known(
    regimens={path.stem: shipped(path.stem) for path in sorted(FORMULARY.glob("*.toml"))},
    calendars={
        "US": OpenDays(closed=frozenset(holidays.country_holidays("US", years=range(2024, 2034))))
    },
)


def cases() -> Sequence[Case]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                id=row["id"],
                regimen=row["drug"],
                region=row["region"],
                inputs=row["inputs"],
                ask=row["ask"],
                expect=row["expect"],
                earliest=row["earliest"],
                latest=row["latest"],
            )
            for row in csv.DictReader(file)
        ]


PLAIN = Case(
    id="plain",
    regimen="ocrelizumab-iv",
    region="US",
    inputs="start=2026-01-05;cal=none;n=3",
    ask="series",
    expect="2026-01-05|2026-01-19|2026-07-05",
)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_the_engine_answers_as_the_case_was_worked(case: Case) -> None:
    assert verdict(case, KNOWN).faults == ()


@pytest.mark.family
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_key_that_nobody_knows_fails_whatever_is_asked(case: Case) -> None:
    joined = f"{case.inputs};" if case.inputs else ""

    assert verdict(replace(case, inputs=f"{joined}colour=blue"), KNOWN).faults


@pytest.mark.slow
def test_the_answers_follow_the_inputs_and_not_the_cases_names() -> None:
    named = [replace(case, id=f"case {n}") for n, case in enumerate(cases())]

    assert [verdict(case, KNOWN).faults for case in named] == [()] * len(named)


def test_a_wrong_date_is_named_with_what_was_expected() -> None:
    wrong = replace(PLAIN, expect="2026-01-05|2026-01-20|2026-07-05")

    assert verdict(wrong, KNOWN).faults == (
        "expected 2026-01-05|2026-01-20|2026-07-05, got 2026-01-05|2026-01-19|2026-07-05",
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"inputs": "start=2026-01-05;speed=3"}, "nobody knows speed"),
        ({"ask": "wishes"}, "nobody knows how to answer wishes"),
        ({"regimen": "aspirin"}, "there is no regimen aspirin"),
        ({"inputs": "start=2026-02-30"}, "day is out of range for month"),
        ({"inputs": "n=3"}, "start is missing"),
        ({"ask": "sum", "inputs": "amount=much"}, "a value that is not a number"),
        ({"ask": "sum", "inputs": "mg=21|22;bsa=1.8|1.9|2"}, "needs the surface of its day"),
    ],
)
def test_what_nobody_knows_is_a_failure_and_not_a_pass(change: dict[str, str], says: str) -> None:
    faults = verdict(replace(PLAIN, **change), KNOWN).faults

    assert says in faults[0]


def test_the_command_prints_a_line_a_case_and_fails_unless_all_hold(tmp_path: Path) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()[:3]
    held, broken = tmp_path / "held.csv", tmp_path / "broken.csv"
    held.write_text("\n".join(lines), encoding="utf-8")
    broken.write_text("\n".join(lines).replace("2026-01-19|", "2026-01-21|", 1), encoding="utf-8")

    good = CliRunner().invoke(main, ["series", "--cases", str(held)])
    bad = CliRunner().invoke(main, ["series", "--cases", str(broken)])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "2 of 2 cases passed" in good.output
    assert "OCR-01: expected" in bad.output
