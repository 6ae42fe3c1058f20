"""A demonstration that was interrupted while it was built is not taken for a whole one."""

import _thread
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from click.testing import CliRunner

from scheduler import keys
from scheduler.cli import main
from scheduler.persistence.database import Database
from scheduler.persistence.organizations import all_organizations
from tests.conftest import RING

pytestmark = pytest.mark.slow


def interrupt_once_there_is_a_center(file: Path) -> None:
    """Press Ctrl-C as soon as a center is stored, long before its patients are."""
    while True:
        sleep(0.05)
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file)) as connection:
            if connection.execute("SELECT count(*) FROM center").fetchone()[0]:
                _thread.interrupt_main()
                return


def test_it_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scheduler.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("MAIL_URL", "null:")
    for name in (keys.SECRET_KEY, keys.SCHEDULER_KEYS):
        monkeypatch.setenv(name, keys.fresh(name))
    monkeypatch.setattr("scheduler.commands.demonstration.instance_dir", lambda: tmp_path)

    Thread(target=interrupt_once_there_is_a_center, args=(file,), daemon=True).start()
    first = CliRunner().invoke(main, ["demonstration"])
    again = CliRunner().invoke(main, ["demonstration"])

    with Database(f"sqlite:///{file}", RING).system() as uow:
        assert all_organizations(uow)
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert f"not whole. Delete the database {file} and start again." in again.output
