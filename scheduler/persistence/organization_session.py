"""A session whose every statement is bound to one organization."""

from typing import Any

from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql.base import Executable

from scheduler.domain.ids import OrganizationId
from scheduler.persistence.base import Tenant


class OrganizationSession(Session):
    """A session that adds the organization to each SELECT, UPDATE and DELETE of a tenant model.

    Loading by id and refreshing go through ``execute`` too. An event listener would do the same at twice
    the cost of a short statement.
    """

    _criterion: Any = None

    def bind_to(self, organization_id: OrganizationId) -> None:
        """Bind every statement from now on; without it the session is across organizations."""
        self._criterion = with_loader_criteria(
            Tenant, lambda row: row.organization_id == organization_id, include_aliases=True
        )

    def execute(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Execute a bound statement."""
        return super().execute(self._bound(statement), *args, **kwargs)

    def scalar(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Execute a bound statement and return its first value."""
        return super().scalar(self._bound(statement), *args, **kwargs)

    def scalars(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Execute a bound statement and return its first column."""
        return super().scalars(self._bound(statement), *args, **kwargs)

    def _bound(self, statement: Executable) -> Executable:
        narrows = statement.is_select or statement.is_update or statement.is_delete
        return statement.options(self._criterion) if self._criterion and narrows else statement
