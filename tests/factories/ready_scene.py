"""A natalizumab plan of which nothing is recorded yet, for tests of what makes a dose ready."""

from dataclasses import dataclass
from datetime import UTC, datetime

from scheduler.domain.ids import DoseId, PatientId, PlanId
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.requirements import Readiness
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.readiness import readiness_of
from scheduler.services.requirements import RecordRequirement, record_requirement
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
)

NURSE = make_actor(Role.NURSE)
FIRST = datetime(2026, 3, 23, 14, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ReadyScene:
    """A natalizumab plan, its doses and its patient."""

    database: Database
    uow: UnitOfWork
    patient_id: PatientId
    plan_id: PlanId
    doses: tuple[DoseId, ...]

    def missing(self, number: int = 0) -> dict[str, str]:
        """Return what stands in the way of a dose: sentences by code."""
        found: Readiness = readiness_of(self.uow, [self.doses[number]])[self.doses[number]]
        return {need.code: need.sentence for need in found.missing}

    def meet(self, code: str, **values: object) -> None:
        """Record a requirement as met."""
        request = RecordRequirement(
            plan_id=self.plan_id,
            code=code,
            status=RequirementStatus.MET,
            **values,  # type: ignore[arg-type]
        )
        record_requirement(self.uow, request, now=NOW, actor=NURSE)


def make_ready_scene(database: Database) -> ReadyScene:
    """Return a plan of which nothing is recorded yet."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow)
    plan_id = make_plan(uow, patient_id, center_id)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    return ReadyScene(
        database=database, uow=uow, patient_id=patient_id, plan_id=plan_id, doses=doses
    )
