"""What each reading of an ambiguous value means for a real patient; nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain.doses import PlannedDose
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.series import resolve
from scheduler.persistence import formulary as versions
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.calendars import open_days
from scheduler.services.plans import SLACK, course_of
from scheduler.services.regimens import choices_of, regimen_of

MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientUnder:
    """A patient whose running plan is under a version."""

    plan_id: PlanId
    patient_id: PatientId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFor:
    """The doses to come of a patient by choice and reading."""

    patient: PatientUnder
    doses: Mapping[tuple[str, str], tuple[PlannedDose, ...]]


def patients_under(uow: UnitOfWork, version_id: RegimenVersionId) -> tuple[PatientUnder, ...]:
    """Return some patients whose running plan is under a version, by name."""
    with uow:
        found = [
            PatientUnder(
                plan_id=plan.id,
                patient_id=plan.patient_id,
                name=patients.patient(uow, plan.patient_id).name,
            )
            for plan in versions.running_under(uow, [version_id])[:MOST]
        ]
        return tuple(sorted(found, key=lambda one: one.name))


def readings_for(uow: UnitOfWork, version_id: RegimenVersionId, plan_id: PlanId) -> ReadFor:
    """Return the doses to come of a plan under each reading of each ambiguous value.

    Raises:
        NotFoundError: no such plan is under that version here.
    """
    with uow:
        plan = stored.plan(uow, plan_id)
        if plan.regimen_version_id != version_id:
            raise NotFoundError("plan")
        course = course_of(uow, plan, stored.doses_of(uow, plan.id))
        calendar = open_days(
            uow, course.center_id, course.order.first_day - SLACK, course.until + SLACK
        )
        rule = regimen_of(uow, version_id)
        read = choices_of(uow, rule)
        doses = {
            (choice.id, reading.name): tuple(
                dose
                for dose in resolve(
                    rule,
                    course.order,
                    course.facts,
                    calendar,
                    {**read, choice.id: reading.name},
                    until=course.until,
                ).doses
                if dose.given is None
            )
            for choice in rule.choices
            for reading in choice.readings
        }
        name = patients.patient(uow, plan.patient_id).name
        who = PatientUnder(plan_id=plan.id, patient_id=plan.patient_id, name=name)
        return ReadFor(patient=who, doses=doses)
