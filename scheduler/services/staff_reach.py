"""Whom a manager may change: the people of the own centers, and never an admin."""

from scheduler.domain.errors import NotAllowedError
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import ALLOWED, Actor, ActorKind, Permission, Role
from scheduler.persistence import organizations
from scheduler.persistence import staff as stored
from scheduler.persistence.models import Staff
from scheduler.persistence.unit_of_work import UnitOfWork


def centers_managed(uow: UnitOfWork, *, actor: Actor) -> tuple[tuple[CenterId, str], ...]:
    """Return the centers whose staff the actor may manage, with their names; an admin's are all."""
    with uow:
        all_centers = tuple((center.id, center.name) for center in organizations.centers(uow))
        if Role.ADMIN in actor.roles or actor.kind is ActorKind.COMMAND or actor.id is None:
            return all_centers
        mine = {
            row.center_id
            for row in stored.roles(uow, [StaffId(actor.id)])
            if row.role in ALLOWED[Permission.MANAGE_STAFF]
        }
    return tuple(each for each in all_centers if each[0] in mine)


def is_admin(actor: Actor) -> bool:
    """Say whether the actor is an admin, or the command line."""
    return Role.ADMIN in actor.roles or actor.kind is ActorKind.COMMAND


def touchable(uow: UnitOfWork, staff_id: StaffId, actor: Actor, *, whole: bool = False) -> Staff:
    """Return a person whom the actor may change.

    Args:
        uow: Of the organization.
        staff_id: The person.
        actor: Who changes.
        whole: The change reaches every center: name, address, password, and whether they sign in at all.

    Raises:
        NotAllowedError: it is an admin; or a change to the whole person of another center.
    """
    person = stored.member(uow, staff_id)
    theirs = {row.role for row in stored.roles(uow, [staff_id])}
    if Role.ADMIN in theirs and not is_admin(actor):
        raise NotAllowedError("Only an admin may change an admin.")
    if whole:
        require_whole(uow, staff_id, actor)
    return person


def require_whole(uow: UnitOfWork, staff_id: StaffId, actor: Actor) -> None:
    """Refuse to take over, by a new address or password, who works where the actor manages nobody.

    Raises:
        NotAllowedError: the person has a role at another center too.
    """
    mine = {center_id for center_id, _ in centers_managed(uow, actor=actor)}
    if not {row.center_id for row in stored.roles(uow, [staff_id])} <= mine:
        raise NotAllowedError("This person works at another center too; an admin changes that.")
