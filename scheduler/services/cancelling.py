"""Cancelling visits: the place goes back to the day, the patient is told, the dose waits for another day."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import DomainError, InvalidError, StaleError
from scheduler.domain.ids import AppointmentId, ChangeId, DoseId, ItemId
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local, local_day
from scheduler.persistence import appointments as stored
from scheduler.persistence import organizations, patients, plans, tasks
from scheduler.persistence.models import Appointment, AppointmentItem
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services import footprints
from scheduler.services.changes import Kept, note_change
from scheduler.services.notices import owe_cancelled
from scheduler.services.shortening import shorten
from scheduler.services.tasks import NewTask, raise_task
from scheduler.services.visit_places import leave_place, open_days, profile_of

TO_COME = (AppointmentStatus.BOOKED, AppointmentStatus.PENDING)
BOOK_AGAIN = frozenset(
    {
        CancellationReason.PATIENT,
        CancellationReason.CENTER,
        CancellationReason.PAYER,
        CancellationReason.DRUG_MISSING,
        CancellationReason.WEATHER,
    }
)


class VisitOverError(DomainError):
    """The visit has begun, is over, or was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAppointment:
    """A visit to cancel; of a course, all days to come.

    Args:
        appointment_id: Which visit.
        reason: Who cancels and why.
        version: The visit's version that the person saw.
        note: Anything worth keeping.
        items: Cancel these alone; the visit goes on for the others.
    """

    appointment_id: AppointmentId
    reason: CancellationReason
    version: int | None = None
    note: str = ""
    items: tuple[ItemId, ...] | None = None


def cancel_appointment(
    uow: UnitOfWork, request: CancelAppointment, *, now: Instant, actor: Actor
) -> ChangeId:
    """Cancel a visit, or the whole course it belongs to, and owe the message.

    Returns:
        The change, which can be undone for 30 seconds.

    Raises:
        StaleError: somebody else changed the visit since.
        VisitOverError: the patient is here already, or the visit is over.
    """
    actor.require(Permission.BOOK)
    with uow:
        visit = found(uow, request.appointment_id)
        done: ChangeId | None = uow.memo.get(("cancelled course", visit.course_id, now))
        if done is not None and not visit.live:
            return done
        require_current(visit, request.version)
        change_id = _cancel(uow, visit, request, now=now, actor=actor)
        if visit.course_id:
            uow.memo["cancelled course", visit.course_id, now] = change_id
        uow.commit()
        return change_id


