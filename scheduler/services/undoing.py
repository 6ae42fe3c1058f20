"""What every way of taking a change back needs: who does it, and whether something changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.errors import TooEarlyError, UndoExpiredError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import appointments, patients, plans
from scheduler.persistence.models import Appointment, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import found
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, id_of, instant_of
from scheduler.services.floors import below_words, first_day, floor_of

CHANGED_SINCE = "Something has changed since, so this cannot be undone; look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who takes something back, when, and when it was done."""

    now: Instant
    actor: Actor
    done_at: Instant


def visits_as_left(uow: UnitOfWork, before: Sequence[Kept]) -> list[Appointment]:
    """Return the visits of a change, as it left them.

    Raises:
        UndoExpiredError: somebody changed one since.
    """
    rows = [found(uow, AppointmentId(id_of(one["visit"]))) for one in before]
    if any(row.version != one["version"] for row, one in zip(rows, before, strict=True)):
        raise UndoExpiredError(CHANGED_SINCE)
    return rows


def require_wanted(uow: UnitOfWork, rows: Sequence[Appointment], before: Sequence[Kept]) -> None:
    """Refuse visits that nobody may have any more where they were: patient, plans and doses are asked again.

    Raises:
        UndoExpiredError: the patient died, a plan was held or ended, or a dose was given or left out since.
        TooEarlyError: below a not-before that no documented order has overruled.
    """
    for row, one in zip(rows, before, strict=True):
        if patients.patient(uow, row.patient_id).deceased_on is not None:
            raise UndoExpiredError(CHANGED_SINCE)
        day = local_day(instant_of(one["starts_at"]), facts_of(uow, row.center_id).zone)
        ids = [item.dose_id for item in appointments.items(uow, [row.id]) if item.dose_id]
        for dose in plans.doses_by_id(uow, ids).values():
            _require_dose(uow, dose, day, reasons=str(one["override_reason"]))


def _require_dose(uow: UnitOfWork, dose: PlannedDose, day: date, *, reasons: str) -> None:
    plan = plans.plan(uow, dose.plan_id)
    if dose.state is not DoseState.PLANNED or not _goes_on(plan, day):
        raise UndoExpiredError(CHANGED_SINCE)
    floor = floor_of(uow, plan, dose)
    if floor is not None and day < floor.day and below_words(floor) not in reasons:
        raise TooEarlyError(f"Not before {first_day(floor)}: {floor.why}.", not_before=floor.day)


def _goes_on(plan: TreatmentPlan, day: date) -> bool:
    """Say whether a plan has visits on a day: while it is on hold, after the day of its review."""
    if plan.status is PlanStatus.ON_HOLD:
        return plan.review_on is not None and day > plan.review_on
    return plan.status is PlanStatus.ACTIVE


def audit_visits(uow: UnitOfWork, rows: Sequence[Appointment], action: str, doing: Doing) -> None:
    """Note in the audit what became of each visit."""
    for row in rows:
        uow.audit(
            doing.actor,
            action,
            "appointment",
            row.id,
            at=doing.now,
            patient_id=row.patient_id,
            after=row.starts_at.isoformat(),
        )
