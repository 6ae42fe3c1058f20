"""Organizations and centers, and the time it is for them."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Center, Organization
from scheduler.persistence.unit_of_work import UnitOfWork


def organization(uow: UnitOfWork) -> Organization:
    """Return the unit of work's organization."""
    found = uow.session.get(Organization, uow.organization_id)
    if found is None:
        raise NotFoundError("organization")
    return found


def lock_signing(uow: UnitOfWork) -> Organization:
    """Return the organization, locked until the end: whoever signs or chooses a reading waits for the other."""
    found = uow.session.get(Organization, uow.organization_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFoundError("organization")
    return found


def all_organizations(uow: UnitOfWork) -> list[Organization]:
    """Return every organization, for the worker and for commands."""
    return list(uow.session.scalars(select(Organization).order_by(Organization.created_at)))


def now(uow: UnitOfWork, system_now: datetime) -> Instant:
    """Return the organization's time: a demonstration's clock runs at a fixed offset from the system's."""
    return system_now + timedelta(seconds=organization(uow).clock_offset_seconds)


def center(uow: UnitOfWork, center_id: CenterId) -> Center:
    """Return a center of the organization.

    Raises:
        NotFoundError: it is not one of this organization.
    """
    found = uow.session.get(Center, center_id)
    if found is None:
        raise NotFoundError("center")
    return found


def centers(uow: UnitOfWork) -> list[Center]:
    """Return the organization's centers by name."""
    return list(uow.session.scalars(select(Center).order_by(Center.name)))


def note_looked_ahead(uow: UnitOfWork, center_id: CenterId, day: date) -> None:
    """Note on which day the worker looked months ahead; who edits the center is not in its way."""
    uow.session.execute(
        update(Center).where(Center.id == center_id).values(looked_ahead_on=day),
        execution_options={"synchronize_session": False},
    )


def is_demonstration(uow: UnitOfWork) -> bool:
    """Say whether this is a demonstration, where drafts take orders and no live mail leaves."""
    return organization(uow).mode is OrganizationMode.DEMONSTRATION


def by_id(uow: UnitOfWork, organization_id: OrganizationId) -> Organization | None:
    """Return an organization by id, from across organizations."""
    return uow.session.get(Organization, organization_id)
