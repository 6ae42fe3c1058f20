"""What the change of a whole plan takes with it: visits cancelled, messages voided, tasks settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.ids import AppointmentId, ChangeId, DoseId, ItemId, PlanId, TaskId
from scheduler.domain.people import TaskOutcome
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, instant_at, local_day
from scheduler.persistence import changes, organizations
from scheduler.persistence import plans as stored
from scheduler.persistence.models import Appointment, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.shortening import remaining
from scheduler.services.tasks import settle_tasks
from scheduler.services.visit_places import profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLost:
    """A visit that a change cancels; ``whole`` is false when it goes on for something else.

    ``minutes`` and ``left`` say how long the patient was to stay, and stays for what remains.
    """

    appointment_id: AppointmentId
    starts_at: Instant
    status: AppointmentStatus
    whole: bool
    minutes: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLost:
    """An unsent message that a change voids: its kind, and when it would have gone."""

    kind: str
    send_after: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change of a plan does, shown before it happens.

    Args:
        visits: The visits it cancels, in order of time.
        messages: The unsent messages it voids, the next one first.
        doses: How many doses it ends.
        tasks: How many open tasks it settles.
    """

    visits: tuple[VisitLost, ...] = ()
    messages: tuple[MessageLost, ...] = ()
    doses: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What undo needs of a change: the cancellations and the settled tasks."""

    changes: tuple[ChangeId, ...] = ()
    tasks: tuple[TaskId, ...] = ()


def visits_lost(
    uow: UnitOfWork, plan: TreatmentPlan, *, until: date | None, now: Instant
) -> list[Appointment]:
    """Return the plan's visits from today on, up to a day included, that nobody has come to."""
    zone = ZoneInfo(organizations.center(uow, plan.center_id).zone)
    before = instant_at(until + timedelta(days=1), time(12), zone) if until else None
    begins = instant_at(local_day(now, zone), time(12), zone) - timedelta(hours=12)
    found = stored.upcoming_visits(uow, after=begins, before=before, plan_id=plan.id)
    return [visit for visit in found if not until or local_day(visit.starts_at, zone) <= until]


def lost(
    uow: UnitOfWork, visits: Sequence[Appointment], doses: set[DoseId]
) -> dict[AppointmentId, tuple[ItemId, ...] | None]:
    """Return, by visit, the items that go; None when the whole visit goes."""
    items = stored.items_of(uow, [visit.id for visit in visits])
    going: dict[AppointmentId, tuple[ItemId, ...] | None] = {}
    for visit in visits:
        mine = [item for item in items.get(visit.id, []) if item.dose_id in doses]
        whole = len(mine) == len(items.get(visit.id, []))
        going[visit.id] = None if whole else tuple(item.id for item in mine)
    return going


def voided(unsent: Sequence[tuple[str, Instant]]) -> tuple[MessageLost, ...]:
    """Return the messages as a preview shows them."""
    return tuple(MessageLost(kind=kind, send_after=at) for kind, at in unsent)


def described(
    uow: UnitOfWork,
    visits: Sequence[Appointment],
    going: dict[AppointmentId, tuple[ItemId, ...] | None],
) -> tuple[VisitLost, ...]:
    """Return the visits as a preview shows them."""
    return tuple(_described(uow, visit, going[visit.id]) for visit in visits)


def _described(uow: UnitOfWork, visit: Appointment, going: tuple[ItemId, ...] | None) -> VisitLost:
    minutes = left = profile_of(visit).chair_minutes
    if going is not None:
        items = stored.items_of(uow, [visit.id]).get(visit.id, [])
        shorter = remaining(uow, visit, [item for item in items if item.id not in going])
        left = shorter.chair_minutes if shorter else minutes
    return VisitLost(
        appointment_id=visit.id,
        starts_at=visit.starts_at,
        status=visit.status,
        whole=going is None,
        minutes=minutes,
        left=left,
    )


def cancel_visits(
    uow: UnitOfWork,
    visits: Sequence[Appointment],
    going: dict[AppointmentId, tuple[ItemId, ...] | None],
    reason: CancellationReason,
    *,
    note: str,
    now: Instant,
    actor: Actor,
) -> Cancelled:
    """Cancel visits in order of time, which is also the order of locking their days.

    No undo brings one of them back: the change that took them is taken back as a whole.
    """
    gone = []
    for visit in visits:
        request = CancelAppointment(
            appointment_id=visit.id,
            version=visit.version,
            reason=reason,
            note=note,
            items=going[visit.id],
        )
        change_id = cancel_appointment(uow, request, now=now, actor=actor)
        changes.change(uow, change_id).undo_until = now
        gone.append(change_id)
    return Cancelled(changes=tuple(gone))


def settle_plan_tasks(
    uow: UnitOfWork, plan_id: PlanId, *, now: Instant, actor: Actor
) -> tuple[TaskId, ...]:
    """Settle the open tasks about a plan, and return which."""
    tasks = stored.tasks_about(uow, plan_id)
    for task in tasks:
        settle_tasks(uow, task.kind, task.subject_id, TaskOutcome.NOT_NEEDED, now=now, actor=actor)
    return tuple(task.id for task in tasks)
