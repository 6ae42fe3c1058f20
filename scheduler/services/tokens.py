"""Tokens of the API: drawn once, shown once, stored as a hash, scoped to one center and role."""

from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.roles import Actor, ActorKind, Permission, Role
from scheduler.domain.timing import Instant
from scheduler.persistence import organizations
from scheduler.persistence import tokens as stored
from scheduler.persistence.models import ApiToken
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import new_secret, secret_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateToken:
    """A token to draw; ``expires_at`` is on the system's clock, None is without end."""

    center_id: CenterId
    role: Role
    name: str
    expires_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated:
    """A new token; its secret is shown now and never again."""

    token_id: UUID
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """Whom a call of the API comes from."""

    token_id: UUID
    organization_id: OrganizationId
    center_id: CenterId
    zone: str
    clock_offset_seconds: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token in a list."""

    token_id: UUID
    name: str
    role: Role
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None


def create_token(
    uow: UnitOfWork, request: CreateToken, *, now: Instant, actor: Actor
) -> TokenCreated:
    """Draw a token of 256 bits.

    Raises:
        NotAllowedError: the actor may not manage staff.
        InvalidError: it has no name, or is over already.
    """
    actor.require(Permission.MANAGE_STAFF)
    if not request.name.strip():
        raise InvalidError("Name the token after what will use it.", field="name")
    if request.expires_at is not None and request.expires_at <= now:
        raise InvalidError("The token would be over already.", field="expires")
    secret = new_secret()
    with uow:
        organizations.center(uow, request.center_id)
        row = ApiToken(
            center_id=request.center_id,
            role=request.role,
            name=request.name.strip(),
            secret_hash=secret_hash(secret),
            created_at=now,
            expires_at=request.expires_at,
        )
        uow.add(row)
        uow.audit(actor, "created", "token", row.id, at=now, after=f"{row.name} {row.role}")
        uow.commit()
    return TokenCreated(token_id=row.id, secret=secret)


def recognize_token(uow: UnitOfWork, secret: str, *, now: Instant) -> TokenHolder | None:
    """Return whom a secret stands for; None when there is no such token any more.

    Args:
        uow: For reading, across organizations.
        secret: Of the Authorization header.
        now: The system's time.
    """
    with uow:
        facts = stored.token_facts(uow, secret_hash(secret))
    if facts is None or facts.revoked_at is not None:
        return None
    if facts.expires_at is not None and facts.expires_at <= now:
        return None
    actor = Actor(
        kind=ActorKind.API, id=facts.token_id, roles=frozenset({facts.role}), name=facts.name
    )
    return TokenHolder(
        token_id=facts.token_id,
        organization_id=facts.organization_id,
        center_id=facts.center_id,
        zone=facts.zone,
        clock_offset_seconds=facts.clock_offset_seconds,
        actor=actor,
    )


def list_tokens(uow: UnitOfWork, *, actor: Actor) -> tuple[TokenLine, ...]:
    """Return the organization's tokens without their secrets."""
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        return tuple(
            TokenLine(
                token_id=row.id,
                name=row.name,
                role=row.role,
                created_at=row.created_at,
                expires_at=row.expires_at,
                revoked_at=row.revoked_at,
            )
            for row in stored.tokens(uow)
        )


def revoke_token(uow: UnitOfWork, token_id: UUID, *, now: Instant, actor: Actor) -> None:
    """Make a token useless at once.

    Raises:
        NotFoundError: not one of this organization.
    """
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        row = stored.token(uow, token_id)
        row.revoked_at = row.revoked_at or now
        uow.audit(actor, "revoked", "token", row.id, at=now, before=row.name)
        uow.commit()
