"""Taking back a change within 30 seconds: a second change, by the same checks, which may be refused."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import NotAllowedError, UndoExpiredError
from scheduler.domain.ids import ChairId, ChangeId, PlanId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.roles import Actor, ActorKind, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import changes, tasks
from scheduler.persistence.locked_plans import lock_plans
from scheduler.persistence.models import Appointment, Change
from scheduler.persistence.patients import patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_undo import put_back
from scheduler.services.cancelling import withdraw
from scheduler.services.changes import Kept, id_of, instant_of, kept
from scheduler.services.closed_tasks import task_as_before
from scheduler.services.closures import take_back_absence, take_back_closure
from scheduler.services.decision_undo import ask_once_more
from scheduler.services.moving import doses_on, relocate
from scheduler.services.notices import owe_cancelled, owe_moved, owe_restored
from scheduler.services.outages import take_back_outage
from scheduler.services.plan_undo import KIND as PLANS_CHANGED
from scheduler.services.plan_undo import plans_as_before, questions_back
from scheduler.services.recorded import put_back as put_record_back
from scheduler.services.rejoining import is_part, rejoin
from scheduler.services.spreading import plan_as_before
from scheduler.services.tasks import CLOSED, open_again, settle_tasks
from scheduler.services.undoing import Doing, audit_visits, require_wanted, visits_as_left
from scheduler.services.unpromising import unpromise
from scheduler.services.version_changes import back_to_old_version
from scheduler.services.visit_places import (
    Place,
    open_days,
    profile_of,
    require_free,
    stay_row,
    take_place,
)
from scheduler.services.wanted_bookings import ask_again
from scheduler.services.withdrawn_phases import KIND as PHASE
from scheduler.services.withdrawn_phases import phase_as_before

TOO_LATE = "This can no longer be undone; change it like any other visit."


Inverse: TypeAlias = Callable[[UnitOfWork, list[Kept], Doing], None]


def undo(uow: UnitOfWork, change_id: ChangeId, *, now: Instant, actor: Actor) -> str:
    """Take back a change and return what it was, in words.

    Raises:
        NotFoundError: there is no such change here.
        NotAllowedError: it is another person's.
        UndoExpiredError: the 30 seconds are over, or something has changed since.
        NoCapacityError, AlreadyBookedError: the place is taken by now.
        TooEarlyError: the visit would be below a not-before.
    """
    actor.require(Permission.BOOK)
    with uow:
        change = changes.change(uow, change_id)
        _require_open(change, now, actor)
        before = kept(change)
        if not before:
            raise UndoExpiredError(TOO_LATE)
        doing = Doing(now=now, actor=actor, done_at=change.at)
        INVERSES[change.kind](uow, before, doing)
        change.undone_at = now
        uow.audit(actor, "undone", "change", change.id, at=now, after=change.words)
        uow.commit()
        return change.words


def _require_open(change: Change, now: Instant, actor: Actor) -> None:
    if change.actor_kind is ActorKind.STAFF and change.actor_id != actor.id:
        raise NotAllowedError("Only the person who made this change can undo it.")
    if change.undone_at is not None or now > change.undo_until or change.kind not in INVERSES:
        raise UndoExpiredError(TOO_LATE)


def _unbook(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    rows = visits_as_left(uow, before)
    ask_again(uow, doses_on(uow, rows), closed_at=doing.done_at)
    withdraw(uow, rows, AppointmentStatus.ENTERED_IN_ERROR, now=doing.now)
    for row in rows:
        row.cancellation = CancellationReason.BOOKED_IN_ERROR
        owe_cancelled(uow, row, now=doing.now)
    audit_visits(uow, rows, "undid booking", doing)


def _move_back(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    rows = visits_as_left(uow, before)
    require_wanted(uow, rows, before)
    relocate(uow, rows, _old_places(rows, before), patient(uow, rows[0].patient_id))
    for row, one in zip(rows, before, strict=True):
        row.status = AppointmentStatus(str(one["status"]))
        row.override_reason = str(one["override_reason"])
    for row in rows:
        owe_moved(uow, row, now=doing.now)
    ask_again(uow, doses_on(uow, rows), closed_at=doing.done_at)
    audit_visits(uow, rows, "undid move", doing)


def _old_places(rows: Sequence[Appointment], before: Sequence[Kept]) -> list[Place]:
    return [
        Place(
            starts_at=instant_of(one["starts_at"]),
            profile=profile_of(row),
            chair_key=_key(one) if one["pinned"] else None,
            current=_key(one),
            visit=row.id,
        )
        for row, one in zip(rows, before, strict=True)
    ]


def _key(one: Kept) -> int:
    return int(one["chair_key"] or 0)


def _restore(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    if is_part(before):
        rejoin(uow, before, doing)
        return
    rows = visits_as_left(uow, before)
    require_wanted(uow, rows, before)
    places = _old_places(rows, before)
    require_free(uow, patient(uow, rows[0].patient_id), places)
    opened = open_days(uow, rows[0].center_id, [place.starts_at for place in places])
    for row, place, one in zip(rows, places, before, strict=True):
        day, row.chair_key = take_place(uow, opened, place)
        row.status, row.live = AppointmentStatus(str(one["status"])), True
        row.cancelled_at = row.cancellation = None
        row.cancellation_note = ""
        opened.stays[day.day].append(stay_row(row))
    for day in opened.days.values():
        day.store()
    uow.session.flush()
    for row in rows:
        owe_restored(uow, row, now=doing.now)
    _settle_asked(uow, before, doing)
    audit_visits(uow, rows, "undid cancellation", doing)


def _settle_asked(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    """Close the task that the cancellation raised."""
    for one in before:
        if one.get("asked"):
            dose, nothing = id_of(one["asked"]), TaskOutcome.NOT_NEEDED
            settle_tasks(uow, TaskKind.REBOOK, dose, nothing, now=doing.now, actor=doing.actor)


def _plans_back(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    for visits in plans_as_before(uow, before, doing):
        _restore(uow, visits, doing)
    questions_back(uow, before, doing)


def _phase_back(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    for visits in phase_as_before(uow, before, doing):
        _restore(uow, visits, doing)


def _open_again(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    for one in before:
        take_back_closure(uow, id_of(one["closure"]), now=doing.now)


def _back_at_work(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    for one in before:
        take_back_absence(uow, id_of(one["absence"]), now=doing.now)


def _in_service_again(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    for one in before:
        take_back_outage(uow, ChairId(id_of(one["outage"])), now=doing.now)


def _unrecord(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    promised = [PlanId(id_of(one["plan"])) for one in before if "promised" in one]
    lock_plans(uow, promised)
    rows = [one for one in before if "table" in one]
    put_record_back(uow, rows, now=doing.now, actor=doing.actor)
    for one in before:
        if "settled" in one:
            open_again(tasks.get(uow, TaskId(id_of(one["settled"]))))
    unpromise(uow, before, doing)


INVERSES: dict[str, Inverse] = {
    "version": back_to_old_version,
    "recalculation": ask_once_more,
    "recorded": _unrecord,
    "booked": _unbook,
    "moved": _move_back,
    "cancelled": _restore,
    PLANS_CHANGED: _plans_back,
    PHASE: _phase_back,
    CLOSED: task_as_before,
    "closed": _open_again,
    "nurse out": _back_at_work,
    "chair out": _in_service_again,
    "moved together": put_back,
    "spread": plan_as_before,
}
