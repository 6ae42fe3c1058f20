"""What people change about themselves: password, theme, keys."""

from dataclasses import dataclass

from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import StaffId
from scheduler.domain.roles import Actor, ActorKind
from scheduler.domain.timing import Instant
from scheduler.persistence import staff as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Staff
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import hashed, require_good, secret_hash
from scheduler.services.sessions import SignedIn, WrongPasswordError, open_session, require_password

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person likes the pages; ``shortcuts`` are single keys on the board."""

    theme: str
    shortcuts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """The old password and a new one."""

    old: str
    new: str


def set_preferences(uow: UnitOfWork, staff_id: StaffId, wanted: Preferences) -> None:
    """Store how a person likes the pages.

    Raises:
        InvalidError: there is no such theme; names the field.
    """
    if wanted.theme not in THEMES:
        raise InvalidError("Choose light, dark, or as the system.", field="theme")
    with uow:
        person = stored.member(uow, staff_id)
        person.theme = wanted.theme
        person.shortcuts = wanted.shortcuts
        uow.commit()


def change_password(
    database: Database, who: SignedIn, request: ChangePassword, *, now: Instant
) -> None:
    """Change a person's own password; the other sessions are over at once.

    Raises:
        WrongPasswordError: the old one is not right; names the field ``old``.
        InvalidError: the new one is easy to guess.
    """
    try:
        require_password(database, who.organization_id, who.staff_id, request.old, now=now)
    except WrongPasswordError as refusal:
        refusal.field = "old"
        raise
    require_good(request.new, name=who.name)
    new_hash = hashed(request.new)
    with database.write(who.organization_id) as uow:
        person = stored.member(uow, who.staff_id)
        person.password_hash = new_hash
        stored.end_sessions(uow, who.staff_id, now=now, but=who.session_id)
        uow.audit(who.actor, "changed the own password", "staff", who.staff_id, at=now)
        uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom a one-time link is for."""

    name: str
    email: str


def invitee(uow: UnitOfWork, secret: str, *, now: Instant) -> Invitee:
    """Return whom a one-time link is for.

    Args:
        uow: For reading, across organizations.
        secret: From the address.
        now: The system's time.

    Raises:
        NotFoundError: it is unknown, used or over.
    """
    with uow:
        person = _invited(uow, secret, now)
        return Invitee(name=person.name, email=person.email)


def _invited(uow: UnitOfWork, secret: str, now: Instant) -> Staff:
    found = stored.open_invitation(uow, secret_hash(secret))
    if found is None or found.expires_at <= now:
        raise NotFoundError("page")
    person = stored.member(uow, found.staff_id)
    if not person.active:
        raise NotFoundError("page")
    return person


def accept_invitation(database: Database, secret: str, password: str, *, now: Instant) -> str:
    """Choose the first password by a one-time link and sign in; return the cookie's secret.

    Raises:
        NotFoundError: the link is unknown, used or over.
        InvalidError: the password is easy to guess.
    """
    with database.look() as uow:
        person = stored.credentials(_invited(uow, secret, now))
    require_good(password, name=person.name, email=person.email)
    new_hash = hashed(password)
    with database.write(person.organization_id) as uow:
        _take_up(uow, secret, new_hash, now=now)
        cookie = open_session(uow, person.staff_id, now=now)
        uow.commit()
    return cookie


def _take_up(uow: UnitOfWork, secret: str, new_hash: str, *, now: Instant) -> None:
    # looked at again inside the transaction: a link opens once
    person = _invited(uow, secret, now)
    if not new_hash:
        raise InvalidError("Choose a password.", field="password")
    person.password_hash = new_hash
    stored.close_invitations(uow, person.id, now=now)
    stored.end_sessions(uow, person.id, now=now)
    actor = Actor(kind=ActorKind.STAFF, id=person.id, name=person.name)
    uow.audit(actor, "chose a password", "staff", person.id, at=now)
