"""Web processes never load the worker's clock, the worker never loads the web; seen from inside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.test_settings import GOOD

WEB = {"flask", "werkzeug", "wtforms", "waitress", "flask_login", "flask_wtf"}
CLOCK = {"apscheduler"}
SAY = "; import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def loaded_by(statement: str, folder: Path) -> set[str]:
    """Return the packages that a new process has loaded after a statement."""
    database = {"DATABASE_URL": f"sqlite:///{folder / 'scheduler.db'}"}
    result = subprocess.run(
        [sys.executable, "-c", statement + SAY],
        env={"PATH": os.defpath, **GOOD, **database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


@pytest.mark.slow
def test_a_web_process_never_loads_the_clock(tmp_path: Path) -> None:
    loaded = loaded_by("import scheduler.wsgi", tmp_path)

    assert loaded >= {"flask"}
    assert loaded & CLOCK == set()


@pytest.mark.slow
def test_the_worker_never_loads_the_web(tmp_path: Path) -> None:
    loaded = loaded_by("import scheduler.worker", tmp_path)

    assert loaded >= CLOCK
    assert loaded & WEB == set()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["web", "worker"])
def test_the_command_line_loads_neither_before_it_knows_which(command: str, tmp_path: Path) -> None:
    loaded = loaded_by(
        f"from scheduler.cli import main; main.get_command(None, {command!r})", tmp_path
    )

    assert loaded & (WEB | CLOCK) == set()
