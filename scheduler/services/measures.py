"""Dated weights and heights, allergies and earlier reactions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scheduler.domain.authorizations import spoken_day
from scheduler.domain.errors import InvalidError, NeedsConfirmationError, NotFoundError
from scheduler.domain.ids import PatientId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients as stored
from scheduler.persistence.base import new_id
from scheduler.persistence.locked_plans import lock_running_plans
from scheduler.persistence.models import Allergy, Measure
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.recalculating import follow
from scheduler.services.recorded import keep_record, made, remembered
from scheduler.services.today import today_here


class MeasureKind(StrEnum):
    """What is measured: weight in kg, height in cm."""

    WEIGHT = "weight"
    HEIGHT = "height"


UNITS = {MeasureKind.WEIGHT: "kg", MeasureKind.HEIGHT: "cm"}
# beyond these a person confirms: slips of the decimal point and pounds for kilograms are common
USUAL = {MeasureKind.WEIGHT: (30, 200), MeasureKind.HEIGHT: (130, 210)}
POSSIBLE = {MeasureKind.WEIGHT: (1, 700), MeasureKind.HEIGHT: (30, 260)}
CHANGED_BY = Decimal("0.15")
ALLERGY_KINDS = ("allergy", "reaction")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeasure:
    """A weight (kg) or height (cm) of a day; ``confirmed`` when it is unusual and right."""

    patient_id: PatientId
    kind: MeasureKind
    value: Decimal
    measured_on: date
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAllergy:
    """An allergy, or an earlier reaction (``kind`` = "reaction")."""

    patient_id: PatientId
    text: str
    kind: str = "allergy"


def record_measure(uow: UnitOfWork, request: RecordMeasure, *, now: Instant, actor: Actor) -> None:
    """Record a weight or height; amounts of doses to come follow it.

    Raises:
        NeedsConfirmationError: 7 or 700 kg, or 15 % off the last one; a person has to confirm.
        InvalidError: nobody has that weight, or the day is in the future.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        stored.lock_patient(uow, request.patient_id)
        check_measure(uow, request, now=now)
        row = Measure(
            patient_id=request.patient_id,
            kind=request.kind.value,
            value=request.value,
            measured_on=request.measured_on,
            recorded_at=now,
        )
        uow.add(row)
        uow.audit(
            actor,
            "measured",
            "patient",
            request.patient_id,
            at=now,
            patient_id=request.patient_id,
            after=f"{request.kind.value} {request.value} {UNITS[request.kind]} on {request.measured_on}",
        )
        uow.session.flush()
        for plan in lock_running_plans(uow, request.patient_id):
            follow(uow, plan, cause=request.kind.value, now=now, actor=actor)
        words = f"{request.kind.value.capitalize()} recorded."
        keep_record(uow, words, [made(row)], now=now, actor=actor, patient_id=request.patient_id)
        uow.commit()


def check_measure(uow: UnitOfWork, request: RecordMeasure, *, now: Instant) -> None:
    """Refuse a weight or height that nobody has, and ask about one that is unusual.

    Raises:
        NeedsConfirmationError: it is unusual, or far off the last one; a person has to confirm.
        InvalidError: nobody has it, or the day is in the future.
    """
    kind, unit, value = request.kind.value, UNITS[request.kind], request.value
    least, most = POSSIBLE[request.kind]
    if not least <= value <= most:
        raise InvalidError(f"A {kind} of {value} {unit} cannot be; check it.", field=kind)
    if request.measured_on > today_here(uow, now):
        raise InvalidError(f"The {kind} was measured in the future.", field="measured_on")
    if request.confirmed:
        return
    low, high = USUAL[request.kind]
    if not low <= value <= high:
        raise NeedsConfirmationError(
            f"A {kind} of {value} {unit} is unusual; confirm it, or correct it.", field=kind
        )
    _check_change(uow, request)


def _check_change(uow: UnitOfWork, request: RecordMeasure) -> None:
    kind, unit = request.kind.value, UNITS[request.kind]
    earlier = [m for m in stored.measures_of(uow, request.patient_id) if m.kind == kind]
    if earlier and abs(earlier[0].value - request.value) > CHANGED_BY * earlier[0].value:
        last = earlier[0]
        raise NeedsConfirmationError(
            f"The {kind} was {last.value.normalize():f} {unit} on {spoken_day(last.measured_on)},"
            f" now {request.value} {unit}; confirm it, or correct it.",
            field=kind,
        )


def record_allergy(uow: UnitOfWork, request: RecordAllergy, *, now: Instant, actor: Actor) -> None:
    """Record an allergy or an earlier reaction.

    Raises:
        InvalidError: it says nothing.
    """
    actor.require(Permission.EDIT_PATIENT)
    if not request.text.strip():
        raise InvalidError("Say what the patient reacts to.", field="text")
    if request.kind not in ALLERGY_KINDS:
        raise InvalidError("Say whether it is an allergy or a reaction.", field="kind")
    with uow:
        stored.patient(uow, request.patient_id)
        row = Allergy(
            id=new_id(), patient_id=request.patient_id, recorded_at=now, kind=request.kind
        )
        row.text = request.text.strip()
        uow.add(row)
        uow.audit(
            actor,
            "recorded",
            request.kind,
            row.id,
            at=now,
            patient_id=request.patient_id,
            after=row.text,
        )
        keep_record(
            uow, f"{request.kind.capitalize()} recorded.", [made(row)], now=now, actor=actor
        )
        uow.commit()


def end_allergy(
    uow: UnitOfWork,
    allergy_id: PatientId,
    *,
    reason: str,
    now: Instant,
    actor: Actor,
    patient_id: PatientId | None = None,
) -> None:
    """Note that an allergy was entered in error or holds no longer.

    Raises:
        NotFoundError: the patient has no such allergy.
        InvalidError: no reason is given.
    """
    actor.require(Permission.EDIT_PATIENT)
    if not reason.strip():
        raise InvalidError("Say why it holds no longer.", field="reason")
    with uow:
        row = stored.allergy(uow, allergy_id)
        if patient_id is not None and row.patient_id != patient_id:
            raise NotFoundError("allergy")
        kept = remembered(row)
        row.ended_at = now
        uow.audit(
            actor,
            "ended",
            row.kind,
            row.id,
            at=now,
            patient_id=row.patient_id,
            before=row.text,
            reason=reason.strip(),
        )
        keep_record(uow, f"{row.kind.capitalize()} ended.", [kept], now=now, actor=actor)
        uow.commit()
