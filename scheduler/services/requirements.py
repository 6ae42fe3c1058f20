"""Recording what a dose needs: results, prior authorization, REMS enrolment and drug supply."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import AuthorizationStatus, OrderKind, RequirementStatus
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import Before, RequirementRule
from scheduler.domain.roles import Actor, ActorKind, Permission, spoken
from scheduler.domain.timing import Instant
from scheduler.persistence import requirements as records
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import (
    Authorization,
    Requirement,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.plans import regimen_of_plan
from scheduler.services.readiness import readiness_of
from scheduler.services.recalculating import follow
from scheduler.services.recorded import Remembered, changes, keep_record, made, remembered
from scheduler.services.recording import note_record
from scheduler.services.supplies import RecordRems, RecordSupply, record_rems, record_supply
from scheduler.services.today import today_here

__all__ = [
    "RecordAuthorization",
    "RecordRems",
    "RecordRequirement",
    "RecordSupply",
    "add_requirements",
    "readiness_of",
    "record_authorization",
    "record_rems",
    "record_requirement",
    "record_supply",
    "short_name",
]

NAMED = 120
"""So many characters of a requirement's name are said in the undo bar; none of ours is longer."""

CLEARED = frozenset({RequirementStatus.MET, RequirementStatus.NOT_NEEDED})


def add_requirements(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rule: Regimen,
    authorization: AuthorizationStatus | None,
    *,
    kind: OrderKind,
    now: Instant,
) -> None:
    """Add a row for each requirement of a new plan, and its prior authorization if one is asked for.

    What is needed before the first dose alone is left out for a patient on treatment.
    """
    continuing = kind is OrderKind.CONTINUING
    for each in rule.requirements:
        if not (continuing and each.before is Before.FIRST):
            uow.add(_new_row(plan, each, None, now=now))
    if authorization is not None:
        row = Authorization(
            patient_id=plan.patient_id, plan_id=plan.id, status=authorization, changed_at=now
        )
        uow.add(row)


def add_requirement(
    uow: UnitOfWork, plan: TreatmentPlan, rule: RequirementRule, *, now: Instant
) -> None:
    """Add what a plan did not ask for before; the caller commits."""
    uow.add(_new_row(plan, rule, None, now=now))


def _new_row(
    plan: TreatmentPlan, rule: RequirementRule, dose_id: DoseId | None, *, now: Instant
) -> Requirement:
    return Requirement(
        patient_id=plan.patient_id,
        plan_id=plan.id,
        dose_id=dose_id,
        code=rule.id,
        kind="at_chair" if rule.at_chair else "before_day",
        changed_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequirement:
    """Where a requirement stands now.

    Args:
        plan_id: Of which plan.
        code: The requirement's id in the regimen.
        status: What is known.
        dose_id: When it is about one dose alone.
        result_on: Day of the sample or document; needed when the requirement ages.
        valid_until: Last day on which it holds, if the document says so.
        note: Needed for "not needed" and "failed".
        version: The row's version that the person saw.
    """

    plan_id: PlanId
    code: str
    status: RequirementStatus
    dose_id: DoseId | None = None
    result_on: date | None = None
    valid_until: date | None = None
    note: str = ""
    version: int | None = None


def record_requirement(
    uow: UnitOfWork, request: RecordRequirement, *, now: Instant, actor: Actor
) -> None:
    """Record where a requirement stands; readiness of every booked visit follows at once.

    Raises:
        NotAllowedError: clearing it needs another role.
        InvalidError: date or reason is missing; names the field.
        StaleError: somebody changed it since the form was opened.
    """
    actor.require(Permission.CLEAR_REQUIREMENT)
    with uow:
        plan = lock_plan(uow, request.plan_id)
        rule = _rule(regimen_of_plan(uow, plan), request.code)
        _check(rule, request, today=today_here(uow, now), actor=actor)
        kept = _kept_row(uow, plan, rule, request, now=now)
        row, was = kept.row, kept.row.status or RequirementStatus.NEEDED
        _write(row, request, now=now, actor=actor)
        before, after = changes(kept)
        before = f"{rule.id}: {before or was.value}"
        note_record(uow, plan, "requirement", before, f"{rule.id}: {after}", now=now, actor=actor)
        holds = RequirementStatus.FAILED in (was, row.status)
        if holds:  # the next dose that needs it waits, or waits no longer
            uow.session.flush()
            follow(uow, plan, cause=rule.id, now=now, actor=actor)
        words = f"{short_name(rule)}: {row.status.value.replace('_', ' ')}."
        who = plan.patient_id if holds else None
        keep_record(uow, words, [kept], now=now, actor=actor, patient_id=who)
        uow.commit()


def short_name(rule: RequirementRule) -> str:
    """Return what a requirement is about, without what its words add in brackets or behind a semicolon."""
    words = rule.what.partition(" (")[0].partition(";")[0]
    if len(words) > NAMED:
        words = f"{words[:NAMED].rpartition(' ')[0].rstrip(' ,;:')} …"
    return words[:1].upper() + words[1:]


def _kept_row(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rule: RequirementRule,
    request: RecordRequirement,
    *,
    now: Instant,
) -> Remembered[Requirement]:
    row = records.requirement(uow, plan.id, rule.id, request.dose_id)
    if row is None:
        row = _new_row(plan, rule, request.dose_id, now=now)
        uow.add(row)
        return made(row)
    if request.version is not None and row.version != request.version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    return remembered(row)


def _rule(regimen: Regimen, code: str) -> RequirementRule:
    found = next((rule for rule in regimen.requirements if rule.id == code), None)
    if found is None:
        raise NotFoundError("requirement")
    return found


def _check(rule: RequirementRule, request: RecordRequirement, *, today: date, actor: Actor) -> None:
    if request.status in CLEARED and actor.kind is ActorKind.STAFF and not actor.roles & rule.roles:
        raise NotAllowedError(f"Clearing this needs the role {spoken(rule.roles)}.")
    if request.status in (RequirementStatus.NOT_NEEDED, RequirementStatus.FAILED):
        if not request.note.strip():
            raise InvalidError("Say why.", field="note")
        if request.status is RequirementStatus.NOT_NEEDED and not rule.may_be_not_needed:
            raise InvalidError(f"{rule.what}: this cannot be left out.", field="status")
    _check_days(rule, request, today=today)


def _check_days(rule: RequirementRule, request: RecordRequirement, *, today: date) -> None:
    ages = rule.max_age or rule.valid_for or rule.max_age_hours or rule.before is not Before.FIRST
    if request.status is RequirementStatus.MET and ages and request.result_on is None:
        raise InvalidError("Give the day of the result; it ages.", field="result_on")
    if request.result_on is not None and request.result_on > today:
        raise InvalidError("The result is of a day in the future.", field="result_on")
    first, last = request.result_on, request.valid_until
    if first is not None and last is not None and last < first:
        raise InvalidError("It ends before the day of the result.", field="valid_until")


def _write(row: Requirement, request: RecordRequirement, *, now: Instant, actor: Actor) -> None:
    row.status, row.note = request.status, request.note.strip()
    row.result_on, row.valid_until = request.result_on, request.valid_until
    row.changed_at, row.changed_by = now, actor.name[:80]
