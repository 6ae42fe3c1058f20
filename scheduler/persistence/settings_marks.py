"""Marks of a center's settings: drawn anew with every change, so that what was read may be kept."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.domain.ids import CenterId
from scheduler.persistence.base import Base, new_key
from scheduler.persistence.models import (
    Center,
    CenterHours,
    CenterLimits,
    Chair,
    ChairOutage,
    Closure,
    NurseAbsence,
    NurseShift,
)
from scheduler.persistence.unit_of_work import UnitOfWork

SETTINGS = (CenterHours, CenterLimits, Chair, ChairOutage, Closure, NurseAbsence, NurseShift)
CHANGED = "centers whose settings changed"
AnyRow = TypeVar("AnyRow", bound=Base)


def draw_marks(session: Session, _context: Any, _instances: Any) -> None:
    """Draw the mark of each center anew whose settings a flush is about to change."""
    rows = [*session.new, *session.dirty, *session.deleted]
    changed = {row.center_id for row in rows if isinstance(row, SETTINGS)}
    changed |= {row.id for row in rows if isinstance(row, Center)}
    draw(session, changed)


def draw(session: Session, center_ids: Iterable[CenterId]) -> None:
    """Draw the marks of centers anew: something that their days follow from has changed."""
    for center_id in center_ids:
        session.info.setdefault(CHANGED, set()).add(center_id)
        session.execute(
            update(Center).where(Center.id == center_id).values(settings_mark=new_key()),
            execution_options={"synchronize_session": False},
        )


def are_changing(uow: UnitOfWork, center_id: CenterId) -> bool:
    """Say whether this transaction has changed a center's settings: nobody else sees them yet."""
    return center_id in uow.session.info.get(CHANGED, ())


def detached(row: AnyRow) -> AnyRow:
    """Return a copy of a row that belongs to no session and outlives this one."""
    mapper = type(row).__mapper__
    return type(row)(**{each.key: getattr(row, each.key) for each in mapper.column_attrs})
