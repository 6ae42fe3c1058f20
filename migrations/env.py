"""Runs migrations on a given connection or URL; it never imports what it migrates, except to compare."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

config = context.config


def metadata() -> Any:
    """Return the models' metadata, needed only to compare or to generate."""
    from scheduler.persistence import models  # noqa: F401 - fills the metadata
    from scheduler.persistence.base import Base

    return Base.metadata


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our types as plain ones, so that a migration does not import the application."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "Enum":
        return f"sa.String(length={item.length})"
    return False


def run(connection: Connection) -> None:
    """Migrate in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_item=render_item,
        compare_type=False,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = config.attributes.get("url") or os.environ["DATABASE_URL"]
    with create_engine(url).connect() as connection:
        run(connection)
        connection.commit()
