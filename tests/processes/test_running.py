"""``scheduler run``: both processes answer for themselves, come back when killed, and stop when told."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.running import Running, running, until
from tests.processes.test_commands import command
from tests.processes.test_settings import GOOD

pytestmark = pytest.mark.slow


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Running]:
    command(tmp_path, "db", "upgrade")
    database = f"sqlite:///{tmp_path / 'scheduler.db'}"
    with running(tmp_path, "run", DATABASE_URL=database, **GOOD) as found:
        yield found


def children(process: int, name: str) -> list[int]:
    """Return the ids of the supervised processes of that name."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1]
            said = folder.joinpath("cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == str(process) and name in said:
            found.append(int(folder.name))
    return found


def test_a_started_scheduler_is_healthy_once_the_worker_has_ticked(started: Running) -> None:
    until(lambda: started.get("/healthz")[0] == 200)


def test_both_processes_come_back_when_they_are_killed(started: Running) -> None:
    (web,) = children(started.process.pid, "web")
    (worker,) = children(started.process.pid, "worker")

    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)

    until(lambda: children(started.process.pid, "web") not in ([], [web]))
    until(lambda: children(started.process.pid, "worker") not in ([], [worker]))
    until(lambda: started.get("/ping")[0] == 200)


def test_a_told_scheduler_stops_both_processes(started: Running) -> None:
    both = [*children(started.process.pid, "web"), *children(started.process.pid, "worker")]

    assert started.stop() == 0

    assert len(both) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in both)
    assert started.get("/ping") == (0, "")
    assert "Traceback" not in started.log.read_text()


def test_a_port_in_use_is_said_before_anything_starts(started: Running, tmp_path: Path) -> None:
    said = command(tmp_path, "run", PORT=started.url.rsplit(":", 1)[1])

    assert said.returncode == 1
    assert "PORT" in said.stderr
