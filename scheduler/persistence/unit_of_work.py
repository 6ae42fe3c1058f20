"""One transaction of one organization: every statement bound to it, the audit appended last."""

from types import TracebackType
from typing import Any, NoReturn, Self
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from scheduler.domain.errors import InvalidError, StaleError
from scheduler.domain.ids import OrganizationId, PatientId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.audit import Entry, append
from scheduler.persistence.base import Tenant
from scheduler.persistence.constraints import refusal_of
from scheduler.persistence.organization_session import OrganizationSession

CHANGED_BY_SOMEBODY = (
    "Somebody else changed this a moment ago. Look at it again, then repeat your change."
)
TOO_MUCH = "Something is too long to be stored; names and words take 80 characters. Shorten it."


class UnitOfWork:
    """A transaction that is real only at its outermost ``commit``.

    Entered again inside itself it joins as a savepoint: a refused step leaves nothing behind, and a simulated
    day of many use cases is one transaction.

    Args:
        sessions: Makes the session.
        organization_id: The tenant of every statement; None only for work across organizations.
        writes: Whether it may commit.
    """

    def __init__(
        self,
        sessions: sessionmaker[OrganizationSession],
        organization_id: OrganizationId | None,
        *,
        writes: bool = True,
    ) -> None:
        self._sessions = sessions
        self._organization_id = organization_id
        self._writes = writes
        self._session: OrganizationSession | None = None
        self._savepoints: list[tuple[SessionTransaction, int]] = []
        self._entries: list[Entry] = []
        self.memo: dict[Any, Any] = {}

    @property
    def session(self) -> Session:
        """The session; only inside ``with``."""
        if self._session is None:
            raise RuntimeError("the unit of work is not entered")
        return self._session

    @property
    def organization_id(self) -> OrganizationId:
        """The tenant; work across organizations has none."""
        if self._organization_id is None:
            raise RuntimeError("this unit of work is across organizations")
        return self._organization_id

    @property
    def is_postgresql(self) -> bool:
        """Whether row locks exist; on SQLite the writer holds the whole database."""
        return self.session.get_bind().dialect.name == "postgresql"

    def add(self, *rows: Any) -> None:
        """Add rows, giving each the organization."""
        for row in rows:
            if isinstance(row, Tenant) and row.organization_id is None:
                row.organization_id = self.organization_id
            self.session.add(row)

    def audit(
        self,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: UUID | None,
        *,
        at: Instant,
        patient_id: PatientId | None = None,
        before: str = "",
        after: str = "",
        reason: str = "",
    ) -> None:
        """Note an entry; it is chained and stored last, in the outermost commit."""
        self._entries.append(
            Entry(
                actor=actor,
                action=action,
                entity=entity,
                entity_id=entity_id,
                at=at,
                patient_id=patient_id,
                before=before,
                after=after,
                reason=reason,
            )
        )

    def __enter__(self) -> Self:
        if self._session is None:
            self._session = self._sessions()
            if self._organization_id is not None:
                self._session.bind_to(self._organization_id)
            self._session.connection()
        else:
            self._savepoints.append((self._session.begin_nested(), len(self._entries)))
        return self

    def commit(self) -> None:
        """Commit; inside another unit of work, release the savepoint.

        Raises:
            DomainError: a constraint of the database refused, or somebody else changed a row.
        """
        if not self._writes:
            raise RuntimeError("a unit of work for reading cannot commit")
        try:
            if self._savepoints:
                savepoint, _ = self._savepoints[-1]
                savepoint.commit()
                return
            self.session.flush()
            append(self.session, self._entries, self._organization_id)
            self._entries = []
            self.session.commit()
        except (DataError, IntegrityError, StaleDataError) as error:
            _refuse(error)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._savepoints:
            savepoint, entries = self._savepoints.pop()
            if savepoint.is_active:
                savepoint.rollback()
                del self._entries[entries:]
        elif self._session is not None:
            self._session.rollback()
            self._session.close()
            self._session, self._entries, self.memo = None, [], {}
        if isinstance(error, DataError | IntegrityError | StaleDataError):
            _refuse(error)


def _refuse(error: DataError | IntegrityError | StaleDataError) -> NoReturn:
    """Raise the domain's word for a refusal; what no constraint of ours explains goes on as it is."""
    if isinstance(error, StaleDataError):
        raise StaleError(CHANGED_BY_SOMEBODY) from error
    if isinstance(error, DataError):
        raise InvalidError(TOO_MUCH) from error
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    raise refusal from error
