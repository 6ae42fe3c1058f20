"""Queries on staff, their roles, competencies, sessions, invitations and failed tries."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, OrganizationId, SessionId, StaffId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.encryption import keyring, unseal
from scheduler.persistence.models import (
    Center,
    Competency,
    Invitation,
    Organization,
    Staff,
    StaffRole,
    StaffSession,
    Throttle,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


def email_index(email: str) -> bytes:
    """Return the blind index of a sign-in address, whatever its case."""
    return keyring().blind("staff", email.strip().casefold())


def no_email_index(staff_id: UUID) -> bytes:
    """Return the index of somebody without an address, who cannot sign in."""
    return keyring().blind("staff without address", staff_id.hex)


def member(uow: UnitOfWork, staff_id: StaffId) -> Staff:
    """Return a member of staff.

    Raises:
        NotFoundError: not one of this organization.
    """
    found = uow.session.get(Staff, staff_id)
    if found is None:
        raise NotFoundError("person")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What is compared at sign-in, kept when the transaction is over."""

    staff_id: StaffId
    organization_id: OrganizationId
    name: str
    email: str
    password_hash: str
    active: bool


def credentials_by_email(uow: UnitOfWork, email: str) -> Credentials | None:
    """Return who signs in with an address; addresses are unique across organizations."""
    person = uow.session.scalar(select(Staff).where(Staff.email_index == email_index(email)))
    return credentials(person) if person is not None else None


def credentials(person: Staff) -> Credentials:
    """Return a person's credentials as a value."""
    return Credentials(
        staff_id=person.id,
        organization_id=person.organization_id,
        name=person.name,
        email=person.email,
        password_hash=person.password_hash,
        active=person.active,
    )


def members(uow: UnitOfWork) -> list[Staff]:
    """Return all staff of the organization, in the order in which they came."""
    return list(uow.session.scalars(select(Staff).order_by(Staff.created_at, Staff.id)))


def roles(uow: UnitOfWork, staff_ids: Iterable[StaffId]) -> list[StaffRole]:
    """Return the roles of people at all centers."""
    wanted = select(StaffRole).where(StaffRole.staff_id.in_(list(staff_ids)))
    return list(uow.session.scalars(wanted))


ROLES_AT = kept(
    select(StaffRole.role).where(
        StaffRole.staff_id == bindparam("staff_id"), StaffRole.center_id == bindparam("center_id")
    )
)


def roles_at(uow: UnitOfWork, staff_id: StaffId, center_id: CenterId) -> frozenset[Role]:
    """Return a person's roles at one center."""
    asked = {"staff_id": staff_id, "center_id": center_id}
    return frozenset(uow.session.scalars(ROLES_AT, asked))


def competencies(uow: UnitOfWork, staff_ids: Iterable[StaffId]) -> list[Competency]:
    """Return the competencies of people, by code."""
    wanted = select(Competency).where(Competency.staff_id.in_(list(staff_ids)))
    return list(uow.session.scalars(wanted.order_by(Competency.code)))


def active_with(uow: UnitOfWork, role: Role) -> set[StaffId]:
    """Return the active people who have a role at any center."""
    wanted = (
        select(Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.active, StaffRole.role == role)
    )
    return set(uow.session.scalars(wanted))


def forget_roles(uow: UnitOfWork, staff_id: StaffId, center_ids: Iterable[CenterId]) -> None:
    """Remove a person's roles at some centers."""
    mine = StaffRole.staff_id == staff_id, StaffRole.center_id.in_(list(center_ids))
    uow.session.execute(delete(StaffRole).where(*mine))


def forget_competencies(uow: UnitOfWork, staff_id: StaffId) -> None:
    """Remove a person's competencies."""
    uow.session.execute(delete(Competency).where(Competency.staff_id == staff_id))


def open_invitation(uow: UnitOfWork, secret_hash: bytes) -> Invitation | None:
    """Return an invitation that was not used, from across organizations."""
    wanted = select(Invitation).where(
        Invitation.secret_hash == secret_hash, Invitation.used_at.is_(None)
    )
    return uow.session.scalar(wanted)


