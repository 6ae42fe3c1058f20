"""Queries on changes that their author may take back."""

from sqlalchemy import select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import ChangeId
from scheduler.persistence.models import Change
from scheduler.persistence.unit_of_work import UnitOfWork


def change(uow: UnitOfWork, change_id: ChangeId) -> Change:
    """Return a change of the organization, locked: it is taken back once, however often that is pressed.

    Only undo locks changes, and first of all, so the order of the other locks does not matter to it.

    Raises:
        NotFoundError: there is none of that id here.
    """
    wanted = select(Change).where(Change.id == change_id).with_for_update()
    found = uow.session.scalar(wanted)
    if found is None:
        raise NotFoundError("change")
    return found
