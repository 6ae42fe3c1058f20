"""A plan as it is stored once its patient is locked."""

from sqlalchemy import bindparam, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import PlanId
from scheduler.persistence.models import Patient, TreatmentPlan
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

LOCKED_PATIENT = kept(
    select(Patient.id)
    .where(
        Patient.id
        == select(TreatmentPlan.patient_id)
        .where(TreatmentPlan.id == bindparam("plan_id"))
        .scalar_subquery()
    )
    .with_for_update()
)


def lock_plan(uow: UnitOfWork, plan_id: PlanId) -> TreatmentPlan:
    """Return a plan as it is stored once its patient is locked, until the transaction ends.

    Who books, gives, holds or decides locks the patient first of all, so nobody acts on a plan that another
    has just changed.

    Raises:
        NotFoundError: there is none of that id here.
    """
    wanted = select(TreatmentPlan).where(TreatmentPlan.id == plan_id)
    if uow.is_postgresql:
        uow.session.execute(LOCKED_PATIENT, {"plan_id": plan_id})
        wanted = wanted.execution_options(populate_existing=True)
    found = uow.session.scalar(wanted)
    if found is None:
        raise NotFoundError("treatment plan")
    return found
