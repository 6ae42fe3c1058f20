"""REMS enrolments and drug supply."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.errors import InvalidError, NotFoundError, StaleError
from scheduler.domain.ids import CenterId, DoseId, PatientId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.programs import Subject
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.supply import ROUTES, STATES
from scheduler.domain.timing import Instant
from scheduler.persistence import attendance, patients, tasks
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.base import new_id
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import RemsEnrolment, Supply
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.allotting import same_name
from scheduler.services.changes import Kept
from scheduler.services.recorded import changes, keep_record, made, remembered, staff_id
from scheduler.services.recording import note_record
from scheduler.services.tasks import settle_tasks
from scheduler.services.today import today_here


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRems:
    """An enrolment in a product's REMS program.

    Args:
        patient_id: Whose page it was recorded on; of the patient's own enrolment, whose it is.
        subject: Who is enrolled.
        prescriber: The prescriber's name, when it is a prescriber.
        center_id: The center, when it is a site.
    """

    patient_id: PatientId
    program: str
    enrolled_on: date
    valid_until: date | None = None
    subject: Subject = Subject.PATIENT
    prescriber: str = ""
    center_id: CenterId | None = None


def record_rems(uow: UnitOfWork, request: RecordRems, *, now: Instant, actor: Actor) -> None:
    """Record an enrolment; of a prescriber or a site it holds for all their patients.

    Raises:
        InvalidError: no program or nobody is named, or the days do not fit; names the field.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    with uow:
        _check_rems(request, today=today_here(uow, now))
        patients.patient(uow, request.patient_id)
        kept = made(_enrolment(request, now=now, actor=actor))
        settled = settle_earlier(uow, kept.row, now=now, actor=actor)
        uow.add(kept.row)
        uow.session.flush()
        _note_enrolment(uow, kept.row, now=now, actor=actor)
        words = f"{kept.row.program}: {request.subject.value} enrolled."
        keep_record(uow, words, [kept], now=now, actor=actor, also=settled)
        uow.commit()


def settle_earlier(
    uow: UnitOfWork, row: RemsEnrolment, *, now: Instant, actor: Actor
) -> list[Kept]:
    """Close the tasks that asked to renew what a new enrolment renews, and return what undo needs of them."""
    settled: list[Kept] = []
    for old in records.all_enrolments(uow):
        whose = old.subject, old.program, old.patient_id, old.center_id
        same = whose == (row.subject, row.program, row.patient_id, row.center_id)
        if same and same_name(old.prescriber, row.prescriber):
            settled += [
                {"settled": each.id.hex} for each in tasks.open_about(uow, TaskKind.REVIEW, old.id)
            ]
            settle_tasks(uow, TaskKind.REVIEW, old.id, TaskOutcome.DONE, now=now, actor=actor)
    return settled


def _check_rems(request: RecordRems, *, today: date) -> None:
    if not request.program.strip():
        raise InvalidError("Name the program.", field="program")
    if request.enrolled_on > today:
        raise InvalidError("The enrolment is of a day in the future.", field="enrolled_on")
    if request.valid_until is not None and request.valid_until < request.enrolled_on:
        raise InvalidError("The enrolment ends before it begins.", field="valid_until")
    if request.subject is Subject.PRESCRIBER and not request.prescriber.strip():
        raise InvalidError("Name the prescriber.", field="prescriber")
    if request.subject is Subject.SITE and request.center_id is None:
        raise InvalidError("Say which center is enrolled.", field="subject")


def _enrolment(request: RecordRems, *, now: Instant, actor: Actor) -> RemsEnrolment:
    row = RemsEnrolment(
        id=new_id(),
        patient_id=request.patient_id if request.subject is Subject.PATIENT else None,
        program=request.program.strip(),
        subject=request.subject.value,
        enrolled_on=request.enrolled_on,
        valid_until=request.valid_until,
        center_id=request.center_id if request.subject is Subject.SITE else None,
        recorded_by=staff_id(actor),
        recorded_at=now,
    )
    row.prescriber = request.prescriber.strip() if request.subject is Subject.PRESCRIBER else ""
    return row


def _note_enrolment(uow: UnitOfWork, row: RemsEnrolment, *, now: Instant, actor: Actor) -> None:
    """Audit an enrolment once, and let boards show anew the visits to come for which it holds."""
    whose = row.patient_id
    if whose is None:
        attendance.show_all(uow, after=now)
    else:
        attendance.show_patient(uow, whose, after=now)
    after = f"{row.program}, {row.subject} since {row.enrolled_on}"
    uow.audit(actor, "recorded REMS", "enrolment", row.id, at=now, patient_id=whose, after=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSupply:
    """Drug for a dose, or for the plan as a whole.

    Args:
        route: stock, specialty_pharmacy, assistance.
        status: needed, ordered, received, allocated, in_stock.
        version: The version that the person saw; 0 when nothing was recorded yet.
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
    version: int | None = None


def record_supply(uow: UnitOfWork, request: RecordSupply, *, now: Instant, actor: Actor) -> None:
    """Record where the drug for a dose is.

    Raises:
        InvalidError: an unknown route or status; names the field.
        StaleError: somebody recorded something since the form was opened.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    with uow:
        _check_supply(request, today=today_here(uow, now))
        plan = lock_plan(uow, request.plan_id)
        if request.dose_id is not None and stored.dose(uow, request.dose_id).plan_id != plan.id:
            raise NotFoundError("dose")
        row = records.supply(uow, plan.id, request.dose_id)
        if request.version not in (None, row.version if row else 0):
            raise StaleError(CHANGED_BY_SOMEBODY)
        kept = remembered(row) if row else made(Supply(plan_id=plan.id, dose_id=request.dose_id))
        row = kept.row
        uow.add(row)
        for name in SUPPLY_COLUMNS:
            setattr(row, name, getattr(request, name))
        uow.session.flush()
        note_record(uow, plan, "supply", *changes(kept), now=now, actor=actor)
        words = f"Drug: {row.status.replace('_', ' ')}."
        keep_record(uow, words, [kept], now=now, actor=actor)
        uow.commit()


def _check_supply(request: RecordSupply, *, today: date) -> None:
    if request.route not in ROUTES:
        raise InvalidError("Choose where the drug comes from.", field="route")
    if request.status not in STATES:
        raise InvalidError("Choose where the drug is.", field="status")
    for name in ("received_amount", "allocated_amount"):
        amount = getattr(request, name)
        if amount is not None and amount <= 0:
            raise InvalidError("An amount is more than 0.", field=name)
    if request.received_on is not None and request.received_on > today:
        raise InvalidError("It was received on a day in the future.", field="received_on")


SUPPLY_COLUMNS = (
    "route",
    "status",
    "expected_on",
    "received_on",
    "received_amount",
    "allocated_amount",
    "lot",
)
