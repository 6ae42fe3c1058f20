"""What is recorded about a patient's readiness can be taken back for half a minute: rows as they were."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import PatientId, PlanId, StaffId
from scheduler.domain.plans import AuthorizationStatus, DoseState, RequirementStatus
from scheduler.domain.roles import Actor, ActorKind
from scheduler.domain.timing import Instant
from scheduler.persistence import attendance, patients, requirements
from scheduler.persistence import plans as plan_rows
from scheduler.persistence.locked_plans import lock_running_plans
from scheduler.persistence.models import (
    Allergy,
    Authorization,
    AuthorizationUse,
    ClinicalEvent,
    Measure,
    PlannedDose,
    RemsEnrolment,
    Requirement,
    Supply,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, id_of, note_change
from scheduler.services.recalculating import follow

STAMPS = ("changed_at", "changed_by")
CHANGED_SINCE = "Something has changed since, so this cannot be undone; look at it again."
DAY, NUMBER = date.fromisoformat, Decimal
MODELS: Mapping[str, tuple[type[Any], Mapping[str, Callable[[str], object]]]] = {
    "requirement": (
        Requirement,
        {
            "status": RequirementStatus,
            "result_on": DAY,
            "valid_until": DAY,
            "note": str,
            "changed_at": datetime.fromisoformat,
            "changed_by": str,
        },
    ),
    "prior_authorization": (
        Authorization,
        {
            "status": AuthorizationStatus,
            "number": str,
            "from_day": DAY,
            "until_day": DAY,
            "visits": int,
            "units": NUMBER,
            "changed_at": datetime.fromisoformat,
        },
    ),
    "authorization_use": (
        AuthorizationUse,
        {"units": NUMBER, "visits": int, "given_back_at": datetime.fromisoformat},
    ),
    "rems_enrolment": (RemsEnrolment, {"enrolled_on": DAY, "valid_until": DAY}),
    "supply": (
        Supply,
        {
            "route": str,
            "status": str,
            "expected_on": DAY,
            "received_on": DAY,
            "received_amount": NUMBER,
            "allocated_amount": NUMBER,
            "lot": str,
        },
    ),
    "clinical_event": (
        ClinicalEvent,
        {"name": str, "on_day": DAY, "withdrawn_at": datetime.fromisoformat},
    ),
    "planned_dose": (
        PlannedDose,
        {"state": DoseState, "missed_at": datetime.fromisoformat},
    ),
    "measure": (Measure, {"kind": str, "value": NUMBER, "measured_on": DAY}),
    "allergy": (Allergy, {"kind": str, "ended_at": datetime.fromisoformat}),
}


Recorded: TypeAlias = (
    Requirement
    | Authorization
    | AuthorizationUse
    | RemsEnrolment
    | Supply
    | ClinicalEvent
    | PlannedDose
    | Measure
    | Allergy
)
"""What can be taken back: the models above."""

Row = TypeVar("Row", bound=Recorded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered(Generic[Row]):
    """A row as it was before a change; ``before`` is None when the change made it."""

    row: Row
    before: str | None


def remembered(row: Row) -> Remembered[Row]:
    """Return a stored row with what it says now, before it is changed."""
    return Remembered(row=row, before=_written(row))


def made(row: Row) -> Remembered[Row]:
    """Return a row that this change makes."""
    return Remembered(row=row, before=None)


def changes(each: Remembered[Any]) -> tuple[str, str]:
    """Return for the audit where a row stood and where it stands, with each value that is not what it was.

    Of a row that the change made the first is empty, and the second all that it says.
    """
    was, says = json.loads(each.before or "{}"), json.loads(_written(each.row))
    names = [
        name
        for name in says
        if name == "status"
        or (name not in STAMPS and (was.get(name) or None) != (says[name] or None))
    ]
    return _said(was, names), _said(says, names)


def _said(values: Mapping[str, str | None], names: Sequence[str]) -> str:
    return "; ".join(f"{name} {values[name] or 'none'}" for name in names if name in values)


def keep_record(
    uow: UnitOfWork,
    words: str,
    rows: Sequence[Remembered[Any]],
    *,
    now: Instant,
    actor: Actor,
    patient_id: PatientId | None = None,
    also: Sequence[Kept] = (),
) -> None:
    """Keep what was recorded, so that its author may take it back; the caller commits.

    Args:
        uow: The unit of work of the record itself.
        words: What the undo bar says; no patient's name.
        rows: What was made or changed.
        now: When.
        actor: Who.
        patient_id: Whose plans follow what was recorded, such as a weight.
        also: What else undo needs, such as the visits that an authorization promised.
    """
    uow.session.flush()
    before: list[Kept] = [
        {
            "table": each.row.__tablename__,
            "id": each.row.id.hex,
            "before": each.before,
            "after": _written(each.row),
            "patient": patient_id.hex if patient_id else None,
        }
        for each in rows
    ]
    note_change(uow, "recorded", words, [*before, *also], now=now, actor=actor)


def put_back(uow: UnitOfWork, before: Sequence[Kept], *, now: Instant, actor: Actor) -> None:
    """Put rows back as they were; what the change made goes. Plans and boards follow.

    Raises:
        UndoExpiredError: somebody has changed one of them since.
    """
    following = sorted({PatientId(UUID(str(one["patient"]))) for one in before if one["patient"]})
    for patient_id in following:
        patients.lock_patient(uow, patient_id)
    plans = _rows_back(uow, before, now=now, actor=actor)
    if any(one["table"] == "rems_enrolment" for one in before):
        attendance.show_all(uow, after=now)
    for plan_id in sorted(plans):
        attendance.show_plan(uow, plan_id, after=now)
    for patient_id in following:
        for plan in lock_running_plans(uow, patient_id):
            follow(uow, plan, cause="taken back", now=now, actor=actor)


def _rows_back(
    uow: UnitOfWork, before: Sequence[Kept], *, now: Instant, actor: Actor
) -> set[PlanId]:
    """Put rows back as they were with a note of each in the audit, and return whose plans they are."""
    plans: set[PlanId] = set()
    for one in before:
        row = _unchanged(uow, one)
        if getattr(row, "plan_id", None):
            plans.add(row.plan_id)
        whose = _whose(uow, row)
        uow.audit(actor, "took back", _named(row), row.id, at=now, patient_id=whose)
        if one["before"] is None:
            uow.session.delete(row)
        else:
            _write(row, str(one["table"]), str(one["before"]))
    uow.session.flush()
    return plans


def _whose(uow: UnitOfWork, row: Recorded) -> PatientId | None:
    """Return the patient whom a row is about; none for an enrolment that holds for all."""
    if isinstance(row, Supply):
        return plan_rows.plan(uow, row.plan_id).patient_id
    if isinstance(row, AuthorizationUse):
        return requirements.authorization(uow, row.authorization_id).patient_id
    return row.patient_id


def _named(row: Recorded) -> str:
    """Return what a row is, as the audit names it."""
    if isinstance(row, Allergy):
        return row.kind
    return (
        "REMS enrolment" if isinstance(row, RemsEnrolment) else row.__tablename__.replace("_", " ")
    )


def _unchanged(uow: UnitOfWork, one: Kept) -> Any:
    model, _ = MODELS[str(one["table"])]
    row = uow.session.get(model, id_of(one["id"]))
    if row is None or _written(row) != one["after"]:
        raise UndoExpiredError(CHANGED_SINCE)
    return row


def _written(row: Recorded) -> str:
    _, columns = MODELS[row.__tablename__]
    values = {name: getattr(row, name) for name in columns}
    return json.dumps({name: _text(value) for name, value in values.items()})


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _write(row: Any, table: str, text: str) -> None:
    _, columns = MODELS[table]
    for name, value in json.loads(text).items():
        setattr(row, name, None if value is None else columns[name](value))


def staff_id(actor: Actor) -> StaffId | None:
    """Return the member of staff behind an actor, if it is one."""
    return StaffId(actor.id) if actor.kind is ActorKind.STAFF and actor.id else None
