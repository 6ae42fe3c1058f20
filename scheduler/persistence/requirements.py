"""Queries on requirements, authorizations, REMS enrolments and supply."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import DoseId, PatientId, PlanId
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    Order,
    RemsEnrolment,
    Requirement,
    Supply,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecords:
    """All that is recorded about the readiness of some plans."""

    plans: dict[PlanId, tuple[TreatmentPlan, Order]]
    requirements: list[Requirement]
    authorizations: list[Authorization]
    used: dict[UUID, int]
    enrolments: list[RemsEnrolment]
    supplies: list[Supply]


def records_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> PlanRecords:
    """Return what is recorded about plans, in six queries however many there are."""
    ids = list(plan_ids)
    joined = select(TreatmentPlan, Order).join(Order, Order.id == TreatmentPlan.order_id)
    rows = uow.session.execute(joined.where(TreatmentPlan.id.in_(ids)))
    plans = {plan.id: (plan, order) for plan, order in rows}
    people = {plan.patient_id for plan, _ in plans.values()}
    authorizations = authorizations_of(uow, ids)
    return PlanRecords(
        plans=plans,
        requirements=requirements_of(uow, ids),
        authorizations=authorizations,
        used=visits_used(uow, [row.id for row in authorizations]),
        enrolments=enrolments_of(uow, people),
        supplies=list(uow.session.scalars(select(Supply).where(Supply.plan_id.in_(ids)))),
    )


def requirements_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[Requirement]:
    """Return the requirement rows of plans."""
    wanted = select(Requirement).where(Requirement.plan_id.in_(list(plan_ids)))
    return list(uow.session.scalars(wanted.order_by(Requirement.id)))


def requirement(
    uow: UnitOfWork, plan_id: PlanId, code: str, dose_id: DoseId | None
) -> Requirement | None:
    """Return the row of one requirement of a plan, or of one of its doses."""
    wanted = select(Requirement).where(Requirement.plan_id == plan_id, Requirement.code == code)
    same = Requirement.dose_id.is_(None) if dose_id is None else Requirement.dose_id == dose_id
    return uow.session.scalar(wanted.where(same))


def authorizations_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[Authorization]:
    """Return the prior authorizations of plans, oldest first."""
    wanted = select(Authorization).where(Authorization.plan_id.in_(list(plan_ids)))
    return list(uow.session.scalars(wanted.order_by(Authorization.id)))


def authorization(uow: UnitOfWork, authorization_id: PlanId) -> Authorization:
    """Return a prior authorization of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Authorization, authorization_id)
    if found is None:
        raise NotFoundError("authorization")
    return found


def visits_used(uow: UnitOfWork, authorization_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many visits given doses took from each authorization; given back ones left out."""
    ids = list(authorization_ids)
    if not ids:
        return {}
    wanted = (
        select(AuthorizationUse.authorization_id, func.sum(AuthorizationUse.visits))
        .where(AuthorizationUse.authorization_id.in_(ids), AuthorizationUse.given_back_at.is_(None))
        .group_by(AuthorizationUse.authorization_id)
    )
    return {row[0]: int(row[1]) for row in uow.session.execute(wanted)}


def use_of(uow: UnitOfWork, authorization_id: PlanId, dose_id: DoseId) -> AuthorizationUse | None:
    """Return what a dose took from an authorization."""
    wanted = select(AuthorizationUse).where(
        AuthorizationUse.authorization_id == authorization_id, AuthorizationUse.dose_id == dose_id
    )
    return uow.session.scalar(wanted)


def enrolments_of(uow: UnitOfWork, patient_ids: Iterable[PatientId]) -> list[RemsEnrolment]:
    """Return the REMS enrolments of patients, oldest first."""
    wanted = select(RemsEnrolment).where(RemsEnrolment.patient_id.in_(list(patient_ids)))
    return list(uow.session.scalars(wanted.order_by(RemsEnrolment.enrolled_on, RemsEnrolment.id)))


def supply(uow: UnitOfWork, plan_id: PlanId, dose_id: DoseId | None) -> Supply | None:
    """Return the supply row of a dose, or of the plan as a whole."""
    wanted = select(Supply).where(Supply.plan_id == plan_id)
    same = Supply.dose_id.is_(None) if dose_id is None else Supply.dose_id == dose_id
    return uow.session.scalar(wanted.where(same))
