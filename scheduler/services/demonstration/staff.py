"""The staff of the demonstration, and how to sign in as one of them."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, ActorKind, Role
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.setup_facts import NewPerson

PASSWORD = "a chair by the window"  # noqa: S105 - printed at each start; a demonstration alone has it
DOMAIN = "demonstration.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the staff: ``login`` is the first part of the address, None for who never signs in."""

    name: str
    login: str
    roles: tuple[Role, ...]
    competencies: tuple[str, ...] = ()
    lunch: time | None = None

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.login}@{DOMAIN}"


STAFF = (
    Member(name="Dana Whitlock", login="manager", roles=(Role.MANAGER, Role.ADMIN)),
    Member(name="Priya Raman", login="desk", roles=(Role.FRONT_DESK,)),
    Member(name="Luis Ortega", login="desk2", roles=(Role.FRONT_DESK,)),
    Member(
        name="Ellen Brightwater",
        login="charge",
        roles=(Role.CHARGE_NURSE, Role.NURSE),
        competencies=("port", "chemotherapy"),
    ),
    Member(
        name="Marcus Adeyemi",
        login="nurse",
        roles=(Role.NURSE,),
        competencies=("port", "chemotherapy"),
        lunch=time(11, 30),
    ),
    Member(
        name="Sofia Lindgren",
        login="nurse2",
        roles=(Role.NURSE,),
        competencies=("port",),
        lunch=time(12),
    ),
    Member(
        name="Grace Tanaka",
        login="nurse3",
        roles=(Role.NURSE,),
        competencies=("chemotherapy",),
        lunch=time(12, 30),
    ),
    Member(name="Peter Novak", login="nurse4", roles=(Role.NURSE,), lunch=time(13)),
    Member(name="Helen Marsh", login="pharmacist", roles=(Role.PHARMACIST,)),
    Member(name="Ruth Calder", login="auditor", roles=(Role.AUDITOR,)),
)


def new_people(password_hash: str, today: date) -> tuple[NewPerson, ...]:
    """Return the staff as a center is set up with them; competencies last another year."""
    return tuple(
        NewPerson(
            name=member.name,
            email=member.email,
            roles=frozenset(member.roles),
            password_hash=password_hash,
            competencies=tuple((code, today + timedelta(days=365)) for code in member.competencies),
            on_shift=Role.NURSE in member.roles and Role.CHARGE_NURSE not in member.roles,
            lunch=_lunch(member),
        )
        for member in STAFF
    )


def _lunch(member: Member) -> tuple[time, time] | None:
    if member.lunch is None:
        return None
    minutes = member.lunch.hour * 60 + member.lunch.minute + 30
    return member.lunch, time(minutes // 60, minutes % 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The staff as actors."""

    desk: Actor
    nurse: Actor
    charge: Actor
    pharmacist: Actor


def cast_of(ids: tuple[UUID, ...]) -> Cast:
    """Return who does what while the demonstration is built; ids in the order of ``STAFF``."""
    actors = {
        member.login: Actor(
            kind=ActorKind.STAFF, id=staff_id, roles=frozenset(member.roles), name=member.name
        )
        for member, staff_id in zip(STAFF, ids, strict=True)
    }
    return Cast(
        desk=actors["desk"],
        nurse=actors["nurse"],
        charge=actors["charge"],
        pharmacist=actors["pharmacist"],
    )


def sign_ins(uow: UnitOfWork) -> tuple[str, ...]:
    """Return lines that say how to sign in to a demonstration; none where there is no demonstration."""
    found = organizations.all_organizations(uow)
    if not any(row.mode is OrganizationMode.DEMONSTRATION for row in found):
        return ()
    people = [f"  {member.email:<38} {_role(member)}" for member in STAFF]
    return (f"A demonstration. Sign in with the password: {PASSWORD}", *people)


def _role(member: Member) -> str:
    return member.roles[0].value.replace("_", " ")
