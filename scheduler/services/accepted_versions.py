"""Who put which patient under a version of a regimen, and when."""

from dataclasses import dataclass

from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as versions
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_facts import uncorrected
from scheduler.services.version_changes import ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedPlan:
    """A patient's running plan that somebody put under a version: who, when, and under which it was before."""

    plan_id: PlanId
    patient_id: PatientId
    patient: str
    by: str
    at: Instant
    words: str


def accepted_under(uow: UnitOfWork, version_id: RegimenVersionId) -> tuple[AcceptedPlan, ...]:
    """Return the running plans that were put under a version, by patient; those ordered under it are not named.

    Raises:
        NotFoundError: there is no such version here.
    """
    with uow:
        plans = versions.running_under(uow, [versions.version(uow, version_id).id])
        rows = stored.events_of(uow, [plan.id for plan in plans])
        found = []
        for plan in plans:
            notes = [row for row in uncorrected(plan, rows) if row.kind == ACCEPTED]
            found += [
                AcceptedPlan(
                    plan_id=plan.id,
                    patient_id=plan.patient_id,
                    patient=patients.patient(uow, plan.patient_id).name,
                    by=row.actor_name,
                    at=row.at,
                    words=row.reason.partition("before: ")[2],
                )
                for row in notes[-1:]
            ]
        return tuple(sorted(found, key=lambda one: one.patient))
