"""Web and worker are kept running, and stopped together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.running import until

PROGRAM = """
import os, sys
from scheduler.supervisor import Supervisor
folder = sys.argv[1]
child = '''
import os, sys, time
from scheduler.supervisor import end_with
end_with(int(sys.argv[2]))
open(sys.argv[1], "a").write(str(os.getpid()) + chr(10))
time.sleep(60)
'''
def command(name):
    return [sys.executable, "-c", child, os.path.join(folder, name), str(os.getpid())]
sys.exit(Supervisor(dict(os.environ), command=command).run())
"""


def started(folder: Path, name: str) -> list[int]:
    """Return the process ids under which a child was started."""
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def alive(process: int) -> bool:
    """Say whether a process runs; one that ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    until(lambda: bool(started(tmp_path, "web") and started(tmp_path, "worker")))
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_both_children(
    supervisor: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals
) -> None:
    children = [*started(tmp_path, "web"), *started(tmp_path, "worker")]

    supervisor.send_signal(number)

    assert supervisor.wait(10) == 0
    assert not any(alive(child) for child in children)


@pytest.mark.slow
def test_a_child_that_dies_is_started_again(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (web,), (worker,) = started(tmp_path, "web"), started(tmp_path, "worker")

    os.kill(worker, signal.SIGKILL)

    until(lambda: len(started(tmp_path, "worker")) == 2)
    assert alive(started(tmp_path, "worker")[1])
    assert started(tmp_path, "web") == [web]
    assert alive(web)


@pytest.mark.slow
def test_children_of_a_killed_supervisor_end_by_themselves(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    children = [*started(tmp_path, "web"), *started(tmp_path, "worker")]

    supervisor.kill()

    until(lambda: not any(alive(child) for child in children))
