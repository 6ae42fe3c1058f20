"""Discharge with what was really given, steps taken back, no-shows, and corrections of wrong entries."""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import AppointmentId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState, GivenOutcome, GivenSource
from scheduler.domain.roles import Actor, ActorKind, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import attendance as visits
from scheduler.persistence import given as facts
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    GivenDose,
    PlannedDose,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorizations import give_back, use_authorization
from scheduler.services.corrections import CorrectGiven, correct_given, correction
from scheduler.services.day_steps import (
    StepError,
    TakeStep,
    moment,
    note_step,
    noted,
    opened,
    step_back,
    take_step,
)
from scheduler.services.exposure import amount_per_m2
from scheduler.services.giving import (
    DischargeResult,
    DoseOutcome,
    check_outcome,
    follow_plans,
    settle_state,
)
from scheduler.services.no_shows import mark_no_show, take_back_no_show
from scheduler.services.plan_events import today_at
from scheduler.services.plans import regimen_of_plan
from scheduler.services.tasks import NewTask, raise_task

__all__ = [
    "CorrectGiven",
    "Discharge",
    "DischargeResult",
    "DoseOutcome",
    "StepError",
    "TakeStep",
    "correct_given",
    "discharge",
    "mark_no_show",
    "take_back_no_show",
    "take_back_step",
    "take_step",
]

from scheduler.services.wanted_bookings import answer_wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """The end of a visit, with one outcome for each of its doses."""

    appointment_id: AppointmentId
    outcomes: tuple[DoseOutcome, ...] = ()
    at: Instant | None = None
    version: int | None = None


def discharge(
    uow: UnitOfWork, request: Discharge, *, now: Instant, actor: Actor
) -> DischargeResult:
    """End a visit: record each dose as a fact, and let the rest of its plan follow.

    In full the plan recalculates, in part a pharmacist reviews it, not at all the dose stays due.

    Raises:
        InvalidError: an outcome is missing, or an amount or a reason; names the field.
        StepError: the visit is over, was cancelled, or is on another day.
    """
    actor.require(Permission.RECORD_DOSE)
    with uow:
        visit = opened(uow, request.appointment_id, request.version)
        at = moment(uow, visit, request.at, now=now)
        pairs = _paired(uow, visit, request)
        note_step(uow, visit, DayStep.DISCHARGED, at)
        visit.status = AppointmentStatus.FULFILLED
        for item, dose, outcome in pairs:
            _give(uow, visit, item, dose, outcome, now=now, actor=actor)
        given = [d.id for _, d, found in pairs if found.outcome is not GivenOutcome.NONE]
        answer_wanted(uow, given, TaskOutcome.DONE, now=now, actor=actor)
        noted(uow, visit, "discharged", now=now, actor=actor)
        uow.session.flush()
        result = follow_plans(uow, {dose.plan_id for _, dose, _ in pairs}, now=now, actor=actor)
        uow.commit()
        return result


def _paired(
    uow: UnitOfWork, visit: Appointment, request: Discharge
) -> list[tuple[AppointmentItem, PlannedDose, DoseOutcome]]:
    items = stored.items_of(uow, [visit.id]).get(visit.id, [])
    by_dose = {item.dose_id: item for item in items if item.dose_id is not None}
    outcomes = {each.dose_id: each for each in request.outcomes}
    if set(by_dose) != set(outcomes):
        raise InvalidError("Say for each dose of the visit what was given.", field="outcomes")
    doses = stored.doses_by_id(uow, outcomes)
    for dose_id, outcome in outcomes.items():
        check_outcome(doses[dose_id].amount, outcome)
    return [(by_dose[dose_id], doses[dose_id], outcomes[dose_id]) for dose_id in outcomes]


