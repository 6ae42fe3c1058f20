"""Which organization and center a command means; there is usually one."""

from collections.abc import Iterable
from uuid import UUID

from scheduler.commands.context import fail
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.persistence import organizations
from scheduler.persistence.database import Database


def chosen_organization(opened: Database, wanted: str | None) -> OrganizationId:
    """Return the organization of that name or id; the only one when none is named."""
    with opened.look() as uow:
        known = [(row.id, row.name) for row in organizations.all_organizations(uow)]
    if not known:
        fail("There is no organization yet: scheduler init")
    return OrganizationId(_only(known, wanted, "--organization"))


def chosen_center(
    opened: Database, organization_id: OrganizationId, wanted: str | None
) -> CenterId:
    """Return the center of that name or id; the only one when none is named."""
    with opened.read(organization_id) as uow:
        known = [(row.id, row.name) for row in organizations.centers(uow)]
    return CenterId(_only(known, wanted, "--center"))


def _only(known: Iterable[tuple[UUID, str]], wanted: str | None, option: str) -> UUID:
    listed = list(known)
    fits = [each for each, name in listed if wanted in (None, name, str(each))]
    if len(fits) != 1:
        fail(f"Name one with {option}: " + ", ".join(name for _, name in listed))
    return fits[0]
