"""Letting a restored organization send live mail again: only after a person has said so."""

from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork


def allow_live_mail(uow: UnitOfWork, *, now: Instant, actor: Actor) -> bool:
    """Make a restored organization live again; say whether it was restored.

    A demonstration is never made live: its patients do not exist.

    Raises:
        NotAllowedError: the actor may not manage the center.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        found = organizations.organization(uow)
        if found.mode is not OrganizationMode.RESTORED:
            return False
        found.mode = OrganizationMode.LIVE
        uow.audit(actor, "allowed live mail", "organization", found.id, at=now)
        uow.commit()
        return True
