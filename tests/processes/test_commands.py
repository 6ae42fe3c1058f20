"""What the commands say when something is wrong: a sentence and 1, never a traceback."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli import COMMANDS, main
from scheduler.persistence.database import Database
from scheduler.persistence.lease import give_up_lease, take_lease
from tests.conftest import RING
from tests.processes.test_settings import GOOD

NOWHERE = "postgresql://ann@127.0.0.1:1/scheduler"


def command(folder: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with its database in a folder, and return what it said."""
    database = {"DATABASE_URL": f"sqlite:///{folder / 'scheduler.db'}"}
    return subprocess.run(
        [sys.executable, "-m", "scheduler.cli", *arguments],
        env={"PATH": os.defpath, **GOOD, **database, **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_every_malformed_setting_is_named_in_one_go(tmp_path: Path) -> None:
    result = command(tmp_path, "run", PORT="none", MAIL_URL="carrier pigeon")

    assert result.returncode == 1
    assert "PORT" in result.stderr
    assert "MAIL_URL" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(tmp_path: Path) -> None:
    result = command(tmp_path, "db", "check", DATABASE_URL=NOWHERE)

    assert result.returncode == 1
    assert "cannot be reached" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_nothing_runs_before_there_is_a_database(tmp_path: Path) -> None:
    result = command(tmp_path, "run", PORT="8999")

    assert result.returncode == 1
    assert "scheduler init" in result.stderr


@pytest.mark.slow
def test_a_database_is_migrated_backed_up_and_restored_by_command(tmp_path: Path) -> None:
    said = [
        command(tmp_path, "db", "upgrade"),
        command(tmp_path, "db", "check"),
        command(tmp_path, "backup", str(tmp_path / "copy")),
        command(tmp_path, "restore", "--replace", str(tmp_path / "copy")),
        command(tmp_path, "db", "check"),
    ]

    assert [each.returncode for each in said] == [0] * 5, [each.stderr for each in said]
    assert "live mail is off" in said[3].stdout


@pytest.mark.slow
def test_a_database_with_a_worker_on_it_is_not_replaced(tmp_path: Path) -> None:
    command(tmp_path, "db", "upgrade")
    command(tmp_path, "backup", str(tmp_path / "copy"))
    opened = Database(f"sqlite:///{tmp_path / 'scheduler.db'}", RING)
    take_lease(opened.system(), "a worker", lasts=timedelta(minutes=5))

    refused = command(tmp_path, "restore", "--replace", str(tmp_path / "copy"))
    give_up_lease(opened.system(), "a worker")
    opened.close()
    restored = command(tmp_path, "restore", "--replace", str(tmp_path / "copy"))

    assert (refused.returncode, restored.returncode) == (1, 0)
    assert "Stop it" in refused.stderr


def test_keys_are_never_made_beside_data_that_others_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.commands import context
    from scheduler.persistence.migrations import upgrade
    from tests.factories.people import make_organization

    url = f"sqlite:///{tmp_path / 'scheduler.db'}"
    database = Database(url, RING)
    upgrade(database.engine)
    make_organization(database)
    database.close()
    for module in ("commands.context", "settings"):
        monkeypatch.setattr(f"scheduler.{module}.instance_dir", lambda: tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    for name in ("SECRET_KEY", "SCHEDULER_KEYS"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(SystemExit):
        context.settings(create_keys=True)

    assert not (tmp_path / "keys").exists()


@pytest.mark.slow
def test_a_database_that_was_not_upgraded_is_not_checked(tmp_path: Path) -> None:
    said = command(tmp_path, "check")

    assert said.returncode == 1
    assert "scheduler db upgrade" in said.stderr
    assert "Traceback" not in said.stderr
