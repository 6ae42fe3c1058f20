"""What every test may ask for: a real database of each kind, an organization, no way out of this machine."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from filelock import FileLock
from hypothesis import HealthCheck, settings

from scheduler.domain.ids import OrganizationId
from scheduler.domain.timing import Instant
from scheduler.persistence import encryption
from scheduler.persistence.database import Database
from scheduler.persistence.encryption import Keyring
from scheduler.persistence.migrations import upgrade
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.database import postgres

RING = Keyring(keys={1: b"k" * 32}, current=1, search=b"s" * 32)
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile("brief", max_examples=10, deadline=None, suppress_health_check=SLOW)
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "ci", max_examples=60, deadline=None, suppress_health_check=SLOW, derandomize=True
)
settings.register_profile("nightly", max_examples=5000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave one case of each family to the quick suite, and no test that starts PostgreSQL."""
    for item in items:
        cases = getattr(item, "callspec", None)
        if item.get_closest_marker("family") and cases and any(cases.indices.values()):
            item.add_marker(pytest.mark.slow)
        if "postgres_database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that is not to this machine."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Callable[[socket.socket, Any], int | None]) -> Callable[..., int | None]:
    def guarded(self: socket.socket, address: Any) -> int | None:
        here = self.family == socket.AF_UNIX or str(address[0]) in ("127.0.0.1", "::1", "localhost")
        if not here:
            raise AssertionError(f"a test must not reach {address}")
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}", RING)
    upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def _postgres(shared_folder: Path, worker_id: str) -> Iterator[Database]:
    with FileLock(shared_folder / "postgres.lock"):
        server = postgres.server_url(shared_folder)
    database = Database(postgres.fresh(server, f"test_{worker_id}"), RING)
    upgrade(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One engine for all tests of a process: it keeps the statements that it has made into SQL."""
    folder = tmp_path_factory.mktemp("sqlite")
    database = Database(f"sqlite:///{folder / 'scheduler.db'}", RING)
    # tests lose nothing when the machine stops, and the disk is the slowest part
    sa.event.listen(
        database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF")
    )
    yield database
    database.close()


@pytest.fixture
def sqlite_database(_sqlite: Database, _sqlite_template: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database: a file of the test's own."""
    path = Path(str(_sqlite.engine.url.database))
    shutil.copy(_sqlite_template, path)
    encryption.use(RING)  # a command may have brought keys of its own
    yield _sqlite
    _sqlite.close()
    for file in path.parent.iterdir():
        file.unlink()


@pytest.fixture
def postgres_database(_postgres: Database) -> Iterator[Database]:
    """An empty, migrated PostgreSQL database; emptied again after the test."""
    yield _postgres
    postgres.empty(_postgres.engine)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database; the test runs once on each engine."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found: Database = request.getfixturevalue(name)
    return found


@pytest.fixture
def organization(database: Database) -> OrganizationId:
    """A demonstration organization with nothing in it."""
    from tests.factories.people import make_organization

    return make_organization(database)


@pytest.fixture
def uow(database: Database, organization: OrganizationId) -> UnitOfWork:
    """Work in the organization."""
    return database.write(organization)


@pytest.fixture
def now() -> Instant:
    """Tuesday, March 17, 2026, 10:00 in New York."""
    return datetime(2026, 3, 17, 14, 0, tzinfo=UTC)
