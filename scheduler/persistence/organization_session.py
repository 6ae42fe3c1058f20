"""A session whose every statement is bound to one organization."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.base import Executable

from scheduler.domain.ids import OrganizationId
from scheduler.persistence.base import Tenant

ORGANIZATION = "bound_organization"  # the lambda below cannot name it: it reads no variable
CRITERION = with_loader_criteria(
    Tenant, lambda row: row.organization_id == bindparam("bound_organization"), include_aliases=True
)
KEPT = "kept_by_organization_session"

_Statement = TypeVar("_Statement", bound=Executable)
_kept: dict[Executable, Executable] = {}


def kept(statement: _Statement) -> _Statement:
    """Return a statement of a module, made once with named parameters: its bound form is kept too.

    Making and binding a short statement takes longer than executing it; those of a booking are kept.
    """
    return statement.execution_options(**{KEPT: True})


@cache
def _by_id(entity: Any) -> Any:
    return kept(select(entity).where(entity.id == bindparam("id")))


class OrganizationSession(Session):
    """A session that adds the organization to each SELECT, UPDATE and DELETE of a tenant model.

    Loading by id and refreshing go through ``execute`` too. An event listener would do the same at twice
    the cost of a short statement.
    """

    _organization_id: OrganizationId | None = None
    _criterion: Any = None

    def bind_to(self, organization_id: OrganizationId) -> None:
        """Bind every statement from now on; without it the session is across organizations."""
        self._organization_id = organization_id
        self._criterion = with_loader_criteria(
            Tenant, lambda row: row.organization_id == organization_id, include_aliases=True
        )

    def get(self, entity: Any, ident: Any, **kwargs: Any) -> Any:
        """Load a row by its id, from memory where it is known; the statement is made once a model."""
        bound = self._organization_id is not None and isinstance(ident, UUID) and not kwargs
        if not bound or identity_key(entity, ident) in self.identity_map:
            return super().get(entity, ident, **kwargs)
        return self.scalar(_by_id(entity), {"id": ident})

    def execute(self, statement: Executable, params: Any = None, **kwargs: Any) -> Any:
        """Execute a bound statement."""
        return super().execute(*self._bound(statement, params), **kwargs)

    def scalar(self, statement: Executable, params: Any = None, **kwargs: Any) -> Any:
        """Execute a bound statement and return its first value."""
        return super().scalar(*self._bound(statement, params), **kwargs)

    def scalars(self, statement: Executable, params: Any = None, **kwargs: Any) -> Any:
        """Execute a bound statement and return its first column."""
        return super().scalars(*self._bound(statement, params), **kwargs)

    def _bound(self, statement: Executable, params: Any) -> tuple[Executable, Any]:
        if self._organization_id is None:
            return statement, params
        if statement.is_select:
            return _with_criterion(statement), self._with_organization(params)
        if statement.is_update or statement.is_delete:  # objects in memory are compared by value
            return statement.options(self._criterion), params
        return statement, params

    def _with_organization(self, params: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**(params or {}), ORGANIZATION: self._organization_id}


def _with_criterion(statement: Executable) -> Executable:
    if not statement.get_execution_options().get(KEPT):
        return statement.options(CRITERION)
    if statement not in _kept:
        _kept[statement] = statement.options(CRITERION)
    return _kept[statement]
