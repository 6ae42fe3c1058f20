"""REMS enrolments and drug supply."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import DoseId, PatientId, PlanId, StaffId
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.roles import Actor, ActorKind, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import (
    RemsEnrolment,
    Supply,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plans import regimen_of_plan
from scheduler.services.recording import note_record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRems:
    """An enrolment in a product's REMS program; ``subject`` is patient, prescriber or site."""

    patient_id: PatientId
    program: str
    enrolled_on: date
    valid_until: date | None = None
    subject: str = "patient"
    site: str = ""


def record_rems(uow: UnitOfWork, request: RecordRems, *, now: Instant, actor: Actor) -> None:
    """Record an enrolment; the REMS requirement of the patient's plans in that program is met by it.

    Raises:
        InvalidError: no program is named, or the days do not fit; names the field.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    if not request.program.strip():
        raise InvalidError("Name the program.", field="program")
    if request.enrolled_on > now.date():
        raise InvalidError("The enrolment is of a day in the future.", field="enrolled_on")
    if request.valid_until is not None and request.valid_until < request.enrolled_on:
        raise InvalidError("The enrolment ends before it begins.", field="valid_until")
    with uow:
        patients.patient(uow, request.patient_id)
        row = RemsEnrolment(
            patient_id=request.patient_id,
            program=request.program.strip(),
            subject=request.subject,
            enrolled_on=request.enrolled_on,
            valid_until=request.valid_until,
            site=request.site,
            recorded_by=StaffId(actor.id) if actor.kind is ActorKind.STAFF and actor.id else None,
            recorded_at=now,
        )
        uow.add(row)
        for plan in stored.running_plans(uow, request.patient_id):
            _meet_rems(uow, plan, row, now=now, actor=actor)
        uow.commit()


def _meet_rems(
    uow: UnitOfWork, plan: TreatmentPlan, enrolled: RemsEnrolment, *, now: Instant, actor: Actor
) -> None:
    regimen = regimen_of_plan(uow, plan)
    product = regimen.product(stored.order(uow, plan.order_id).product)
    if product is None or product.rems_program != enrolled.program:
        return
    for row in records.requirements_of(uow, [plan.id]):
        if "rems" in row.code:
            row.status, row.changed_at = RequirementStatus.MET, now
            row.changed_by = actor.name[:80]
            row.result_on, row.valid_until = enrolled.enrolled_on, enrolled.valid_until
    note_record(uow, plan, "REMS", "", enrolled.program, now=now, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSupply:
    """Drug for a dose, or for the plan as a whole.

    Args:
        route: stock, specialty_pharmacy, assistance.
        status: needed, ordered, received, allocated, in_stock.
    """

    plan_id: PlanId
    dose_id: DoseId | None = None
    route: str = "stock"
    status: str = "needed"
    expected_on: date | None = None
    received_on: date | None = None
    received_amount: Decimal | None = None
    allocated_amount: Decimal | None = None
    lot: str = ""


ROUTES = ("stock", "specialty_pharmacy", "assistance")
SUPPLY_STATES = ("needed", "ordered", "received", "allocated", "in_stock")


def record_supply(uow: UnitOfWork, request: RecordSupply, *, now: Instant, actor: Actor) -> None:
    """Record where the drug for a dose is.

    Raises:
        InvalidError: an unknown route or status; names the field.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    if request.route not in ROUTES:
        raise InvalidError("Choose where the drug comes from.", field="route")
    if request.status not in SUPPLY_STATES:
        raise InvalidError("Choose where the drug is.", field="status")
    with uow:
        plan = stored.plan(uow, request.plan_id)
        if request.dose_id is not None and stored.dose(uow, request.dose_id).plan_id != plan.id:
            raise NotFoundError("dose")
        row = records.supply(uow, plan.id, request.dose_id)
        if row is None:
            row = Supply(plan_id=plan.id, dose_id=request.dose_id)
            uow.add(row)
        before = row.status or ""
        for name in SUPPLY_COLUMNS:
            setattr(row, name, getattr(request, name))
        uow.session.flush()
        note_record(uow, plan, "supply", before, row.status, now=now, actor=actor)
        uow.commit()


SUPPLY_COLUMNS = (
    "route",
    "status",
    "expected_on",
    "received_on",
    "received_amount",
    "allocated_amount",
    "lot",
)
