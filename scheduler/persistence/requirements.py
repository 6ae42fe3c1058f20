"""Queries on requirements, authorizations, REMS enrolments and supply."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select, tuple_

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import DoseId, PatientId, PlanId
from scheduler.domain.plans import AuthorizationStatus, PlanStatus
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    ClinicalEvent,
    Order,
    Patient,
    PlannedDose,
    RemsEnrolment,
    Requirement,
    Supply,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.patients import clinical_events_of
from scheduler.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What given doses took from an authorization; given back is left out."""

    visits: int = 0
    units: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecords:
    """All that is recorded about the readiness of some plans."""

    plans: dict[PlanId, tuple[TreatmentPlan, Order]]
    requirements: list[Requirement]
    authorizations: list[Authorization]
    used: dict[UUID, Used]
    uses: list[AuthorizationUse]
    enrolments: list[RemsEnrolment]
    supplies: list[Supply]
    events: list[ClinicalEvent]


WITH_ORDERS = kept(
    select(TreatmentPlan, Order)
    .join(Order, Order.id == TreatmentPlan.order_id)
    .where(TreatmentPlan.id.in_(bindparam("plan_ids", expanding=True)))
)
SUPPLIES = kept(select(Supply).where(Supply.plan_id.in_(bindparam("plan_ids", expanding=True))))


def records_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> PlanRecords:
    """Return what is recorded about plans, in eight queries however many there are."""
    ids = list(plan_ids)
    rows = uow.session.execute(WITH_ORDERS, {"plan_ids": ids})
    plans = {plan.id: (plan, order) for plan, order in rows}
    people = {plan.patient_id for plan, _ in plans.values()}
    authorizations = authorizations_of(uow, ids)
    uses = uses_of(uow, [row.id for row in authorizations])
    return PlanRecords(
        plans=plans,
        requirements=requirements_of(uow, ids),
        authorizations=authorizations,
        used=_used(uses),
        uses=uses,
        enrolments=enrolments_of(uow, people),
        supplies=list(uow.session.scalars(SUPPLIES, {"plan_ids": ids})),
        events=clinical_events_of(uow, people),
    )


COUNTED = select(Authorization.plan_id).where(
    Authorization.plan_id.in_(bindparam("plan_ids", expanding=True)),
    Authorization.visits.is_not(None) | Authorization.units.is_not(None),
)
DOSES_FOR = kept(
    select(PlannedDose)
    .where(
        PlannedDose.plan_id.in_(COUNTED)
        | tuple_(PlannedDose.plan_id, PlannedDose.ordinal).in_(bindparam("pairs", expanding=True))
    )
    .order_by(PlannedDose.plan_id, PlannedDose.ordinal)
)


def doses_for(uow: UnitOfWork, asked: Collection[PlannedDose]) -> list[PlannedDose]:
    """Return doses with those that bear on their readiness, in order of plan and ordinal.

    The dose before each, and all doses of plans whose authorization counts visits or units.
    """
    plan_ids = list({dose.plan_id for dose in asked})
    pairs = [(d.plan_id, n) for d in asked for n in (d.ordinal - 1, d.ordinal)]
    return list(uow.session.scalars(DOSES_FOR, {"plan_ids": plan_ids, "pairs": pairs}))


REQUIREMENTS = kept(
    select(Requirement)
    .where(Requirement.plan_id.in_(bindparam("plan_ids", expanding=True)))
    .order_by(Requirement.id)
)


def requirements_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[Requirement]:
    """Return the requirement rows of plans."""
    return list(uow.session.scalars(REQUIREMENTS, {"plan_ids": list(plan_ids)}))


def requirement(
    uow: UnitOfWork, plan_id: PlanId, code: str, dose_id: DoseId | None
) -> Requirement | None:
    """Return the row of one requirement of a plan, or of one of its doses."""
    wanted = select(Requirement).where(Requirement.plan_id == plan_id, Requirement.code == code)
    same = Requirement.dose_id.is_(None) if dose_id is None else Requirement.dose_id == dose_id
    return uow.session.scalar(wanted.where(same))


AUTHORIZATIONS = kept(
    select(Authorization)
    .where(Authorization.plan_id.in_(bindparam("plan_ids", expanding=True)))
    .order_by(Authorization.id)
)


