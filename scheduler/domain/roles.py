"""Who acts, and what each role may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from scheduler.domain.errors import NotAllowedError


class Role(StrEnum):
    """A role at a center; a person can have several."""

    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    CHARGE_NURSE = "charge_nurse"
    PHARMACIST = "pharmacist"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def words(self) -> str:
        """The role as a person reads it."""
        return self.value.replace("_", " ")


DESK = frozenset(
    {Role.FRONT_DESK, Role.NURSE, Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER, Role.ADMIN}
)
CLINICAL = frozenset({Role.NURSE, Role.CHARGE_NURSE, Role.PHARMACIST})


class Permission(StrEnum):
    """Something a person may do; the services ask for it, the pages only hide what would be refused."""

    READ = "read"
    BOOK = "book"
    ENTER_ORDER = "enter_order"
    EDIT_PATIENT = "edit_patient"
    RECORD_DOSE = "record_dose"
    EXCEED_NURSE_LIMITS = "exceed_nurse_limits"
    BOOK_OUTSIDE_WINDOW = "book_outside_window"
    GO_BELOW_NOT_BEFORE = "go_below_not_before"
    CHANGE_PLAN = "change_plan"
    CLEAR_REQUIREMENT = "clear_requirement"
    APPROVE_REGIMEN = "approve_regimen"
    MANAGE_STAFF = "manage_staff"
    MANAGE_CENTER = "manage_center"


ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.READ: frozenset(Role),
    Permission.BOOK: DESK,
    Permission.ENTER_ORDER: DESK,
    Permission.EDIT_PATIENT: DESK,
    Permission.RECORD_DOSE: CLINICAL,
    Permission.EXCEED_NURSE_LIMITS: frozenset({Role.CHARGE_NURSE}),
    Permission.BOOK_OUTSIDE_WINDOW: CLINICAL,
    Permission.GO_BELOW_NOT_BEFORE: frozenset({Role.PHARMACIST}),
    Permission.CHANGE_PLAN: CLINICAL,
    Permission.CLEAR_REQUIREMENT: CLINICAL | {Role.FRONT_DESK},
    Permission.APPROVE_REGIMEN: frozenset({Role.PHARMACIST}),
    Permission.MANAGE_STAFF: frozenset({Role.MANAGER, Role.ADMIN}),
    Permission.MANAGE_CENTER: frozenset({Role.MANAGER, Role.ADMIN, Role.CHARGE_NURSE}),
}


class ActorKind(StrEnum):
    """What kind of hand a change comes from."""

    STAFF = "staff"
    PATIENT = "patient"
    WORKER = "worker"
    API = "api"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does it: a member of staff, a patient by a link, the worker, an API token, a command.

    Args:
        kind: What kind of hand.
        id: The staff member, contact or token; none for the worker and commands.
        roles: The person's roles at the center they work in.
        name: As the audit shows it to people.
    """

    kind: ActorKind
    id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    name: str = ""

    def may(self, permission: Permission) -> bool:
        """Say whether one of the roles allows it; the worker and commands act for the system."""
        if self.kind in (ActorKind.WORKER, ActorKind.COMMAND):
            return True
        return bool(ALLOWED[permission] & self.roles)

    def require(self, permission: Permission) -> None:
        """Refuse with the roles that may.

        Raises:
            NotAllowedError: none of the actor's roles allows it.
        """
        if not self.may(permission):
            raise NotAllowedError(f"This needs the role {spoken(ALLOWED[permission])}.")


WORKER = Actor(kind=ActorKind.WORKER, name="worker")
COMMAND = Actor(kind=ActorKind.COMMAND, name="command line")


def spoken(roles: Iterable[Role]) -> str:
    """Return roles as words: "charge nurse or pharmacist"."""
    words = sorted(role.words for role in roles)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
