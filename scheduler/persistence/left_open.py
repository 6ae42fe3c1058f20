"""Sealing what earlier releases kept in the clear, in rows that may change."""

import sqlalchemy as sa

from scheduler.persistence.encryption import seal
from scheduler.persistence.models import AppointmentItem, ChairOutage, NurseAbsence, Patient
from scheduler.persistence.unit_of_work import UnitOfWork

LEFT_OPEN = (
    (Patient, "iv_access"),
    (ChairOutage, "reason"),
    (NurseAbsence, "reason"),
    (AppointmentItem, "words"),
)


def seal_what_lay_open(uow: UnitOfWork) -> int:
    """Seal the words of earlier releases, across organizations; return how many there were.

    Records that may only grow keep theirs as they are.
    """
    with uow:
        found = sum(_seal(uow, model.__table__, name) for model, name in LEFT_OPEN)
        uow.commit()
        return found


def _seal(uow: UnitOfWork, table: sa.FromClause, name: str) -> int:
    """Seal one column of a table; the version of a row stays, since nothing that it says changes."""
    if not isinstance(table, sa.Table):
        raise TypeError(f"{table} is no table")
    lying = uow.session.execute(
        sa.select(table.c.id, table.c[name]).where(table.c[name] != "")
    ).all()
    for row_id, words in lying:
        sealed = seal(words, table=table.name, column=name, id=row_id)
        change = table.update().where(table.c.id == row_id)
        uow.session.execute(change.values({name: "", f"{name}_sealed": sealed}))
    return len(lying)
