"""A patient who did not come: the place is given back, the dose stays due; and taking that back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day, local_time, minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.persistence import organizations, plans
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.day_steps import StepError, noted, opened
from scheduler.services.days import LockedDay, lock_day
from scheduler.services.notices import void_unsent
from scheduler.services.tasks import NewTask, raise_task
from scheduler.services.today import today_in

WAITS = timedelta(minutes=15)


def mark_no_show(
    uow: UnitOfWork,
    appointment_id: AppointmentId,
    *,
    version: int | None = None,
    now: Instant,
    actor: Actor,
) -> None:
    """Note that a patient did not come: the place is free, its doses stay due, a task asks to book them.

    Raises:
        StepError: too early to say, or the patient came.
        StaleError: the board was older than the visit.
    """
    actor.require(Permission.BOOK)
    with uow:
        visit, day = _opened(uow, appointment_id, version)
        if visit.status not in (AppointmentStatus.BOOKED, AppointmentStatus.PENDING):
            raise StepError(f"This visit is {visit.status.value}.")
        if now < visit.starts_at + WAITS:
            raise StepError("Wait a quarter of an hour after the start before saying so.")
        day.give_back(*_share(visit, day))
        visit.status, visit.live = AppointmentStatus.NO_SHOW, False
        day.store()
        uow.session.flush()
        void_unsent(uow, appointment_id=visit.id, why="the patient did not come", now=now)
        _ask_to_book(uow, visit, now=now)
        noted(uow, visit, "no-show", now=now, actor=actor, before="booked")
        uow.commit()


def take_back_no_show(
    uow: UnitOfWork,
    appointment_id: AppointmentId,
    *,
    version: int | None = None,
    now: Instant,
    actor: Actor,
) -> None:
    """Put a visit back that was marked a no-show by mistake.

    Raises:
        ChairTakenError: somebody else has the chair by now.
        StepError: the visit is no no-show.
    """
    actor.require(Permission.BOOK)
    with uow:
        visit, day = _opened(uow, appointment_id, version)
        if visit.status is not AppointmentStatus.NO_SHOW:
            raise StepError("This visit is no no-show.")
        visit.status, visit.live = AppointmentStatus.BOOKED, True
        uow.session.flush()
        day.take(*_share(visit, day))
        day.store()
        noted(uow, visit, "took back no-show", now=now, actor=actor, before="noshow")
        uow.commit()


def _opened(
    uow: UnitOfWork, appointment_id: AppointmentId, version: int | None
) -> tuple[Appointment, LockedDay]:
    visit = opened(uow, appointment_id, version)
    zone = ZoneInfo(organizations.center(uow, visit.center_id).zone)
    return visit, lock_day(uow, visit.center_id, local_day(visit.starts_at, zone))


def _share(visit: Appointment, day: LockedDay) -> tuple[VisitProfile, int]:
    minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    profile = footprints.read(visit.footprint, 0 if visit.footprint else minutes)
    grid = day.limits.grid
    begins = minute_of(local_time(visit.starts_at, day.facts.zone))
    return profile, min(max(0, (begins - grid.first) // grid.slot_minutes), grid.slots - 1)


def _ask_to_book(uow: UnitOfWork, visit: Appointment, *, now: Instant) -> None:
    items = plans.items_of(uow, [visit.id]).get(visit.id, [])
    doses = plans.doses_by_id(uow, [item.dose_id for item in items if item.dose_id])
    for dose in doses.values():
        new = NewTask(
            center_id=visit.center_id,
            patient_id=visit.patient_id,
            kind=TaskKind.REBOOK,
            subject_id=dose.id,
            due_on=today_in(uow, visit.center_id, now),
            detail=f"The patient did not come for dose {dose.ordinal}: call, and book it again.",
            dose_id=dose.id,
            plan_id=dose.plan_id,
            appointment_id=visit.id,
        )
        raise_task(uow, new, now=now)
