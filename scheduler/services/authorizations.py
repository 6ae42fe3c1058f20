"""Prior authorizations: recording them, and what given doses take from them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import PlanId
from scheduler.domain.plans import AuthorizationStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.recording import note_record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthorization:
    """A prior authorization of a plan: new, or changed when ``authorization_id`` is given."""

    plan_id: PlanId
    status: AuthorizationStatus
    number: str = ""
    from_day: date | None = None
    until_day: date | None = None
    visits: int | None = None
    units: Decimal | None = None
    authorization_id: PlanId | None = None


def record_authorization(
    uow: UnitOfWork, request: RecordAuthorization, *, now: Instant, actor: Actor
) -> PlanId:
    """Record where a prior authorization stands, and return its id.

    Raises:
        InvalidError: it ends before it begins, or allows no visit; names the field.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    _check_span(request)
    with uow:
        plan = stored.plan(uow, request.plan_id)
        row = _authorization(uow, plan, request, now=now)
        before = row.status.value if request.authorization_id else ""
        row.status, row.number, row.changed_at = request.status, request.number.strip(), now
        row.from_day, row.until_day = request.from_day, request.until_day
        row.visits, row.units = request.visits, request.units
        uow.session.flush()
        note_record(uow, plan, "authorization", before, row.status.value, now=now, actor=actor)
        uow.commit()
        return row.id


def _check_span(request: RecordAuthorization) -> None:
    ends_first = request.from_day and request.until_day and request.until_day < request.from_day
    if ends_first:
        raise InvalidError("The authorization ends before it begins.", field="until_day")
    if request.visits is not None and request.visits < 1:
        raise InvalidError("An authorization allows at least one visit.", field="visits")
    if request.units is not None and request.units <= 0:
        raise InvalidError("An authorization allows more than 0 units.", field="units")


def _authorization(
    uow: UnitOfWork, plan: TreatmentPlan, request: RecordAuthorization, *, now: Instant
) -> Authorization:
    if request.authorization_id is not None:
        row = records.authorization(uow, request.authorization_id)
        if row.plan_id != plan.id:
            raise NotFoundError("authorization")
        return row
    row = Authorization(
        patient_id=plan.patient_id, plan_id=plan.id, status=request.status, changed_at=now
    )
    uow.add(row)
    return row


def use_authorization(uow: UnitOfWork, dose: PlannedDose, day: date) -> None:
    """Note that a dose took one visit from the authorization whose dates cover its day."""
    for row in records.authorizations_of(uow, [dose.plan_id]):
        if row.status is AuthorizationStatus.APPROVED and _covers(row, day):
            used = records.use_of(uow, row.id, dose.id)
            if used is None:
                units = dose.amount or Decimal(0)
                uow.add(AuthorizationUse(authorization_id=row.id, dose_id=dose.id, units=units))
            else:
                used.given_back_at = None
            return


def _covers(row: Authorization, day: date) -> bool:
    begun = row.from_day is None or row.from_day <= day
    return begun and (row.until_day is None or day <= row.until_day)


def give_back(uow: UnitOfWork, plan_id: PlanId, dose: PlannedDose, *, now: Instant) -> None:
    """Give back what a dose took: a person has said that it was not given after all."""
    for row in records.authorizations_of(uow, [plan_id]):
        used = records.use_of(uow, row.id, dose.id)
        if used is not None:
            used.given_back_at = now
