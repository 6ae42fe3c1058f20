"""The database: one engine, SQLite or PostgreSQL, and units of work bound to one organization."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from scheduler.domain.ids import OrganizationId
from scheduler.persistence import encryption
from scheduler.persistence.encryption import Keyring
from scheduler.persistence.organization_session import OrganizationSession
from scheduler.persistence.settings_marks import draw_marks
from scheduler.persistence.unit_of_work import UnitOfWork

BUSY_MILLISECONDS = 30_000

sa.event.listen(OrganizationSession, "before_flush", draw_marks)


class Database:
    """An engine with the settings this application relies on.

    Args:
        url: ``sqlite:///...`` or ``postgresql+psycopg://...``.
        ring: The keys of sealed columns.
        pool_size: Connections kept open.
    """

    def __init__(self, url: str, ring: Keyring, *, pool_size: int = 12) -> None:
        encryption.use(ring)
        self.url = url
        self.engine = engine(url, pool_size=pool_size)
        self._writers = sessionmaker(
            self.engine.execution_options(writes=True),
            class_=OrganizationSession,
            expire_on_commit=False,
        )
        self._readers = sessionmaker(
            self.engine, class_=OrganizationSession, expire_on_commit=False
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-machine engine."""
        return self.engine.dialect.name == "sqlite"

    def write(self, organization_id: OrganizationId) -> UnitOfWork:
        """Return a unit of work that may change the organization's rows."""
        return UnitOfWork(self._writers, organization_id)

    def read(self, organization_id: OrganizationId) -> UnitOfWork:
        """Return a unit of work for page views: it never waits for a writer, and refuses to commit."""
        return UnitOfWork(self._readers, organization_id, writes=False)

    def system(self) -> UnitOfWork:
        """Return a unit of work across organizations: sign-in, the worker's scans, commands."""
        return UnitOfWork(self._writers, None)

    def look(self) -> UnitOfWork:
        """Return a unit of work for reading across organizations: whom a cookie or token stands for."""
        return UnitOfWork(self._readers, None, writes=False)

    def session(self) -> Session:
        """Return a bare session across organizations, for checks and tests."""
        return self._readers()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def engine(url: str, *, pool_size: int = 12) -> sa.Engine:
    """Return an engine whose transactions start as each database needs it."""
    if not url.startswith("sqlite"):
        return sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            connect_args={"prepare_threshold": None},
        )
    made = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
    )
    sa.event.listen(made, "connect", _prepare_sqlite)
    sa.event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "trusted_schema=OFF",
        "recursive_triggers=ON",  # otherwise REPLACE removes an append-only row past its trigger
        "temp_store=MEMORY",  # statement journals and sorts: no file for each, no patient in one
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # a deferred transaction that writes later fails with "database is locked" whatever the timeout
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