def found(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return a visit with its patient locked, as it is stored now.

    Raises:
        NotFoundError: there is no such visit here.
    """
    visit = stored.appointment(uow, appointment_id)
    if uow.is_postgresql:
        patients.lock_patient(uow, visit.patient_id)
        visit = stored.appointment(uow, appointment_id)
    return visit


def require_current(visit: Appointment, version: int | None) -> None:
    """Refuse what nobody can change any more, or what somebody else changed since.

    Raises:
        StaleError, VisitOverError: says so.
    """
    if version is not None and visit.version != version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    if visit.status not in TO_COME:
        raise VisitOverError(f"This visit is {visit.status.value}; it can no longer be changed.")


def together(uow: UnitOfWork, visit: Appointment) -> list[Appointment]:
    """Return the visits to come that are changed with this one: its course, or itself alone."""
    if visit.course_id is None:
        return [visit]
    return [row for row in stored.course(uow, visit.course_id) if row.status in TO_COME]


def _cancel(
    uow: UnitOfWork, visit: Appointment, request: CancelAppointment, *, now: Instant, actor: Actor
) -> ChangeId:
    if request.items is not None:
        before = [as_a_whole(visit, request.items)]
        left = _dropped(uow, visit, request.items, now=now)
        if left:
            shorten(uow, visit, left, now=now)
            return _noted(
                uow, [visit], before, request, "Part of a visit cancelled.", now=now, actor=actor
            )
    visits = together(uow, visit)
    before = [remembered(row) for row in visits]
    items = stored.items(uow, [row.id for row in visits])
    error = request.reason is CancellationReason.BOOKED_IN_ERROR
    status = AppointmentStatus.ENTERED_IN_ERROR if error else AppointmentStatus.CANCELLED
    withdraw(uow, visits, status, now=now)
    for row in visits:
        row.cancellation, row.cancellation_note = request.reason, request.note.strip()
    for row in visits:
        owe_cancelled(uow, row, now=now)
    if request.reason in BOOK_AGAIN:
        asked = _ask_to_book(uow, visit, items, request.reason, now=now)
        before[0]["asked"] = asked.hex if asked else None
    words = _words(uow, visits)
    return _noted(uow, visits, before, request, words, now=now, actor=actor)


def withdraw(
    uow: UnitOfWork, visits: Sequence[Appointment], status: AppointmentStatus, *, now: Instant
) -> None:
    """Give the places of visits back to their days."""
    opened = open_days(uow, visits[0].center_id, [row.starts_at for row in visits])
    for row in visits:
        leave_place(opened, row)
        row.status, row.live, row.cancelled_at = status, False, now
    for day in opened.days.values():
        day.store()
    uow.session.flush()


def _dropped(
    uow: UnitOfWork, visit: Appointment, item_ids: Sequence[ItemId], *, now: Instant
) -> list[AppointmentItem]:
    """Drop items of a visit and return those that are left; none left drops nothing."""
    items = stored.items(uow, [visit.id])
    going = [item for item in items if item.id in set(item_ids)]
    if len(going) != len(set(item_ids)):
        raise InvalidError("The visit is not for that any more.", field="items")
    left = [item for item in items if item not in going]
    for item in going if left else []:
        item.dropped_at = now
    return left


def remembered(visit: Appointment) -> Kept:
    """Return what undo needs to put a visit back."""
    return {
        "visit": visit.id.hex,
        "starts_at": visit.starts_at.isoformat(),
        "chair_key": visit.chair_key,
        "pinned": visit.pinned,
        "status": visit.status.value,
        "override_reason": visit.override_reason,
    }


def as_a_whole(visit: Appointment, going: Sequence[ItemId]) -> Kept:
    """Return what undo needs to put a visit together again."""
    return {
        **remembered(visit),
        "dropped": " ".join(item.hex for item in going),
        "footprint": footprints.written(profile_of(visit)),
    }


def _noted(
    uow: UnitOfWork,
    visits: Sequence[Appointment],
    before: list[Kept],
    request: CancelAppointment,
    words: str,
    *,
    now: Instant,
    actor: Actor,
) -> ChangeId:
    uow.session.flush()
    for row in visits:
        uow.audit(
            actor,
            "cancelled",
            "appointment",
            row.id,
            at=now,
            patient_id=row.patient_id,
            before=row.starts_at.isoformat(),
            after=request.note.strip(),
            reason=request.reason.value,
        )
    versions = {row.id.hex: row.version for row in visits}
    before = [{**one, "version": versions[str(one["visit"])]} for one in before]
    return note_change(uow, "cancelled", words, before, now=now, actor=actor)


def _words(uow: UnitOfWork, visits: Sequence[Appointment]) -> str:
    zone = ZoneInfo(organizations.center(uow, visits[0].center_id).zone)
    at = local(visits[0].starts_at, zone)
    days = f", {len(visits)} days" if len(visits) > 1 else ""
    return f"Visit of {at:%b} {at.day}, {at:%-H:%M}{days}, cancelled."


def _ask_to_book(
    uow: UnitOfWork,
    visit: Appointment,
    items: Sequence[AppointmentItem],
    reason: CancellationReason,
    *,
    now: Instant,
) -> DoseId | None:
    """Ask for a new booking; return the dose, None where nothing is asked or something was asked already."""
    doses = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
    waiting = [dose for dose in doses.values() if dose.state is DoseState.PLANNED]
    if not waiting:
        return None
    dose = min(waiting, key=lambda row: row.ordinal)
    today = local_day(now, ZoneInfo(organizations.center(uow, visit.center_id).zone))
    new = NewTask(
        center_id=visit.center_id,
        patient_id=visit.patient_id,
        kind=TaskKind.REBOOK,
        subject_id=dose.id,
        due_on=today,
        detail=f"Book dose {dose.ordinal} again: {reason.words.lower()}.",
        dose_id=dose.id,
        plan_id=dose.plan_id,
    )
    known = tasks.open_about(uow, TaskKind.REBOOK, dose.id)
    raise_task(uow, new, now=now)
    return None if known else dose.id
