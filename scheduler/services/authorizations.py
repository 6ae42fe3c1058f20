"""Prior authorizations: recording them, what given doses take from them, and what a person gives back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from scheduler.domain.authorizations import DoseToCome, allot
from scheduler.domain.errors import InvalidError, NotFoundError, StaleError
from scheduler.domain.ids import PlanId
from scheduler.domain.plans import AuthorizationStatus
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.given import given_to
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.allotting import (
    NOTHING,
    Unused,
    billing_unit,
    fact_of,
    units_taken,
    unused_of,
)
from scheduler.services.authorized import settle_tentative
from scheduler.services.recorded import Remembered, changes, keep_record, made, remembered
from scheduler.services.recording import note_record
from scheduler.services.unpromising import promised


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthorization:
    """A prior authorization of a plan: new, or changed when ``authorization_id`` is given.

    Args:
        visits: How many visits it allows.
        units: How many billing units it allows.
        version: The version that the person saw.
    """

    plan_id: PlanId
    status: AuthorizationStatus
    number: str = ""
    from_day: date | None = None
    until_day: date | None = None
    visits: int | None = None
    units: Decimal | None = None
    authorization_id: PlanId | None = None
    version: int | None = None


def record_authorization(
    uow: UnitOfWork, request: RecordAuthorization, *, now: Instant, actor: Actor
) -> PlanId:
    """Record where a prior authorization stands, and return its id.

    Raises:
        InvalidError: it ends before it begins, or allows no visit; names the field.
        StaleError: somebody changed it since the form was opened.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    _check_span(request)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        kept = _authorization(uow, plan, request, now=now)
        row = kept.row
        row.status, row.number, row.changed_at = request.status, request.number.strip(), now
        row.from_day, row.until_day = request.from_day, request.until_day
        row.visits, row.units = request.visits, request.units
        uow.session.flush()
        note_record(uow, plan, "authorization", *changes(kept), now=now, actor=actor)
        words = f"Prior authorization: {row.status.value.replace('_', ' ')}."
        visits = [each.id for each in settle_tentative(uow, plan, now=now)]
        keep_record(uow, words, [kept], now=now, actor=actor, also=promised(visits, plan.id))
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
) -> Remembered[Authorization]:
    if request.authorization_id is not None:
        row = records.authorization(uow, request.authorization_id)
        if row.plan_id != plan.id:
            raise NotFoundError("authorization")
        if request.version is not None and row.version != request.version:
            raise StaleError(CHANGED_BY_SOMEBODY)
        return remembered(row)
    row = Authorization(
        patient_id=plan.patient_id, plan_id=plan.id, status=request.status, changed_at=now
    )
    uow.add(row)
    return made(row)


def use_authorization(uow: UnitOfWork, dose: PlannedDose, day: date) -> None:
    """Note that a given dose took one visit and its units from the authorization that holds on its day.

    Where none has room left, it takes from the last one that covers the day: what was used shows.
    """
    row = _that_holds(uow, dose, day)
    if row is None:
        return
    plan = stored.plan(uow, dose.plan_id)
    units = units_taken(uow, plan, stored.order(uow, plan.order_id), dose)
    used = records.use_of(uow, row.id, dose.id)
    if used is None:
        uow.add(AuthorizationUse(authorization_id=row.id, dose_id=dose.id, units=units))
    else:
        used.given_back_at, used.units, used.visits = None, units, 1


def _that_holds(uow: UnitOfWork, dose: PlannedDose, day: date) -> Authorization | None:
    rows = {row.id: row for row in records.authorizations_of(uow, [dose.plan_id])}
    if not rows:
        return None
    used = records.used_of(uow, rows)
    facts = [fact_of(row, used.get(row.id, NOTHING)) for row in rows.values()]
    plan = stored.plan(uow, dose.plan_id)
    units = units_taken(uow, plan, stored.order(uow, plan.order_id), dose)
    by = allot(facts, [DoseToCome(id=dose.id, day=day, units=units)])[dose.id].by
    approved = [f.id for f in facts if f.status is AuthorizationStatus.APPROVED and f.covers(day)]
    found = by or next(reversed(approved), None)
    row = rows.get(PlanId(found)) if found else None
    return row if row and row.status is AuthorizationStatus.APPROVED else None


def give_back(uow: UnitOfWork, plan_id: PlanId, dose: PlannedDose, *, now: Instant) -> None:
    """Give back what a dose took: a person has said that it was not given after all."""
    for row in records.authorizations_of(uow, [plan_id]):
        used = records.use_of(uow, row.id, dose.id)
        if used is not None:
            used.given_back_at = now


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """What a dose did not use of what it took: some units, or the visit when ``units`` is None."""

    plan_id: PlanId
    use_id: UUID
    units: Decimal | None = None
    reason: str = ""


def give_back_unused(uow: UnitOfWork, request: GiveBack, *, now: Instant, actor: Actor) -> None:
    """Give back what a dose did not use, as a person says with a reason; a partial dose never does by itself.

    What was given stays used: of a dose given in full nothing is given back.

    Raises:
        NotFoundError: the plan has no such use.
        InvalidError: no reason, or more than was not given; names the field.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    if not request.reason.strip():
        raise InvalidError("Say why it is given back.", field="reason")
    with uow:
        plan = lock_plan(uow, request.plan_id)
        use = records.use(uow, plan.id, request.use_id)
        unused = _unused(uow, plan, use)
        kept = remembered(use)
        before = f"{use.visits} visit, {use.units.normalize():f} units"
        _take_off(use, request.units, unused, now=now)
        after = f"{use.visits} visit, {use.units.normalize():f} units: {request.reason.strip()}"
        note_record(uow, plan, "authorization use", before, after, now=now, actor=actor)
        keep_record(uow, "Given back to the authorization.", [kept], now=now, actor=actor)
        uow.commit()


def _unused(uow: UnitOfWork, plan: TreatmentPlan, use: AuthorizationUse) -> Unused:
    row = records.authorization(uow, use.authorization_id)
    rows = given_to(uow, plan.patient_id)
    given = next((each for each in rows if each.dose_id == use.dose_id), None)
    order = stored.order(uow, plan.order_id)
    return unused_of(use, row, given, billing_unit(uow, plan, order))


def _take_off(
    use: AuthorizationUse, units: Decimal | None, unused: Unused, *, now: Instant
) -> None:
    if units is None:
        _take_visit_off(use, unused, now=now)
    elif not Decimal(0) < units <= unused.units:
        raise InvalidError(_too_many(unused), field="units")
    else:
        use.units -= units


def _take_visit_off(use: AuthorizationUse, unused: Unused, *, now: Instant) -> None:
    """Give the visit back with the units that were not given; those that were given stay used."""
    if not unused.visit:
        raise InvalidError("The visit was used: it cannot be given back.", field="units")
    use.visits, use.units = 0, use.units - unused.units
    if not use.units:
        use.given_back_at = now


def _too_many(unused: Unused) -> str:
    given = f"{unused.given.normalize():f} were given and stay used"
    if not unused.units:
        return f"Units not used: none can be given back, {given}."
    most = f"{unused.units.normalize():f}"
    return f"Units not used: more than 0 and at most {most}, because {given}."
