"""The series command run in this process, and what it says."""

import json
from typing import Any

from click.testing import CliRunner, Result

from scheduler.cli import main

OCRELIZUMAB = ("--regimen", "ocrelizumab-iv", "--region", "US", "--start", "2026-01-05")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["series", *arguments])


def told(*arguments: str) -> Any:
    """Return what the command says as JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def days(answer: Any, what: str = "planned") -> list[str]:
    return [dose[what] for dose in answer["doses"]]