def authorizations_of(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[Authorization]:
    """Return the prior authorizations of plans, oldest first."""
    return list(uow.session.scalars(AUTHORIZATIONS, {"plan_ids": list(plan_ids)}))


def authorization(uow: UnitOfWork, authorization_id: PlanId) -> Authorization:
    """Return a prior authorization of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(Authorization, authorization_id)
    if found is None:
        raise NotFoundError("authorization")
    return found


def used_of(uow: UnitOfWork, authorization_ids: Iterable[UUID]) -> dict[UUID, Used]:
    """Return what given doses took from each authorization; given back ones left out."""
    return _used(uses_of(uow, authorization_ids))


def _used(uses: Iterable[AuthorizationUse]) -> dict[UUID, Used]:
    found: dict[UUID, Used] = {}
    for row in uses:
        if row.given_back_at is None:
            had = found.get(row.authorization_id, Used())
            found[row.authorization_id] = Used(
                visits=had.visits + row.visits, units=had.units + row.units
            )
    return found


def uses_of(uow: UnitOfWork, authorization_ids: Iterable[UUID]) -> list[AuthorizationUse]:
    """Return what each dose took from authorizations, given back ones too."""
    ids = list(authorization_ids)
    if not ids:
        return []
    wanted = select(AuthorizationUse).where(AuthorizationUse.authorization_id.in_(ids))
    return list(uow.session.scalars(wanted.order_by(AuthorizationUse.id)))


def use_of(uow: UnitOfWork, authorization_id: PlanId, dose_id: DoseId) -> AuthorizationUse | None:
    """Return what a dose took from an authorization."""
    wanted = select(AuthorizationUse).where(
        AuthorizationUse.authorization_id == authorization_id, AuthorizationUse.dose_id == dose_id
    )
    return uow.session.scalar(wanted)


def use(uow: UnitOfWork, plan_id: PlanId, use_id: UUID) -> AuthorizationUse:
    """Return what a dose of a plan took from an authorization, unless it was given back.

    Raises:
        NotFoundError: the plan has none of that id.
    """
    found = uow.session.get(AuthorizationUse, use_id)
    mine = {row.id for row in authorizations_of(uow, [plan_id])}
    if found is None or found.authorization_id not in mine or found.given_back_at is not None:
        raise NotFoundError("use")
    return found


ENROLMENTS = kept(
    select(RemsEnrolment)
    .where(
        RemsEnrolment.patient_id.in_(bindparam("patient_ids", expanding=True))
        | RemsEnrolment.patient_id.is_(None)
    )
    .order_by(RemsEnrolment.recorded_at, RemsEnrolment.id)
)


def enrolments_of(uow: UnitOfWork, patient_ids: Iterable[PatientId]) -> list[RemsEnrolment]:
    """Return the REMS enrolments of patients, and those of prescribers and sites, as they were recorded."""
    return list(uow.session.scalars(ENROLMENTS, {"patient_ids": list(patient_ids)}))


def all_enrolments(uow: UnitOfWork) -> list[RemsEnrolment]:
    """Return every REMS enrolment of the organization, as they were recorded."""
    wanted = select(RemsEnrolment).order_by(RemsEnrolment.recorded_at, RemsEnrolment.id)
    return list(uow.session.scalars(wanted))


def running_with_orders(
    uow: UnitOfWork, products: Iterable[str]
) -> list[tuple[TreatmentPlan, Order]]:
    """Return the active plans whose order names one of some products, oldest first."""
    wanted = (
        select(TreatmentPlan, Order)
        .join(Order, Order.id == TreatmentPlan.order_id)
        .where(TreatmentPlan.status == PlanStatus.ACTIVE, Order.product.in_(list(products)))
    )
    return [(plan, order) for plan, order in uow.session.execute(wanted.order_by(TreatmentPlan.id))]


def running_authorized(uow: UnitOfWork, *, until: date) -> list[tuple[TreatmentPlan, Order]]:
    """Return the active plans of living patients with an approval that counts, or ends before a day, oldest first."""
    limited = exists().where(
        Authorization.plan_id == TreatmentPlan.id,
        Authorization.status == AuthorizationStatus.APPROVED,
        or_(
            Authorization.until_day < until,
            Authorization.visits.is_not(None),
            Authorization.units.is_not(None),
        ),
    )
    wanted = (
        select(TreatmentPlan, Order)
        .join(Order, Order.id == TreatmentPlan.order_id)
        .join(Patient, Patient.id == TreatmentPlan.patient_id)
        .where(TreatmentPlan.status == PlanStatus.ACTIVE, Patient.deceased_on.is_(None), limited)
    )
    return [(plan, order) for plan, order in uow.session.execute(wanted.order_by(TreatmentPlan.id))]


def supply(uow: UnitOfWork, plan_id: PlanId, dose_id: DoseId | None) -> Supply | None:
    """Return the supply row of a dose, or of the plan as a whole."""
    wanted = select(Supply).where(Supply.plan_id == plan_id)
    same = Supply.dose_id.is_(None) if dose_id is None else Supply.dose_id == dose_id
    return uow.session.scalar(wanted.where(same))
