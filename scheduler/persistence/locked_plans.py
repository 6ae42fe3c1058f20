"""Plans as they are stored once their patients are locked."""

from collections.abc import Iterable
from typing import NewType

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.plan_life import RUNNING
from scheduler.persistence.models import Patient, TreatmentPlan
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

LockedPlan = NewType("LockedPlan", TreatmentPlan)
"""A plan whose patient this transaction has locked: what is read of it stays so until the end."""

LOCKED_PATIENTS = kept(
    select(Patient.id)
    .where(
        Patient.id.in_(
            select(TreatmentPlan.patient_id).where(
                TreatmentPlan.id.in_(bindparam("plan_ids", expanding=True))
            )
        )
    )
    .order_by(Patient.id)
    .with_for_update()
)
PLANS = kept(
    select(TreatmentPlan)
    .where(TreatmentPlan.id.in_(bindparam("plan_ids", expanding=True)))
    .order_by(TreatmentPlan.id)
)


def lock_plan(uow: UnitOfWork, plan_id: PlanId) -> LockedPlan:
    """Return a plan as it is stored once its patient is locked, until the transaction ends.

    Who books, gives, holds or decides locks the patient first of all, so nobody acts on a plan that another
    has just changed.

    Raises:
        NotFoundError: there is none of that id here.
    """
    return lock_plans(uow, [plan_id])[0]


def lock_plans(uow: UnitOfWork, plan_ids: Iterable[PlanId]) -> list[LockedPlan]:
    """Return plans once all their patients are locked, in the order of their ids.

    Patients are locked in one order, whoever asks, so that two who lock many never wait for each other.

    Raises:
        NotFoundError: there is none of one of the ids here.
    """
    asked, again = {"plan_ids": sorted(set(plan_ids))}, {"populate_existing": uow.is_postgresql}
    if uow.is_postgresql:
        uow.session.execute(LOCKED_PATIENTS, asked)
    rows = uow.session.scalars(PLANS, asked, execution_options=again)
    found = [LockedPlan(plan) for plan in rows]
    if len(found) < len(asked["plan_ids"]):
        raise NotFoundError("treatment plan")
    return found


def lock_running_plans(uow: UnitOfWork, patient_id: PatientId) -> list[LockedPlan]:
    """Return a patient's plans that are active or on hold, once the patient is locked."""
    of_patient = select(TreatmentPlan.id).where(TreatmentPlan.patient_id == patient_id)
    plans = lock_plans(uow, uow.session.scalars(of_patient))
    return [plan for plan in plans if plan.status in RUNNING]


def renew_version(plan: LockedPlan) -> None:
    """Let a plan have a new version although nothing of its own row changed, such as when its order did."""
    flag_modified(plan, "until")
