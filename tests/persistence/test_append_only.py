"""Records that may only grow: not replaced either."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

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
