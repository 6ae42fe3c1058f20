"""Many visits moved at once: one transaction, all or nothing, every visit's own rules checked again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler.domain.capacity import DayLoad
from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId, CenterId, ChangeId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local, local_day
from scheduler.persistence import appointments as stored
from scheduler.persistence.models import Appointment
from scheduler.persistence.patients import patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import batch_undo
from scheduler.services.authorized import settle_status, status_on
from scheduler.services.batch_chairs import Reseated, seat_anew
from scheduler.services.batch_left import ask_about
from scheduler.services.batch_refusals import BatchRefusal, BatchRefusedError
from scheduler.services.cancelling import found, remembered, require_current, together
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, id_of, note_change
from scheduler.services.idempotency import answered, remember
from scheduler.services.move_spans import move_span
from scheduler.services.moving import doses_on
from scheduler.services.notices import owe_moved
from scheduler.services.visit_places import (
    OpenDays,
    Place,
    leave_place,
    open_clinic_days,
    profile_of,
    require_free,
    require_future,
    require_room,
)
from scheduler.services.wanted_bookings import answer_wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedVisit:
    """A visit as a person saw it, and its new start."""

    appointment_id: AppointmentId
    version: int
    starts_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBatch:
    """Visits that move together, once a person has looked at them.

    Args:
        center_id: Whose visits.
        moves: The visits; the days of a course beside each other, in order.
        seat_anew: Days on which visits leave chairs that are out of service.
        left: Visits that cannot stay and have no other place: each becomes a task.
        reason: Why, for the audit ("center closed").
        idempotency_key: A second press with the same key is answered with the first.
    """

    center_id: CenterId
    moves: tuple[tuple[MovedVisit, ...], ...]
    seat_anew: tuple[date, ...] = ()
    left: tuple[AppointmentId, ...] = ()
    reason: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMoved:
    """What was moved: how many patients, how many visits, how many tasks; and the change to undo."""

    change_id: ChangeId
    patients: int
    visits: int
    tasks: int


@dataclass(slots=True, kw_only=True, eq=False)
class _Unit:
    """A visit or course with its new places and what it was; ``tentative`` says why it is not promised there."""

    rows: list[Appointment]
    places: list[Place]
    before: list[Kept]
    tentative: str | None = None


def move_batch(uow: UnitOfWork, batch: MoveBatch, *, now: Instant, actor: Actor) -> BatchMoved:
    """Move visits together, owe each patient one message, and raise a task for each visit left behind.

    Locks the patients in order, then all days ascending. No visit goes outside its window or below its
    not-before, none into a day that has no room: for that there is the move of a single visit.

    Raises:
        NotAllowedError: the role does not manage the center.
        InvalidError: the batch is empty.
        BatchRefusedError: somebody changed a visit or a day since; says which, nothing was moved.
    """
    actor.require(Permission.MANAGE_CENTER)
    if not (batch.moves or batch.seat_anew or batch.left):
        raise InvalidError("Choose at least one visit.")
    with uow:
        known = answered(uow, batch.idempotency_key, batch)
        if known is not None:
            return _read(known)
        units = _units(uow, batch, now=now)
        loads, reseated = _moved(uow, batch, units)
        for unit in units:
            for row in unit.rows:
                if unit.tentative is not None:
                    settle_status(row, unit.tentative)
                owe_moved(uow, row, now=now)
            answer_wanted(uow, doses_on(uow, unit.rows), now=now, actor=actor)
        asked = ask_about(uow, batch.center_id, batch.left, now=now)
        kept = batch_undo.kept(batch.center_id, loads, reseated, asked)
        change_id = _noted(uow, batch, units, kept, now=now, actor=actor)
        result = BatchMoved(
            change_id=change_id,
            patients=len({row.patient_id for unit in units for row in unit.rows}),
            visits=sum(len(unit.rows) for unit in units),
            tasks=len(asked),
        )
        remember(uow, batch.idempotency_key, batch, _written(result), now=now)
        uow.commit()
        return result


def _units(uow: UnitOfWork, batch: MoveBatch, *, now: Instant) -> list[_Unit]:
    """Lock the patients and return what moves, each as it is stored now.

    Raises:
        BatchRefusedError: a visit was changed, or must not go there.
    """
    ids = [each.appointment_id for unit in batch.moves for each in unit]
    patients = {row.id: row.patient_id for row in stored.by_id(uow, ids)}
    units, refused = [], []
    for wanted in sorted(batch.moves, key=lambda unit: str(patients.get(unit[0].appointment_id))):
        try:
            units.append(_unit(uow, batch, wanted, now=now))
        except DomainError as refusal:
            refused.append(
                BatchRefusal(appointment_id=wanted[0].appointment_id, sentence=str(refusal))
            )
    if refused:
        raise BatchRefusedError(refused)
    return units


def _unit(
    uow: UnitOfWork, batch: MoveBatch, wanted: Sequence[MovedVisit], *, now: Instant
) -> _Unit:
    first = found(uow, wanted[0].appointment_id)
    rows = together(uow, first) or [first]
    facts = facts_of(uow, batch.center_id)
    if [row.id for row in rows] != [each.appointment_id for each in wanted] or any(
        row.version != each.version or row.center_id != batch.center_id
        for row, each in zip(rows, wanted, strict=True)
    ):
        raise DomainError(_as_it_is(first, local(first.starts_at, facts.zone)))
    for row in rows:
        require_current(row, None)
    places = [
        Place(
            starts_at=each.starts_at, profile=profile_of(row), visit=row.id, current=row.chair_key
        )
        for row, each in zip(rows, wanted, strict=True)
    ]
    require_future(places, facts.slot_minutes, now)
    unit = _Unit(rows=rows, places=places, before=[remembered(row) for row in rows])
    day = local_day(places[0].starts_at, facts.zone)
    if day != local_day(rows[0].starts_at, facts.zone):
        span = move_span(uow, rows)
        span.require(day)
        if span.targets:
            target = replace(span.targets[0], others=span.targets[1:])
            unit.tentative = status_on(uow, target, day)[1]
    return unit


def _as_it_is(row: Appointment, at: datetime) -> str:
    state = f"on {at:%a, %b %-d, %-H:%M}" if row.live else row.status.value
    return f"Somebody changed it meanwhile: it is {state} now."


def _moved(
    uow: UnitOfWork, batch: MoveBatch, units: Sequence[_Unit]
) -> tuple[dict[date, DayLoad], list[Reseated]]:
    """Take all visits out of their places and put them into the new ones, all days locked.

    Returns:
        What the days used before, and the other visits that sit elsewhere now.

    Raises:
        BatchRefusedError: a day has no room for a visit any more, or its patient is elsewhere.
    """
    rows = [row for unit in units for row in unit.rows]
    places = [place for unit in units for place in unit.places]
    zone = facts_of(uow, batch.center_id).zone
    at = [row.starts_at for row in rows] + [place.starts_at for place in places]
    days = {local_day(each, zone) for each in at} | set(batch.seat_anew)
    opened = open_clinic_days(uow, batch.center_id, days)
    loads = {day: each.load for day, each in opened.days.items()}
    for row in rows:
        leave_place(opened, row)
    refused = [each for unit in units if (each := _refusal(uow, opened, unit, rows))]
    if refused:
        raise BatchRefusedError(refused)
    moved = list(zip(rows, places, strict=True))
    return loads, seat_anew(uow, opened, moved, set(batch.seat_anew))


def _refusal(
    uow: UnitOfWork, opened: OpenDays, unit: _Unit, moving: Sequence[Appointment]
) -> BatchRefusal | None:
    """Count a visit in its new days, or return why there is no room for it."""
    try:
        who = patient(uow, unit.rows[0].patient_id)
        require_free(uow, who, unit.places, but=[row.id for row in moving])
        for place in unit.places:
            day, slot = require_room(opened, place)
            day.take(place.profile, slot)
    except DomainError as refusal:
        return BatchRefusal(appointment_id=unit.rows[0].id, sentence=str(refusal))
    return None


def _noted(
    uow: UnitOfWork,
    batch: MoveBatch,
    units: Sequence[_Unit],
    kept: Sequence[Kept],
    *,
    now: Instant,
    actor: Actor,
) -> ChangeId:
    """Audit each visit and keep the whole for undo."""
    uow.session.flush()
    moved = [pair for unit in units for pair in zip(unit.rows, unit.before, strict=True)]
    for row, old in moved:
        uow.audit(
            actor,
            "moved",
            "appointment",
            row.id,
            at=now,
            patient_id=row.patient_id,
            before=str(old["starts_at"]),
            after=row.starts_at.isoformat(),
            reason=batch.reason,
        )
    words = f"{counted(len(moved), 'visit')} moved together."
    seats = sum("seat" in one for one in kept)
    chairs = f"{counted(seats, 'visit')} in another chair."
    uow.audit(actor, "moved together", "center", batch.center_id, at=now, after=f"{words} {chairs}")
    visits = [{**old, "version": row.version} for row, old in moved]
    words = words if moved else chairs if seats else "What cannot move is left to a person."
    return note_change(uow, "moved together", words, [*visits, *kept], now=now, actor=actor)


def _written(result: BatchMoved) -> str:
    return json.dumps([result.change_id.hex, result.patients, result.visits, result.tasks])


def _read(text: str) -> BatchMoved:
    change, patients, visits, tasks = json.loads(text)
    return BatchMoved(
        change_id=ChangeId(id_of(change)), patients=patients, visits=visits, tasks=tasks
    )
