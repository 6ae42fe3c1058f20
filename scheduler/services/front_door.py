"""What the sign-in page may say to everybody: whose system this is, and whether mails are looked after."""

from dataclasses import dataclass

from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.persistence import organizations
from scheduler.persistence.health import last_tick
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor:
    """The one organization of this system.

    Args:
        name: Of the organization.
        is_demonstration: Invented people, no live mail.
        last_tick: When the worker last ticked, on the system's clock.
    """

    name: str
    is_demonstration: bool
    last_tick: Instant | None


def front_door(uow: UnitOfWork) -> FrontDoor | None:
    """Return whose system this is; None when several share it, for they need not know each other.

    Args:
        uow: For reading, across organizations.
    """
    with uow:
        known = organizations.all_organizations(uow)
        if len(known) != 1:
            return None
        return FrontDoor(
            name=known[0].name,
            is_demonstration=known[0].mode is OrganizationMode.DEMONSTRATION,
            last_tick=last_tick(uow),
        )
