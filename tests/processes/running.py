"""Starts the real processes on a free port of this machine, and waits until they answer."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

SCHEDULER = (sys.executable, "-m", "scheduler.cli")


@dataclass(frozen=True, slots=True)
class Running:
    """A started command: its process, where it answers and what it has said."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page; 0 when nobody answers."""
        try:
            with urlopen(self.url + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (URLError, ConnectionError, TimeoutError):
            return 0, ""

    def stop(self) -> int:
        """End it as a service manager does; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def running(
    folder: Path, *arguments: str, program: Sequence[str] = SCHEDULER, **given: str
) -> Iterator[Running]:
    """Run a command that serves pages until the block ends.

    Args:
        folder: Its working folder.
        arguments: Of the command.
        program: How the command is called.
        given: Its environment, besides a port.
    """
    port, log = free_port(), folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*program, *arguments],
            cwd=folder,
            env={"PATH": os.defpath, "PORT": str(port), **given},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    started = Running(process, f"http://127.0.0.1:{port}", log)
    try:
        until(lambda: process.poll() is not None or started.get("/ping")[0] == 200)
        assert process.poll() is None, log.read_text()
        yield started
    finally:
        if process.poll() is None:
            started.stop()
