"""Visits that an authorization had promised, once its record is taken back: tentative again, nothing said of them."""

from collections.abc import Iterable

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, PlanId
from scheduler.domain.messages import MessageKind, MessageStatus
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.persistence import appointments, message_visits, messages
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import TENTATIVE, lacking, settle_status
from scheduler.services.changes import Kept, id_of
from scheduler.services.notices import take_back_promise
from scheduler.services.tasks import settle_tasks
from scheduler.services.undoing import Doing

SUMMARY = MessageKind.SERIES_SUMMARY.value


def promised(visits: Iterable[AppointmentId], plan_id: PlanId) -> list[Kept]:
    """Return what undo needs of visits that a record promised."""
    return [{"promised": each.hex, "plan": plan_id.hex} for each in visits]


def unpromise(uow: UnitOfWork, before: Iterable[Kept], doing: Doing) -> None:
    """Make visits tentative again for which no authorization holds any more; the record itself is taken back.

    One that somebody cancelled, or that has begun, stays as it is.
    """
    named = {AppointmentId(id_of(one["promised"])): one for one in before if "promised" in one}
    plans = {PlanId(id_of(one["plan"])) for one in named.values()}
    for row in appointments.by_id(uow, named):
        why = lacking(uow, row) if row.status is AppointmentStatus.BOOKED else ""
        if why:
            settle_status(row, f"{TENTATIVE}{why}")
            take_back_promise(uow, row, now=doing.now)
    for plan_id in plans:
        _take_back_summary(uow, plan_id, doing)


def _take_back_summary(uow: UnitOfWork, plan_id: PlanId, doing: Doing) -> None:
    """Void the mail that lists the promised visits, and close its call unless others are left to tell of."""
    for row in messages.unsent(uow, plan_id=plan_id):
        if row.kind == SUMMARY and row.created_at >= doing.done_at:
            row.status, row.outcome = MessageStatus.VOID.value, "visit changed since"
            row.closed_at, row.claimed_by, row.claimed_until = doing.now, None, None
    if not message_visits.of_plan(uow, plan_id, after=doing.now):
        settle_tasks(
            uow,
            TaskKind.PHONE,
            plan_id,
            TaskOutcome.NOT_NEEDED,
            now=doing.now,
            actor=doing.actor,
            lead=SUMMARY,
        )
