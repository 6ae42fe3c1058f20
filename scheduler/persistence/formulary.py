"""Queries on regimen versions, their approvals, and how ambiguous values are read."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, RegimenVersionId, StaffId
from scheduler.domain.plan_life import RUNNING
from scheduler.persistence.models import (
    RegimenApproval,
    RegimenChoice,
    RegimenConfirmation,
    RegimenVersion,
    Staff,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork


def version(uow: UnitOfWork, version_id: RegimenVersionId) -> RegimenVersion:
    """Return a regimen version: a shipped one, or a local one of this organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(RegimenVersion, version_id)
    if found is None or found.owner_id not in (None, uow.organization_id):
        raise NotFoundError("regimen")
    return found


def versions(uow: UnitOfWork) -> list[RegimenVersion]:
    """Return shipped versions and the organization's own, oldest first."""
    mine = or_(RegimenVersion.owner_id.is_(None), RegimenVersion.owner_id == uow.organization_id)
    wanted = select(RegimenVersion).where(mine)
    return list(
        uow.session.scalars(
            wanted.order_by(RegimenVersion.regimen, RegimenVersion.version, RegimenVersion.id)
        )
    )


def shipped_digests(uow: UnitOfWork) -> set[str]:
    """Return the digests of the shipped versions that are loaded already."""
    wanted = select(RegimenVersion.digest).where(RegimenVersion.owner_id.is_(None))
    return set(uow.session.scalars(wanted))


def approvals(uow: UnitOfWork) -> dict[RegimenVersionId, RegimenApproval]:
    """Return the last word of the organization on each version that has one."""
    wanted = select(RegimenApproval).order_by(RegimenApproval.at, RegimenApproval.id)
    return {row.regimen_version_id: row for row in uow.session.scalars(wanted)}


def choices(uow: UnitOfWork) -> dict[tuple[str, str], RegimenChoice]:
    """Return how the organization reads ambiguous values, by regimen and name."""
    return {(row.regimen, row.name): row for row in uow.session.scalars(select(RegimenChoice))}


def confirmations(uow: UnitOfWork, regimen: str) -> list[RegimenConfirmation]:
    """Return what was confirmed of a regimen's numbers, oldest first."""
    wanted = select(RegimenConfirmation).where(RegimenConfirmation.regimen == regimen)
    ordered = wanted.order_by(RegimenConfirmation.at, RegimenConfirmation.id)
    return list(uow.session.scalars(ordered))


def approvals_of(uow: UnitOfWork, version_id: RegimenVersionId) -> list[RegimenApproval]:
    """Return every word of the organization on a version, oldest first."""
    wanted = select(RegimenApproval).where(RegimenApproval.regimen_version_id == version_id)
    return list(uow.session.scalars(wanted.order_by(RegimenApproval.at, RegimenApproval.id)))


def names(uow: UnitOfWork) -> dict[StaffId, str]:
    """Return the names of the organization's staff, former ones too."""
    return {row.id: row.name for row in uow.session.scalars(select(Staff))}


def running_under(uow: UnitOfWork, version_ids: Iterable[RegimenVersionId]) -> list[TreatmentPlan]:
    """Return the plans under some regimen versions that are active or on hold."""
    wanted = select(TreatmentPlan).where(
        TreatmentPlan.regimen_version_id.in_(list(version_ids)),
        TreatmentPlan.status.in_(RUNNING),
    )
    return list(uow.session.scalars(wanted.order_by(TreatmentPlan.id)))


def running_by_regimen(uow: UnitOfWork, center_id: CenterId) -> list[tuple[str, int]]:
    """Return how many plans of a center run under each regimen, the most frequent first."""
    count = func.count(TreatmentPlan.id)
    wanted = (
        select(RegimenVersion.regimen, count)
        .join(TreatmentPlan, TreatmentPlan.regimen_version_id == RegimenVersion.id)
        .where(TreatmentPlan.center_id == center_id, TreatmentPlan.status.in_(RUNNING))
        .group_by(RegimenVersion.regimen)
        .order_by(count.desc(), RegimenVersion.regimen)
    )
    return [(name, found) for name, found in uow.session.execute(wanted)]