def _give(
    uow: UnitOfWork,
    visit: Appointment,
    item: AppointmentItem,
    dose: PlannedDose,
    outcome: DoseOutcome,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    plan = stored.plan(uow, dose.plan_id)
    center = organizations.center(uow, visit.center_id)
    uow.add(
        GivenDose(
            **_facts(uow, plan, dose, outcome),
            appointment_id=visit.id,
            given_on=local_day(visit.arrived_at or visit.starts_at, ZoneInfo(center.zone)),
            place=center.name,
            source=GivenSource.HERE,
            given_by=actor.id if actor.kind is ActorKind.STAFF else None,
            recorded_at=now,
        )
    )
    settle_state(dose, outcome.outcome)
    if outcome.outcome is GivenOutcome.NONE:
        item.dropped_at = now
    else:
        use_authorization(uow, dose, local_day(visit.starts_at, ZoneInfo(center.zone)))
    if outcome.outcome is GivenOutcome.PART:
        review_part(uow, plan, dose, outcome, now=now)


def _facts(
    uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose, outcome: DoseOutcome
) -> dict[str, object]:
    nothing = outcome.outcome is GivenOutcome.NONE
    order, rule = stored.order(uow, plan.order_id), regimen_of_plan(uow, plan)
    amount = None if nothing else outcome.amount or dose.amount
    return {
        "patient_id": plan.patient_id,
        "ingredient": plan.ingredient,
        "regimen": rule.id,
        "plan_id": plan.id,
        "dose_id": dose.id,
        "ordinal": dose.ordinal,
        "outcome": outcome.outcome,
        "amount": amount,
        "unit": dose.unit,
        "per_m2": amount_per_m2(uow, rule, plan.patient_id, amount),
        "product": outcome.product.strip() or order.product,
        "lot": outcome.lot.strip(),
        "reason": outcome.reason.strip(),
    }


def _plain(amount: Decimal | None) -> str:
    return f"{amount.normalize():f}" if amount is not None else "an unknown amount"


def review_part(
    uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose, outcome: DoseOutcome, *, now: Instant
) -> None:
    """Ask a pharmacist what a dose given in part means for the plan."""
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=dose.id,
        due_on=today_at(uow, plan, now),
        detail=(
            f"Dose {dose.ordinal} was given in part ({_plain(outcome.amount)} of {_plain(dose.amount)} {dose.unit}:"
            f" {outcome.reason.strip().rstrip('.')}). Decide whether the rest follows and the plan stays."
        ),
        dose_id=dose.id,
        plan_id=plan.id,
    )
    raise_task(uow, new, now=now)


def take_back_step(
    uow: UnitOfWork,
    appointment_id: AppointmentId,
    *,
    version: int | None = None,
    now: Instant,
    actor: Actor,
) -> DischargeResult:
    """Take back the last step of a visit, a no-show too; of a discharge, what it recorded is withdrawn.

    Raises:
        StepError: nothing has happened in the visit yet, or it is cancelled.
        StaleError: the board was older than the visit.
    """
    actor.require(Permission.BOOK)
    with uow:
        visit = opened(uow, appointment_id, version)
        if visit.status is AppointmentStatus.NO_SHOW:
            take_back_no_show(uow, appointment_id, version=version, now=now, actor=actor)
            uow.commit()
            return DischargeResult()
        if visit.status not in (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED):
            raise StepError("Nothing has happened in this visit that could be taken back.")
        before = visit.status.value
        step = step_back(uow, visit)
        plan_ids: set[PlanId] = set()
        if step is DayStep.DISCHARGED:
            actor.require(Permission.RECORD_DOSE)
            plan_ids = _withdraw(uow, visit, now=now)
        noted(uow, visit, f"took back {step.value}", now=now, actor=actor, before=before)
        uow.session.flush()
        result = follow_plans(uow, plan_ids, now=now, actor=actor, cause="corrected")
        uow.commit()
        return result


def _withdraw(uow: UnitOfWork, visit: Appointment, *, now: Instant) -> set[PlanId]:
    rows = facts.given_at(uow, visit.id)
    doses = stored.doses_by_id(uow, [row.dose_id for row in rows if row.dose_id])
    for row in rows:
        uow.add(correction(row, now=now, withdrawn=True))
        if row.dose_id:
            doses[row.dose_id].state = DoseState.PLANNED
            give_back(uow, doses[row.dose_id].plan_id, doses[row.dose_id], now=now)
    visits.take_up_items(uow, visit.id, list(doses))
    return {row.plan_id for row in rows if row.plan_id}
