"""Organizations, patients and contacts for tests, made through the services."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from scheduler.domain.ids import CenterId, OrganizationId, PatientId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, ActorKind, Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.models import Center, Organization
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.patients import AddPatient, add_patient

NOW = datetime(2026, 3, 17, 14, 0, tzinfo=UTC)
_numbers = count(1)


def make_actor(*roles: Role, name: str = "Pat Ortiz") -> Actor:
    """Return a member of staff with those roles; with all that treat patients when none is named."""
    everything = frozenset({Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER})
    return Actor(kind=ActorKind.STAFF, roles=frozenset(roles) or everything, name=name)


def make_organization(
    database: Database,
    *,
    mode: OrganizationMode = OrganizationMode.DEMONSTRATION,
    name: str = "Lakeside Infusion",
    now: Instant = NOW,
) -> OrganizationId:
    """Store an organization and return its id."""
    with database.system() as uow:
        row = Organization(name=name, mode=mode, created_at=now)
        uow.session.add(row)
        uow.commit()
        return row.id


def make_plain_center(uow: UnitOfWork, **values: Any) -> CenterId:
    """Store a center without hours, chairs or nurses and return its id."""
    with uow:
        row = Center(
            **{"name": "Lakeside", "neutral_name": "Lakeside", "zone": "America/New_York"} | values
        )
        uow.add(row)
        uow.commit()
        return row.id


def make_patient(
    uow: UnitOfWork, *, now: Instant = NOW, actor: Actor | None = None, **values: Any
) -> PatientId:
    """Add a patient and return the id; every one has another name and birth date."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "given_name": f"Ann{number}",
        "family_name": f"Sample{number}",
        "birth_date": date(1980, 1, 1 + number % 28),
        "confirmed": True,
    }
    return add_patient(uow, AddPatient(**facts | values), now=now, actor=actor or make_actor())
