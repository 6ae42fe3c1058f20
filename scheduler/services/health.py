"""Whether the system is well: database, migrations, and the worker's last tick."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from scheduler.domain.timing import Instant
from scheduler.persistence import migrations
from scheduler.persistence.database import Database
from scheduler.persistence.health import last_tick

SILENT_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What fails, by part, in words; nothing when all is well."""

    failing: dict[str, str]

    @property
    def well(self) -> bool:
        """Whether nothing fails."""
        return not self.failing


def look_after(database: Database, *, now: Instant) -> Health:
    """Look at database, migrations and worker.

    Args:
        database: The one that pages use.
        now: The system's time.
    """
    try:
        at, newest = migrations.current(database.engine), migrations.newest()
        if at != newest:
            words = f"at revision {at or 'none'}, the code needs {newest}: scheduler db upgrade"
            return Health(failing={"migrations": words})
        return Health(failing=_worker(database, now))
    except SQLAlchemyError:
        return Health(failing={"database": "cannot be reached"})


def _worker(database: Database, now: Instant) -> dict[str, str]:
    with database.look() as uow:
        tick = last_tick(uow)
    if tick is None:
        return {"worker": "has not started yet: scheduler worker"}
    silent = now - tick
    if silent > SILENT_FOR:
        return {"worker": f"last tick {int(silent.total_seconds())} s ago"}
    return {}
