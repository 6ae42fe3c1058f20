"""Queries on changes that their author may take back."""

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import ChangeId
from scheduler.persistence.models import Change
from scheduler.persistence.unit_of_work import UnitOfWork


def change(uow: UnitOfWork, change_id: ChangeId) -> Change:
    """Return a change of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Change, change_id)
    if found is None:
        raise NotFoundError("change")
    return found
