"""What every way of taking a change back needs: who does it, and whether something changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import found
from scheduler.services.changes import Kept, id_of

CHANGED_SINCE = "Something has changed since, so this cannot be undone; look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who takes something back, when, and when it was done."""

    now: Instant
    actor: Actor
    done_at: Instant


def visits_as_left(uow: UnitOfWork, before: Sequence[Kept]) -> list[Appointment]:
    """Return the visits of a change, as it left them.

    Raises:
        UndoExpiredError: somebody changed one since.
    """
    rows = [found(uow, AppointmentId(id_of(one["visit"]))) for one in before]
    if any(row.version != one["version"] for row, one in zip(rows, before, strict=True)):
        raise UndoExpiredError(CHANGED_SINCE)
    return rows


def audit_visits(uow: UnitOfWork, rows: Sequence[Appointment], action: str, doing: Doing) -> None:
    """Note in the audit what became of each visit."""
    for row in rows:
        uow.audit(
            doing.actor,
            action,
            "appointment",
            row.id,
            at=doing.now,
            patient_id=row.patient_id,
            after=row.starts_at.isoformat(),
        )
