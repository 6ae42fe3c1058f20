"""Recording dated clinical events, such as plasma exchange: plans and readiness follow at once."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.clinical_events import dates_named, event_words, events_named
from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients
from scheduler.persistence.locked_plans import lock_plan, lock_running_plans
from scheduler.persistence.models import ClinicalEvent, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_events import today_at
from scheduler.services.plans import regimen_of_plan
from scheduler.services.recalculating import follow
from scheduler.services.recorded import Remembered, keep_record, made, remembered
from scheduler.services.recording import note_record

OLDEST = timedelta(days=365 * 5)
IN_ERROR = "clinical event in error"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """An event of a day, by the name that the plan's regimen gives it."""

    plan_id: PlanId
    name: str
    on_day: date
    note: str = ""


def record_event(uow: UnitOfWork, request: RecordEvent, *, now: Instant, actor: Actor) -> PatientId:
    """Record that something happened; every running plan of the patient follows it.

    What only the days of one plan count from, such as a relapse, is that plan's alone.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: there is no such plan here.
        InvalidError: the regimen asks for no such event, or the day cannot be; names the field.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        _check(uow, plan, request, now=now)
        own = request.name in dates_named(regimen_of_plan(uow, plan))
        row = ClinicalEvent(
            patient_id=plan.patient_id,
            plan_id=plan.id if own else None,
            name=request.name,
            on_day=request.on_day,
            note=request.note.strip(),
            recorded_at=now,
            recorded_by=actor.name[:80],
        )
        uow.add(row)
        said = f"{event_words(request.name)} on {request.on_day}"
        note_record(uow, plan, "clinical event", "", said, now=now, actor=actor)
        _follow(uow, plan, made(row), f"{_capital(request.name)} recorded.", now=now, actor=actor)
        uow.commit()
        return row.id


def _check(uow: UnitOfWork, plan: TreatmentPlan, request: RecordEvent, *, now: Instant) -> None:
    if request.name not in events_named(regimen_of_plan(uow, plan)):
        raise InvalidError("Choose one of the events that the regimen names.", field="name")
    today = today_at(uow, plan, now)
    if request.on_day > today:
        raise InvalidError("The day lies in the future.", field="on_day")
    if request.on_day < today - OLDEST:
        raise InvalidError("The day lies too far back to matter.", field="on_day")
    rows = patients.clinical_events_of(uow, [plan.patient_id])
    if any((row.name, row.on_day) == (request.name, request.on_day) for row in rows):
        raise InvalidError("This is recorded for that day already.", field="on_day")


def withdraw_event(
    uow: UnitOfWork,
    plan_id: PlanId,
    event_id: PatientId,
    *,
    reason: str,
    now: Instant,
    actor: Actor,
) -> None:
    """Note that an event was entered in error; it stays in the record and nothing counts from it.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the plan's patient has no such event.
        InvalidError: no reason is given.
    """
    actor.require(Permission.CHANGE_PLAN)
    with uow:
        plan = lock_plan(uow, plan_id)
        row = patients.clinical_event(uow, event_id)
        if row.patient_id != plan.patient_id or row.withdrawn_at is not None:
            raise NotFoundError("clinical event")
        if not reason.strip():
            raise InvalidError("Say why it was entered in error.", field="why")
        kept = remembered(row)
        row.withdrawn_at = now
        before = f"{event_words(row.name)} on {row.on_day}"
        after = f"entered in error: {reason.strip()}"
        note_record(uow, plan, IN_ERROR, before, after, now=now, actor=actor)
        _follow(uow, plan, kept, f"{_capital(row.name)} taken out.", now=now, actor=actor)
        uow.commit()


def _follow(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    kept: Remembered[ClinicalEvent],
    words: str,
    *,
    now: Instant,
    actor: Actor,
) -> None:
    uow.session.flush()
    cause = event_words(kept.row.name)
    for each in lock_running_plans(uow, plan.patient_id):
        follow(uow, each, cause=cause, now=now, actor=actor)
    keep_record(uow, words, [kept], now=now, actor=actor, patient_id=plan.patient_id)


def _capital(name: str) -> str:
    words = event_words(name)
    return words[:1].upper() + words[1:]
