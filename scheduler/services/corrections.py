"""Correcting a wrong entry of a given dose: by a new row, which the plan follows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import DoseId, GivenDoseId
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import given as facts
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import GivenDose, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.day_steps import StepError
from scheduler.services.giving import (
    DischargeResult,
    DoseOutcome,
    check_outcome,
    follow_plans,
    settle_state,
)
from scheduler.services.today import today_here


def correction(row: GivenDose, *, now: Instant, withdrawn: bool) -> GivenDose:
    """Return a row like another that corrects it; ``withdrawn`` says that nothing was given after all."""
    return GivenDose(
        patient_id=row.patient_id,
        ingredient=row.ingredient,
        regimen=row.regimen,
        plan_id=row.plan_id,
        dose_id=row.dose_id,
        ordinal=row.ordinal,
        appointment_id=row.appointment_id,
        outcome=row.outcome,
        given_on=row.given_on,
        amount=row.amount,
        unit=row.unit,
        per_m2=row.per_m2,
        product=row.product,
        lot=row.lot,
        place=row.place,
        source=row.source,
        reason=row.reason,
        given_by=row.given_by,
        recorded_at=now,
        corrects=row.id,
        withdrawn=withdrawn,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectGiven:
    """What was really given, instead of what was entered; ``why`` says how the error came about."""

    given_id: GivenDoseId
    outcome: GivenOutcome
    given_on: date
    amount: Decimal | None = None
    reason: str = ""
    product: str = ""
    lot: str = ""
    why: str = ""


def correct_given(
    uow: UnitOfWork, request: CorrectGiven, *, now: Instant, actor: Actor
) -> DischargeResult:
    """Correct a wrong entry by a new row; the old one stays in the record, the plan follows.

    Raises:
        InvalidError: amount, reason or why is missing, or the day is in the future.
        StepError: it was corrected already.
    """
    actor.require(Permission.RECORD_DOSE)
    with uow:
        old = facts.given(uow, request.given_id)
        patients.lock_patient(uow, old.patient_id)
        dose = stored.dose(uow, old.dose_id) if old.dose_id else None
        _check_correction(uow, request, dose, now=now)
        row = correction(old, now=now, withdrawn=False)
        row.outcome, row.given_on, row.reason = request.outcome, request.given_on, request.reason
        row.amount = None if request.outcome is GivenOutcome.NONE else request.amount or old.amount
        row.per_m2 = _rescaled(old, row.amount)
        row.product, row.lot = request.product or old.product, request.lot or old.lot
        uow.add(row)
        if dose is not None:
            settle_state(dose, request.outcome)
        _note_correction(uow, old, row, why=request.why, now=now, actor=actor)
        uow.session.flush()
        plan_ids = {old.plan_id} if old.plan_id else set()
        result = follow_plans(uow, plan_ids, now=now, actor=actor, cause="corrected")
        uow.commit()
        return result


def _rescaled(old: GivenDose, amount: Decimal | None) -> Decimal | None:
    """Return a corrected amount per m2 of the surface that was measured when the dose was given."""
    if old.per_m2 is None or not old.amount or amount is None:
        return None
    return (old.per_m2 * amount / old.amount).quantize(Decimal("0.001"))


def _check_correction(
    uow: UnitOfWork, request: CorrectGiven, dose: PlannedDose | None, *, now: Instant
) -> None:
    if facts.corrected_ids(uow, [request.given_id]):
        raise StepError("This entry was corrected already; correct the later one.")
    if not request.why.strip():
        raise InvalidError("Say why the entry was wrong.", field="why")
    if request.given_on > today_here(uow, now):
        raise InvalidError("The day lies in the future.", field="given_on")
    outcome = DoseOutcome(
        dose_id=dose.id if dose else DoseId(request.given_id),
        outcome=request.outcome,
        amount=request.amount,
        reason=request.reason,
    )
    check_outcome(dose.amount if dose else None, outcome)


def _note_correction(
    uow: UnitOfWork, old: GivenDose, row: GivenDose, *, why: str, now: Instant, actor: Actor
) -> None:
    uow.audit(
        actor,
        "corrected",
        "given dose",
        row.id,
        at=now,
        patient_id=row.patient_id,
        before=f"{old.outcome.value} {old.amount} on {old.given_on}",
        after=f"{row.outcome.value} {row.amount} on {row.given_on}: {why}",
    )
