"""Signing in and out, locking and unlocking: sessions that can be ended from the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.errors import DomainError, NotAllowedError, NotFoundError
from scheduler.domain.ids import CenterId, OrganizationId, SessionId, StaffId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, ActorKind, Role
from scheduler.domain.timing import Instant
from scheduler.persistence import staff as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Staff, StaffSession
from scheduler.persistence.staff import SessionFacts
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import matches, new_secret, secret_hash
from scheduler.services.throttling import Limit, count_try, forget_tries

ENDS_AFTER = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)
TRIES_OF_A_PERSON = 5
TRIES_OF_A_NETWORK = 100


class SignInError(DomainError):
    """The address or the password is not right; which of them is not said."""

    status = 422

    def __init__(self) -> None:
        super().__init__("E-mail or password is not right.")


class WrongPasswordError(DomainError):
    """The signed-in person's password is not right."""

    status = 422
    field = "password"

    def __init__(self) -> None:
        super().__init__("That password is not right.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What somebody typed, and from which network."""

    email: str
    password: str
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who a request comes from, where they work, and how they like their pages.

    Args:
        locked: The person has to type the password before going on.
        stale: ``last_seen_at`` should be written anew.
    """

    session_id: SessionId
    staff_id: StaffId
    organization_id: OrganizationId
    center_id: CenterId
    name: str
    roles: frozenset[Role]
    theme: str
    language: str
    shortcuts: bool
    organization_name: str
    mode: OrganizationMode
    clock_offset_seconds: int
    idle_minutes: int
    center_name: str
    zone: str
    locked: bool
    stale: bool

    @property
    def actor(self) -> Actor:
        """The person as the services know them."""
        return Actor(kind=ActorKind.STAFF, id=self.staff_id, roles=self.roles, name=self.name)


def sign_in(database: Database, request: SignIn, *, now: Instant) -> str:
    """Open a session and return the cookie's secret.

    Tries are counted first; the password is compared while no transaction is open.

    Args:
        database: Where the person is looked for, across organizations.
        request: What was typed.
        now: The system's time, never a demonstration's.

    Raises:
        TooManyTriesError: by this person or network; known or not.
        SignInError: address or password is wrong, or the person is not active.
    """
    person = Limit(purpose="sign-in", subject=request.email.strip(), most=TRIES_OF_A_PERSON)
    count_try(database.system(), (person, _network(request.network)), now=now)
    with database.look() as uow:
        found = stored.credentials_by_email(uow, request.email)
    right = matches(found.password_hash if found else "", request.password)
    if found is None or not right or not found.active or not found.password_hash:
        raise SignInError
    forget_tries(database.system(), person)
    return open_session(database.write(found.organization_id), found.staff_id, now=now)


def _network(address: str) -> Limit:
    return Limit(purpose="network", subject=address, most=TRIES_OF_A_NETWORK)


def open_session(uow: UnitOfWork, staff_id: StaffId, *, now: Instant) -> str:
    """Open a session for somebody who proved who they are; return the cookie's secret.

    Raises:
        NotAllowedError: the person has no role at any center.
    """
    with uow:
        person = stored.member(uow, staff_id)
        roles = stored.roles(uow, [staff_id])
        if not roles:
            raise NotAllowedError("You have no role at any center yet; ask your manager.")
        secret = new_secret()
        center_id = min(roles, key=lambda each: each.id).center_id
        _open(uow, person, center_id, secret, now=now)
        uow.commit()
    return secret


def _open(
    uow: UnitOfWork, person: Staff, center_id: CenterId, secret: str, *, now: Instant
) -> None:
    row = StaffSession(
        staff_id=person.id,
        center_id=center_id,
        secret_hash=secret_hash(secret),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ENDS_AFTER,
    )
    uow.add(row)
    actor = Actor(kind=ActorKind.STAFF, id=person.id, name=person.name)
    uow.audit(actor, "signed in", "session", row.id, at=now)


def recognize(uow: UnitOfWork, secret: str, *, now: Instant) -> SignedIn | None:
    """Return who a cookie's secret stands for; None when the session is over.

    Args:
        uow: For reading, across organizations.
        secret: From the cookie.
        now: The system's time.
    """
    with uow:
        facts = stored.session_facts(uow, secret_hash(secret))
        if facts is None or _over(facts, now):
            return None
        roles = stored.roles_at(uow, facts.staff_id, facts.center_id)
    return _signed_in(facts, roles, now)


def _over(facts: SessionFacts, now: Instant) -> bool:
    return not facts.active or facts.ended_at is not None or facts.expires_at <= now


def _signed_in(facts: SessionFacts, roles: frozenset[Role], now: Instant) -> SignedIn:
    quiet = now - facts.last_seen_at
    # last_seen_at is written once a minute, so it may be that much too old
    idle = quiet > timedelta(minutes=facts.idle_minutes) + SEEN_EVERY
    return SignedIn(
        session_id=facts.session_id,
        staff_id=facts.staff_id,
        organization_id=facts.organization_id,
        center_id=facts.center_id,
        name=facts.name,
        roles=roles,
        theme=facts.theme,
        language=facts.language,
        shortcuts=facts.shortcuts,
        organization_name=facts.organization_name,
        mode=facts.mode,
        clock_offset_seconds=facts.clock_offset_seconds,
        idle_minutes=facts.idle_minutes,
        center_name=facts.center_name,
        zone=facts.zone,
        locked=idle or facts.locked_at is not None,
        stale=quiet >= SEEN_EVERY,
    )


def touch_session(uow: UnitOfWork, session_id: SessionId, *, now: Instant) -> None:
    """Note that the person is there; a short write of its own, at most once a minute."""

    def touch(row: StaffSession) -> None:
        row.last_seen_at = now

    _change(uow, session_id, touch)


def lock_session(uow: UnitOfWork, session_id: SessionId, *, now: Instant) -> None:
    """Lock a session until its person types the password."""

    def lock(row: StaffSession) -> None:
        row.locked_at = row.locked_at or now

    _change(uow, session_id, lock)


def _change(uow: UnitOfWork, session_id: SessionId, do: Callable[[StaffSession], None]) -> None:
    with uow:
        row = stored.session_of(uow, session_id)
        if row is not None and row.ended_at is None:
            do(row)
        uow.commit()


def unlock_session(database: Database, who: SignedIn, password: str, *, now: Instant) -> None:
    """Unlock a session with its person's password.

    Raises:
        TooManyTriesError: wait.
        WrongPasswordError: it is not right.
    """
    require_password(database, who.organization_id, who.staff_id, password, now=now)

    def unlock(row: StaffSession) -> None:
        row.locked_at, row.last_seen_at = None, now

    _change(database.write(who.organization_id), who.session_id, unlock)


def require_password(
    database: Database,
    organization_id: OrganizationId,
    staff_id: StaffId,
    password: str,
    *,
    now: Instant,
) -> None:
    """Ask a signed-in person's password again, as throttled as a sign-in.

    Raises:
        TooManyTriesError: wait.
        WrongPasswordError: it is not right.
    """
    limit = Limit(purpose="unlock", subject=staff_id.hex, most=TRIES_OF_A_PERSON)
    count_try(database.system(), (limit,), now=now)
    with database.read(organization_id) as uow:
        person = stored.credentials(stored.member(uow, staff_id))
    if not matches(person.password_hash, password):
        raise WrongPasswordError
    forget_tries(database.system(), limit)


def end_session(uow: UnitOfWork, session_id: SessionId, *, now: Instant, actor: Actor) -> None:
    """Sign out."""
    with uow:
        row = stored.session_of(uow, session_id)
        if row is not None and row.ended_at is None:
            row.ended_at = now
            uow.audit(actor, "signed out", "session", session_id, at=now)
        uow.commit()


def choose_center(uow: UnitOfWork, who: SignedIn, center_id: CenterId) -> None:
    """Go on working at another center of the organization.

    Raises:
        NotFoundError: the person has no role there; which other centers there are is not said.
    """
    with uow:
        if not stored.roles_at(uow, who.staff_id, center_id):
            raise NotFoundError("center")
        row = stored.session_of(uow, who.session_id)
        if row is not None:
            row.center_id = center_id
        uow.commit()


def prune_sessions(uow: UnitOfWork, *, now: Instant) -> int:
    """Remove sessions and failed tries of long ago; return how many sessions went.

    Args:
        uow: Across organizations; the worker's.
        now: The system's time.
    """
    with uow:
        gone = stored.prune_sessions(uow, before=now - KEPT)
        stored.prune_throttles(uow, before=now - timedelta(days=1))
        uow.commit()
        return gone
