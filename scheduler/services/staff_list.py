"""Staff as managers see them: names, roles per center, competencies."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from scheduler.domain.competencies import WORDS
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Actor, Permission, Role
from scheduler.persistence import organizations
from scheduler.persistence import staff as stored
from scheduler.persistence.models import Staff
from scheduler.persistence.unit_of_work import UnitOfWork

COMPETENCIES = WORDS
"""What a nurse may do beyond the ordinary, and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyLine:
    """A competency and the last day on which it holds; None is without end."""

    code: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterRoles:
    """A person's roles at one center."""

    center_id: CenterId
    center: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff as the pages show one.

    Args:
        invited: Has not chosen a password yet.
        version: For the edit form.
    """

    staff_id: StaffId
    name: str
    email: str
    active: bool
    invited: bool
    roles: tuple[CenterRoles, ...]
    competencies: tuple[CompetencyLine, ...]
    version: int


def list_staff(uow: UnitOfWork, *, actor: Actor) -> tuple[Member, ...]:
    """Return all staff of the organization by name, in a fixed number of queries."""
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        shown = _shown(uow, stored.members(uow))
    return tuple(sorted(shown, key=lambda member: (not member.active, member.name.casefold())))


def show_member(uow: UnitOfWork, staff_id: StaffId, *, actor: Actor) -> Member:
    """Return one person.

    Raises:
        NotFoundError: not one of this organization.
    """
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        return _shown(uow, [stored.member(uow, staff_id)])[0]


def _shown(uow: UnitOfWork, people: list[Staff]) -> list[Member]:
    ids = [person.id for person in people]
    names = {center.id: center.name for center in organizations.centers(uow)}
    roles: dict[StaffId, dict[CenterId, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for row in stored.roles(uow, ids):
        roles[row.staff_id][row.center_id].add(row.role)
    able: dict[StaffId, list[CompetencyLine]] = defaultdict(list)
    for one in stored.competencies(uow, ids):
        able[one.staff_id].append(CompetencyLine(code=one.code, expires_on=one.expires_on))
    return [
        Member(
            staff_id=person.id,
            name=person.name,
            email=person.email,
            active=person.active,
            invited=not person.password_hash,
            roles=tuple(
                CenterRoles(center_id=each, center=names[each], roles=frozenset(theirs))
                for each, theirs in roles[person.id].items()
            ),
            competencies=tuple(able[person.id]),
            version=person.version,
        )
        for person in people
    ]
