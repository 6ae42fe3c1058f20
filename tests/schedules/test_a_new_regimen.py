"""A regimen that does not exist, added as CONTRIBUTING says: one file and one table of cases, and no code."""

from pathlib import Path

from click.testing import CliRunner

from scheduler.cli import main

FICTIONAL = Path(__file__).parent / "fictional"
TABLE = FICTIONAL / "fictumab-iv.csv"


def test_a_regimen_is_one_file_and_its_cases_are_one_table() -> None:
    asked = ["series", "--folder", str(FICTIONAL), "--cases", str(TABLE)]

    found = CliRunner().invoke(main, asked)

    assert found.exit_code == 0, found.output
    assert "8 of 8 cases passed" in found.output


def test_without_its_file_every_case_of_it_fails() -> None:
    found = CliRunner().invoke(main, ["series", "--cases", str(TABLE)])

    assert found.exit_code == 1
    assert "0 of 8 cases passed" in found.output
    assert "there is no regimen fictumab-iv" in found.output
