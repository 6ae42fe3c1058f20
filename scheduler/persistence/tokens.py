"""Queries on API tokens and on the keys by which a repeated call happens once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.models import ApiToken, Center, Organization
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """A token with the organization and center that it is for, in one query."""

    token_id: UUID
    name: str
    role: Role
    organization_id: OrganizationId
    center_id: CenterId
    expires_at: Instant | None
    revoked_at: Instant | None
    clock_offset_seconds: int
    zone: str


TOKEN = kept(
    select(
        ApiToken.id.label("token_id"),
        ApiToken.name,
        ApiToken.role,
        ApiToken.organization_id,
        ApiToken.center_id,
        ApiToken.expires_at,
        ApiToken.revoked_at,
        Organization.clock_offset_seconds,
        Center.zone,
    )
    .join(Organization, Organization.id == ApiToken.organization_id)
    .join(Center, Center.id == ApiToken.center_id)
    .where(ApiToken.secret_hash == bindparam("secret_hash"))
)


def token_facts(uow: UnitOfWork, secret_hash: bytes) -> TokenFacts | None:
    """Return the token of a secret, from across organizations."""
    row = uow.session.execute(TOKEN, {"secret_hash": secret_hash}).one_or_none()
    return TokenFacts(**row._mapping) if row is not None else None  # noqa: SLF001 - SQLAlchemy's public name


def token(uow: UnitOfWork, token_id: UUID) -> ApiToken:
    """Return a token.

    Raises:
        NotFoundError: not one of this organization.
    """
    found = uow.session.get(ApiToken, token_id)
    if found is None:
        raise NotFoundError("token")
    return found


def tokens(uow: UnitOfWork) -> list[ApiToken]:
    """Return the organization's tokens, oldest first."""
    return list(uow.session.scalars(select(ApiToken).order_by(ApiToken.created_at)))
