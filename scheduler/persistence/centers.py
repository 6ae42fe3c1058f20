"""Queries on what a center has: limits, chairs and their outages, nurses' shifts and absences."""

from sqlalchemy import select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, ChairId, StaffId
from scheduler.persistence.models import (
    CenterLimits,
    Chair,
    ChairOutage,
    Closure,
    NurseAbsence,
    NurseShift,
)
from scheduler.persistence.unit_of_work import UnitOfWork


def limits_of(uow: UnitOfWork, center_id: CenterId) -> list[CenterLimits]:
    """Return the limits of a center, all sets of them, oldest first."""
    wanted = select(CenterLimits).where(CenterLimits.center_id == center_id)
    return list(uow.session.scalars(wanted.order_by(CenterLimits.effective_from)))


def chairs_of(uow: UnitOfWork, center_id: CenterId) -> list[Chair]:
    """Return the active chairs of a center in their order."""
    wanted = select(Chair).where(Chair.center_id == center_id, Chair.active)
    return list(uow.session.scalars(wanted.order_by(Chair.position, Chair.key)))


def chair(uow: UnitOfWork, center_id: CenterId, chair_id: ChairId) -> Chair:
    """Return a chair of a center.

    Raises:
        NotFoundError: it has none of that id.
    """
    found = uow.session.get(Chair, chair_id)
    if found is None or found.center_id != center_id:
        raise NotFoundError("chair")
    return found


def chair_by_key(uow: UnitOfWork, key: int) -> Chair:
    """Return a chair by its key, which a visit names."""
    return uow.session.scalars(select(Chair).where(Chair.key == key)).one()


def outages_of(uow: UnitOfWork, center_id: CenterId) -> list[ChairOutage]:
    """Return the spans in which chairs of a center are out of service."""
    wanted = select(ChairOutage).where(ChairOutage.center_id == center_id)
    return list(uow.session.scalars(wanted.order_by(ChairOutage.starts_at)))


def shifts_of(uow: UnitOfWork, center_id: CenterId) -> list[NurseShift]:
    """Return the shifts of a center's nurses, weekly and single ones."""
    wanted = select(NurseShift).where(NurseShift.center_id == center_id)
    return list(uow.session.scalars(wanted.order_by(NurseShift.staff_id, NurseShift.id)))


def absences_of(uow: UnitOfWork, center_id: CenterId) -> list[NurseAbsence]:
    """Return when nurses of a center are out, lifted absences left out."""
    wanted = select(NurseAbsence).where(
        NurseAbsence.center_id == center_id, NurseAbsence.lifted_at.is_(None)
    )
    return list(uow.session.scalars(wanted.order_by(NurseAbsence.day, NurseAbsence.id)))


def absence(uow: UnitOfWork, absence_id: StaffId) -> NurseAbsence:
    """Return an absence of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(NurseAbsence, absence_id)
    if found is None:
        raise NotFoundError("absence")
    return found


def closure(uow: UnitOfWork, closure_id: CenterId) -> Closure:
    """Return a closure of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Closure, closure_id)
    if found is None:
        raise NotFoundError("closure")
    return found
