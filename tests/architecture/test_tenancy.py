"""Every statement on an organization's rows is bound to it, and the tables keep organizations apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from scheduler.domain.ids import OrganizationId
from scheduler.persistence import models
from scheduler.persistence.base import Base, Tenant
from scheduler.persistence.database import Database

# what belongs to the whole installation, or is read only across organizations
SHARED = {"Organization", "RegimenVersion", "WorkerLease", "Throttle", "ParkingPlace", "AuditHead"}
# foreign keys that are single: both name a column that is unique across organizations
SINGLE = {("appointment", "patient_key"), ("incident", "center_id")}
MODELS: dict[str, Any] = {each.class_.__name__: each.class_ for each in Base.registry.mappers}
TENANTS = sorted(name for name, model in MODELS.items() if issubclass(model, Tenant))


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """Collect the statements that reach the database."""
    said: list[str] = []

    def hear(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", hear)
    yield said
    sa.event.remove(database.engine, "before_cursor_execute", hear)


def test_only_what_is_shared_belongs_to_no_organization() -> None:
    assert models.Organization.__name__ in MODELS
    assert set(MODELS) - set(TENANTS) == SHARED


@pytest.mark.parametrize("name", TENANTS)
def test_every_statement_is_bound_to_the_organization(name: str, sqlite_database: Database) -> None:
    model = MODELS[name]
    other = aliased(model)
    statements = [
        sa.select(model),
        sa.select(other),
        sa.select(sa.func.count()).select_from(model),
        sa.select(model.organization_id).where(
            sa.exists().where(other.organization_id.is_not(None))
        ),
        sa.update(model)
        .values(organization_id=uuid4())
        .execution_options(synchronize_session=False),
        sa.delete(model).execution_options(synchronize_session=False),
    ]

    with sqlite_database.write(OrganizationId(uuid4())) as uow, heard(sqlite_database) as said:
        for statement in statements:
            uow.session.execute(statement)

    assert len(said) == len(statements)
    unbound = [text for text in said if "organization_id = ?" not in text.rpartition("WHERE")[2]]
    assert unbound == []


@pytest.mark.parametrize("name", TENANTS)
def test_rows_are_found_by_id_only_in_the_own_organization(
    name: str, sqlite_database: Database
) -> None:
    model = MODELS[name]
    key = tuple(
        b"0" if isinstance(column.type, sa.LargeBinary) else uuid4()
        for column in sa.inspect(model).primary_key
    )
    with sqlite_database.write(OrganizationId(uuid4())) as uow, heard(sqlite_database) as said:
        uow.session.get(model, key)
        uow.session.get(model, key[0] if len(key) == 1 else key)
        uow.session.scalars(sa.select(model)).all()
        uow.session.scalar(sa.select(model))

    assert len(said) == 4
    assert all("organization_id = ?" in text.rpartition("WHERE")[2] for text in said)


def test_no_foreign_key_leads_into_another_organization() -> None:
    single = {
        (table.name, *key.column_keys)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if len(key.elements) == 1
        and key.referred_table.name != "organization"
        and "organization_id" in key.referred_table.columns
    }

    assert single == SINGLE
