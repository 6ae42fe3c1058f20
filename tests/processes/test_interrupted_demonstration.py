"""A demonstration that was interrupted while it was built is not taken for a whole one."""

import _thread
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from click.testing import CliRunner

from scheduler import keys
from scheduler.cli import main
from scheduler.commands.db import bring_up_to_date
from scheduler.commands.demonstration import require_whole
from scheduler.domain.people import OrganizationMode
from scheduler.persistence.database import Database
from scheduler.persistence.organizations import all_organizations
from tests.conftest import RING
from tests.factories.people import make_organization

pytestmark = pytest.mark.slow


@pytest.fixture
def _heard() -> Iterator[None]:
    """Let Ctrl-C be heard: a shell that starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_once_there_is_a_center(file: Path, ended: Event) -> None:
    """Press Ctrl-C as soon as a center is stored, long before its patients are.

    Python loses an interrupt that arrives within a callback of its own, so it is pressed until the command ends.
    """
    while not has_center(file):
        sleep(0.05)
    while not ended.is_set():
        _thread.interrupt_main()
        ended.wait(5)


def has_center(file: Path) -> bool:
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file)) as connection:
        return bool(connection.execute("SELECT count(*) FROM center").fetchone()[0])
    return False


def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands run on a database of their own, and return its file."""
    file = tmp_path / "scheduler.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("MAIL_URL", "null:")
    for name in (keys.SECRET_KEY, keys.SCHEDULER_KEYS):
        monkeypatch.setenv(name, keys.fresh(name))
    monkeypatch.setattr("scheduler.commands.demonstration.instance_dir", lambda: tmp_path)
    return file


@pytest.mark.usefixtures("_heard")
def test_it_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, ended = set_up(tmp_path, monkeypatch), Event()

    Thread(target=interrupt_once_there_is_a_center, args=(file, ended), daemon=True).start()
    first = CliRunner().invoke(main, ["demonstration"])
    ended.set()
    again = CliRunner().invoke(main, ["demonstration"])

    with Database(f"sqlite:///{file}", RING).system() as uow:
        assert all_organizations(uow)
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert f"not whole. Delete the database {file} and start again." in again.output


def test_nobody_is_told_to_delete_a_real_center_because_of_a_mark_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = set_up(tmp_path, monkeypatch)
    database = Database(f"sqlite:///{file}", RING)
    bring_up_to_date(database)
    make_organization(database, mode=OrganizationMode.LIVE)
    (tmp_path / "demonstration-unfinished").write_text(f"sqlite:///{file}", encoding="utf-8")

    require_whole(database)
