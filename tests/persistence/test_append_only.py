"""Records that may only grow: not replaced either."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from scheduler.persistence.constraints import APPEND_ONLY
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit
from tests.factories.people import make_patient
from tests.factories.told import make_world


def test_a_row_of_the_record_cannot_be_replaced_on_sqlite(sqlite_database: Database) -> None:
    world = make_world(sqlite_database)
    make_patient(world.uow)
    replacing = sa.text("REPLACE INTO audit SELECT * FROM audit")

    with sqlite_database.engine.connect() as connection, pytest.raises(IntegrityError) as refusal:
        connection.execute(replacing)

    assert "append-only: audit" in str(refusal.value)
    with sqlite_database.look() as uow:
        assert uow.session.scalars(sa.select(Audit.id)).all() != []


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_record_is_emptied_at_one_stroke_on_postgresql(
    postgres_database: Database, table: str
) -> None:
    with postgres_database.engine.connect() as connection, pytest.raises(IntegrityError) as refusal:
        connection.execute(sa.text(f"TRUNCATE {table} CASCADE"))

    assert "append-only:" in str(refusal.value)


def test_emptying_what_a_record_belongs_to_is_refused_with_it(postgres_database: Database) -> None:
    world = make_world(postgres_database)
    make_patient(world.uow)

    with postgres_database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(sa.text("TRUNCATE organization CASCADE"))

    with postgres_database.look() as uow:
        assert uow.session.scalars(sa.select(Audit.id)).all() != []


def test_the_record_is_not_emptied_by_a_bare_delete(database: Database) -> None:
    world = make_world(database)
    make_patient(world.uow)
    writing = database.engine.execution_options(writes=True)

    with writing.connect() as connection, pytest.raises(IntegrityError, match="append-only: audit"):
        connection.execute(sa.text("DELETE FROM audit"))
