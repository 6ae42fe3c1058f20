"""Staff with roles, signed-in sessions and tokens for tests."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count

from argon2 import PasswordHasher

from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.models import ApiToken, Staff, StaffRole
from scheduler.persistence.staff import email_index
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.passwords import new_secret, secret_hash
from scheduler.services.sessions import open_session
from tests.factories.people import NOW

PASSWORD = "three quiet herons"
# cheap on purpose: what a test proves is not how long guessing takes
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)


def make_staff(
    uow: UnitOfWork,
    center_id: CenterId,
    *roles: Role,
    name: str = "",
    email: str = "",
    active: bool = True,
    now: Instant = NOW,
) -> StaffId:
    """Store a person with roles at a center and the password ``PASSWORD``; return the id."""
    number = next(_numbers)
    address = email or f"staff{number}@lakeside.example"
    with uow:
        person = Staff(
            email_index=email_index(address), password_hash=HASH, active=active, created_at=now
        )
        person.name, person.email = name or f"Jo Rask{number}", address
        uow.add(person)
        uow.session.flush()
        uow.add(*_roles(person.id, center_id, roles))
        uow.commit()
        return person.id


def _roles(staff_id: StaffId, center_id: CenterId, roles: Iterable[Role]) -> list[StaffRole]:
    return [StaffRole(staff_id=staff_id, center_id=center_id, role=role) for role in roles]


def make_session(uow: UnitOfWork, staff_id: StaffId, *, now: Instant = NOW) -> str:
    """Sign somebody in; return the cookie's secret."""
    return open_session(uow, staff_id, now=now)


def make_token(
    uow: UnitOfWork, center_id: CenterId, role: Role = Role.CHARGE_NURSE, *, now: Instant = NOW
) -> str:
    """Store an API token; return its secret."""
    secret = new_secret()
    with uow:
        row = ApiToken(
            center_id=center_id,
            role=role,
            name="test program",
            secret_hash=secret_hash(secret),
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        uow.add(row)
        uow.commit()
    return secret
