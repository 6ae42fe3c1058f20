"""The steps of a visit's own day: arrived, in chair, infusing, observation; taken and taken back."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.domain.errors import DomainError, InvalidError, StaleError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import attendance as stored
from scheduler.persistence import organizations
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork

MOMENT = {
    DayStep.ARRIVED: "arrived_at",
    DayStep.IN_CHAIR: "in_chair_at",
    DayStep.INFUSING: "infusing_at",
    DayStep.OBSERVATION: "observation_at",
    DayStep.DISCHARGED: "discharged_at",
}
ORDER = tuple(DayStep)
HERE = (AppointmentStatus.BOOKED, AppointmentStatus.PENDING, AppointmentStatus.ARRIVED)
CLOCKS_DIFFER = timedelta(minutes=1)


class StepError(DomainError):
    """The visit's day has not come, or has gone on beyond this step."""

    field = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """A step of a visit, now or at an instant that has passed; ``version`` guards against stale boards."""

    appointment_id: AppointmentId
    step: DayStep
    at: Instant | None = None
    version: int | None = None


def take_step(uow: UnitOfWork, request: TakeStep, *, now: Instant, actor: Actor) -> None:
    """Note that a visit has come to a step; steps between may be left out.

    Raises:
        StepError: another day, a visit that is over or was cancelled, or a later step was taken.
        InvalidError: discharge is asked with what was given (``attendance.discharge``).
        StaleError: the board was older than the visit.
    """
    arriving = request.step is DayStep.ARRIVED
    actor.require(Permission.BOOK if arriving else Permission.RECORD_DOSE)
    if request.step is DayStep.DISCHARGED:
        raise InvalidError("Say for each dose what was given.", field="outcomes")
    with uow:
        visit = opened(uow, request.appointment_id, request.version)
        note_step(uow, visit, request.step, moment(uow, visit, request.at, now=now))
        noted(uow, visit, request.step.value, now=now, actor=actor)
        uow.commit()


def opened(uow: UnitOfWork, appointment_id: AppointmentId, version: int | None) -> Appointment:
    """Return a visit, locked.

    Raises:
        StaleError: it is not the version that the person saw.
    """
    visit = stored.lock_visit(uow, appointment_id)
    if version is not None and visit.version != version:
        raise StaleError(CHANGED_BY_SOMEBODY)
    return visit


def moment(uow: UnitOfWork, visit: Appointment, at: Instant | None, *, now: Instant) -> Instant:
    """Return when a step happened: now, or when somebody says.

    Raises:
        StepError: not on the visit's day.
        InvalidError: in the future.
    """
    zone = ZoneInfo(organizations.center(uow, visit.center_id).zone)
    when = at or now
    if when > now + CLOCKS_DIFFER:
        raise InvalidError("This has not happened yet; check the time.", field="at")
    day = local_day(visit.starts_at, zone)
    if local_day(when, zone) != day:
        raise StepError(f"This visit is on {day:%A, %B} {day.day}; say at what time of that day.")
    return when


def last_step(visit: Appointment) -> DayStep | None:
    """Return the last step that a visit has come to."""
    taken = [step for step in ORDER if getattr(visit, MOMENT[step]) is not None]
    return taken[-1] if taken else None


def note_step(uow: UnitOfWork, visit: Appointment, step: DayStep, at: Instant) -> None:
    """Write a step's moment; the board shows it.

    Raises:
        StepError: the visit is over, was cancelled, or a later step was taken.
    """
    if visit.status not in HERE:
        raise StepError(f"This visit is {visit.status.value}; nothing more can happen in it.")
    last = last_step(visit)
    if last is not None and ORDER.index(last) >= ORDER.index(step):
        raise StepError(f"This visit is at “{last.value.replace('_', ' ')}” already.")
    if last is not None and getattr(visit, MOMENT[last]) > at:
        raise InvalidError("This is before the step that was taken last.", field="at")
    visit.arrived_at = visit.arrived_at or at
    setattr(visit, MOMENT[step], at)
    visit.status = AppointmentStatus.ARRIVED
    stored.show_change(uow, visit.clinic_day_id)


def noted(
    uow: UnitOfWork,
    visit: Appointment,
    action: str,
    *,
    now: Instant,
    actor: Actor,
    before: str = "",
) -> None:
    """Audit what happened to a visit."""
    uow.audit(
        actor,
        action,
        "appointment",
        visit.id,
        at=now,
        patient_id=visit.patient_id,
        before=before,
        after=visit.status.value,
    )


def step_back(uow: UnitOfWork, visit: Appointment) -> DayStep:
    """Clear the last step of a visit and return it.

    Raises:
        StepError: none was taken.
    """
    last = last_step(visit)
    if last is None:
        raise StepError("Nothing has happened in this visit yet.")
    setattr(visit, MOMENT[last], None)
    arrived = last_step(visit) is not None
    visit.status = AppointmentStatus.ARRIVED if arrived else AppointmentStatus.BOOKED
    stored.show_change(uow, visit.clinic_day_id)
    return last