def close_invitations(uow: UnitOfWork, staff_id: StaffId, *, now: Instant) -> None:
    """Make every link that a person was given useless."""
    mine = Invitation.staff_id == staff_id, Invitation.used_at.is_(None)
    uow.session.execute(update(Invitation).where(*mine).values(used_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A session with the person, organization and center that it is for, in one query."""

    session_id: SessionId
    staff_id: StaffId
    organization_id: OrganizationId
    center_id: CenterId
    created_at: Instant
    last_seen_at: Instant
    locked_at: Instant | None
    expires_at: Instant
    ended_at: Instant | None
    name: str
    active: bool
    theme: str
    language: str
    shortcuts: bool
    organization_name: str
    mode: OrganizationMode
    clock_offset_seconds: int
    idle_minutes: int
    center_name: str
    zone: str


SESSION_FACTS = kept(
    select(
        StaffSession.id.label("session_id"),
        StaffSession.staff_id,
        StaffSession.organization_id,
        StaffSession.center_id,
        StaffSession.created_at,
        StaffSession.last_seen_at,
        StaffSession.locked_at,
        StaffSession.expires_at,
        StaffSession.ended_at,
        Staff.name_sealed.label("name"),
        Staff.active,
        Staff.theme,
        Staff.language,
        Staff.shortcuts,
        Organization.name.label("organization_name"),
        Organization.mode,
        Organization.clock_offset_seconds,
        Organization.idle_minutes,
        Center.name.label("center_name"),
        Center.zone,
    )
    .join(Staff, Staff.id == StaffSession.staff_id)
    .join(Organization, Organization.id == StaffSession.organization_id)
    .join(Center, Center.id == StaffSession.center_id)
    .where(StaffSession.secret_hash == bindparam("secret_hash"))
)


def session_facts(uow: UnitOfWork, secret_hash: bytes) -> SessionFacts | None:
    """Return the session of a cookie's secret, from across organizations."""
    row = uow.session.execute(SESSION_FACTS, {"secret_hash": secret_hash}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    values["name"] = unseal(values["name"], table="staff", column="name", id=row.staff_id)
    return SessionFacts(**values)


def session_of(uow: UnitOfWork, session_id: SessionId) -> StaffSession | None:
    """Return a session's row."""
    return uow.session.get(StaffSession, session_id)


def end_sessions(
    uow: UnitOfWork, staff_id: StaffId, *, now: Instant, but: SessionId | None = None
) -> None:
    """End every session of a person, except one."""
    mine = [StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None)]
    if but is not None:
        mine.append(StaffSession.id != but)
    uow.session.execute(update(StaffSession).where(*mine).values(ended_at=now))


def prune_sessions(uow: UnitOfWork, *, before: Instant) -> int:
    """Remove sessions that ended or ran out long ago; return how many."""
    gone = StaffSession.expires_at < before
    ids = list(uow.session.scalars(select(StaffSession.id).where(gone).limit(1000)))
    uow.session.execute(delete(StaffSession).where(StaffSession.id.in_(ids)))
    return len(ids)


def prune_throttles(uow: UnitOfWork, *, before: Instant) -> None:
    """Remove failed tries that no longer count."""
    uow.session.execute(delete(Throttle).where(Throttle.first_at < before))


def throttle(uow: UnitOfWork, key: bytes, *, now: Instant) -> Throttle:
    """Return the tries of a key, made if there are none, locked until the transaction ends."""
    into = postgresql.insert if uow.is_postgresql else sqlite.insert
    fresh = into(Throttle).values(key=key, failures=0, first_at=now)
    uow.session.execute(fresh.on_conflict_do_nothing())
    wanted = select(Throttle).where(Throttle.key == key)
    return uow.session.scalars(wanted.with_for_update()).one()


def forget_throttle(uow: UnitOfWork, key: bytes) -> None:
    """Forget the failed tries of a key."""
    uow.session.execute(delete(Throttle).where(Throttle.key == key))
