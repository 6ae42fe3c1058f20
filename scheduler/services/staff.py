"""People who sign in: inviting, roles, competencies, resetting, deactivating."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.errors import DomainError, InvalidError, NotAllowedError, StaleError
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.names import require_address
from scheduler.domain.roles import Actor, Permission, Role
from scheduler.domain.timing import Instant
from scheduler.persistence import organizations, settings_marks
from scheduler.persistence import staff as stored
from scheduler.persistence.models import Competency, Invitation, Staff, StaffRole
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.passwords import new_secret, secret_hash
from scheduler.services.staff_list import (
    COMPETENCIES,
    CenterRoles,
    CompetencyLine,
    Member,
    list_staff,
    show_member,
)
from scheduler.services.staff_reach import centers_managed, is_admin, require_whole, touchable

__all__ = [
    "COMPETENCIES",
    "CenterRoles",
    "CompetencyLine",
    "EditStaff",
    "InviteStaff",
    "Invited",
    "Member",
    "centers_managed",
    "deactivate",
    "edit_staff",
    "invite_staff",
    "list_staff",
    "reactivate",
    "reset_password",
    "show_member",
]

LINK_LASTS = timedelta(days=7)
LONGEST_NAME = 80


class LastManagerError(DomainError):
    """Nobody could manage staff any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteStaff:
    """A new person; the roles are at one center, others are added later."""

    name: str
    email: str
    center_id: CenterId
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditStaff:
    """A person's facts anew; ``version`` is the one the form was opened with.

    Args:
        roles: Per center; centers that are left out keep theirs.
    """

    staff_id: StaffId
    version: int
    name: str
    email: str
    roles: Mapping[CenterId, frozenset[Role]]
    competencies: tuple[CompetencyLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A one-time link's secret, shown once; ``expires_at`` is on the system's clock."""

    staff_id: StaffId
    secret: str
    expires_at: Instant


def invite_staff(
    uow: UnitOfWork, request: InviteStaff, *, now: Instant, system_now: Instant, actor: Actor
) -> Invited:
    """Add a person and draw the link by which a password is chosen.

    Args:
        uow: Of the organization.
        request: Who.
        now: The organization's time, for the record.
        system_now: The system's time, from which the link lasts 7 days.
        actor: A manager or admin.

    Raises:
        InvalidError: names the field; the address may be somebody's already.
        NotAllowedError: a manager named the admin role or another center.
    """
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        person = _new_person(uow, request.name, request.email, now=now)
        _require_roles(request.roles)
        _write_roles(uow, person.id, {request.center_id: request.roles}, actor)
        invited = _draw_link(uow, person.id, system_now)
        uow.audit(actor, "invited", "staff", person.id, at=now, after=_words(request.roles))
        uow.commit()
    return invited


def _new_person(uow: UnitOfWork, name: str, email: str, *, now: Instant) -> Staff:
    address = require_address(email)
    person = Staff(email_index=stored.email_index(address), created_at=now)
    person.name, person.email = _checked_name(name), address
    uow.add(person)
    uow.session.flush()
    return person


def _checked_name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise InvalidError("Enter the person's name.", field="name")
    return clean


def _require_roles(roles: frozenset[Role]) -> None:
    if not roles:
        raise InvalidError("Choose at least one role.", field="roles")


def _draw_link(uow: UnitOfWork, staff_id: StaffId, system_now: Instant) -> Invited:
    stored.close_invitations(uow, staff_id, now=system_now)
    secret, expires_at = new_secret(), system_now + LINK_LASTS
    uow.add(
        Invitation(
            staff_id=staff_id,
            secret_hash=secret_hash(secret),
            created_at=system_now,
            expires_at=expires_at,
        )
    )
    return Invited(staff_id=staff_id, secret=secret, expires_at=expires_at)


def edit_staff(uow: UnitOfWork, request: EditStaff, *, now: Instant, actor: Actor) -> None:
    """Change a person's name, address, roles and competencies.

    Raises:
        StaleError: somebody else changed it since the form was opened.
        LastManagerError: nobody could manage staff any more.
        NotAllowedError: a manager named the admin role, an admin, or another center.
        InvalidError: names the field.
    """
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        person = touchable(uow, request.staff_id, actor)
        if person.version != request.version:
            raise StaleError(CHANGED_BY_SOMEBODY)
        _name(uow, person, request, actor)
        before = stored.active_with(uow, Role.ADMIN)
        _write_roles(uow, person.id, request.roles, actor)
        _write_competencies(uow, person.id, request.competencies)
        _require_admin_left(uow, before)
        after = "; ".join(_words(roles) for roles in request.roles.values())
        uow.audit(actor, "changed", "staff", person.id, at=now, after=after)
        uow.commit()


def _name(uow: UnitOfWork, person: Staff, request: EditStaff, actor: Actor) -> None:
    name, email = _checked_name(request.name), require_address(request.email)
    if (name, email) != (person.name, person.email):
        require_whole(uow, person.id, actor)
        person.name, person.email = name, email
        person.email_index = stored.email_index(email)


def _write_roles(
    uow: UnitOfWork,
    staff_id: StaffId,
    wanted: Mapping[CenterId, frozenset[Role]],
    actor: Actor,
) -> None:
    mine = {center_id for center_id, _ in centers_managed(uow, actor=actor)}
    if not wanted.keys() <= mine:
        raise NotAllowedError("You manage no staff at that center.")
    if any(Role.ADMIN in roles for roles in wanted.values()) and not is_admin(actor):
        raise NotAllowedError("Only an admin may make somebody an admin.")
    stored.forget_roles(uow, staff_id, wanted.keys())
    uow.add(
        *(
            StaffRole(staff_id=staff_id, center_id=center_id, role=role)
            for center_id, roles in wanted.items()
            for role in sorted(roles)
        )
    )
    uow.session.flush()


def _write_competencies(
    uow: UnitOfWork, staff_id: StaffId, lines: tuple[CompetencyLine, ...]
) -> None:
    if unknown := [line.code for line in lines if line.code not in COMPETENCIES]:
        raise InvalidError(f"There is no competency {unknown[0]}.", field="competencies")
    stored.forget_competencies(uow, staff_id)
    uow.add(
        *(
            Competency(staff_id=staff_id, code=line.code, expires_on=line.expires_on)
            for line in lines
        )
    )
    settings_marks.draw(uow.session, [center.id for center in organizations.centers(uow)])


def _require_admin_left(uow: UnitOfWork, before: set[StaffId]) -> None:
    uow.session.flush()
    if before and not stored.active_with(uow, Role.ADMIN):
        raise LastManagerError("Somebody has to stay admin: make another person admin first.")


def reset_password(
    uow: UnitOfWork, staff_id: StaffId, *, now: Instant, system_now: Instant, actor: Actor
) -> Invited:
    """Draw a link for a new password; the old one and every session are over at once.

    Raises:
        InvalidError: the person has no address to sign in with; names the field ``email``.
    """
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        person = touchable(uow, staff_id, actor, whole=True)
        if not person.email:
            raise InvalidError("Enter a work e-mail first: people sign in with it.", field="email")
        person.password_hash = ""
        stored.end_sessions(uow, staff_id, now=system_now)
        invited = _draw_link(uow, staff_id, system_now)
        uow.audit(actor, "reset the password of", "staff", staff_id, at=now)
        uow.commit()
    return invited


def deactivate(
    uow: UnitOfWork, staff_id: StaffId, *, now: Instant, system_now: Instant, actor: Actor
) -> None:
    """Let a person sign in no more; every session and link is over at once.

    Raises:
        NotAllowedError: it is the actor.
        LastManagerError: nobody could manage staff any more.
    """
    actor.require(Permission.MANAGE_STAFF)
    if actor.id == staff_id:
        raise NotAllowedError("You cannot deactivate yourself.")
    with uow:
        person = touchable(uow, staff_id, actor, whole=True)
        before = stored.active_with(uow, Role.ADMIN)
        person.active = False
        stored.end_sessions(uow, staff_id, now=system_now)
        stored.close_invitations(uow, staff_id, now=system_now)
        _require_admin_left(uow, before)
        uow.audit(actor, "deactivated", "staff", staff_id, at=now)
        uow.commit()


def reactivate(uow: UnitOfWork, staff_id: StaffId, *, now: Instant, actor: Actor) -> None:
    """Let a person sign in again with the password they had."""
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        touchable(uow, staff_id, actor, whole=True).active = True
        uow.audit(actor, "reactivated", "staff", staff_id, at=now)
        uow.commit()


def _words(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.words for role in roles))
