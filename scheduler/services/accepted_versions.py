"""Who put which patient under a version of a regimen, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as versions
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import Patient, PlanEvent, TreatmentPlan
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
        notes = [(plan, _last_note(plan, rows)) for plan in plans]
        accepted = [(plan, note) for plan, note in notes if note]
        whose = patients.by_id(uow, {plan.patient_id for plan, _ in accepted})
        found = [_line(plan, note, whose[plan.patient_id]) for plan, note in accepted]
        return tuple(sorted(found, key=lambda one: one.patient))


def _last_note(plan: TreatmentPlan, rows: Sequence[PlanEvent]) -> PlanEvent | None:
    notes = [row for row in uncorrected(plan, rows) if row.kind == ACCEPTED]
    return notes[-1] if notes else None


def _line(plan: TreatmentPlan, note: PlanEvent, whose: Patient) -> AcceptedPlan:
    return AcceptedPlan(
        plan_id=plan.id,
        patient_id=plan.patient_id,
        patient=whose.name,
        by=note.actor_name,
        at=note.at,
        words=note.reason.partition("before: ")[2],
    )
