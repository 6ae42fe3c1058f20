"""Starting the application's processes in tests: their environment, a free port, waiting."""

import base64
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from scheduler.persistence.database import Database


def environment(database: Database, tmp_path: Path, mail_url: str = "") -> dict[str, str]:
    """Return the variables of a process that shares a test's database and keys."""
    keys = f"1:{base64.b64encode(b'k' * 32).decode()},search:{base64.b64encode(b's' * 32).decode()}"
    return {
        **os.environ,
        "DATABASE_URL": database.url,
        "MAIL_URL": mail_url or f"file://{tmp_path}/outbox",
        "SECRET_KEY": "x" * 40,
        "SCHEDULER_KEYS": keys,
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
