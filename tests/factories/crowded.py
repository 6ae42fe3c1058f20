"""Days with visits that stop fitting, and the batch that a charge nurse confirms."""

from collections.abc import Sequence
from datetime import date, time

from sqlalchemy import select

from scheduler.domain.ids import AppointmentId, StaffId
from scheduler.persistence.models import Message
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_moves import BatchMoved, MoveBatch, move_batch
from scheduler.services.closures import AddClosure, NurseOut, add_closure, nurse_out
from scheduler.services.replan_lines import ReplanLines, replan_lines
from scheduler.services.replanning import ReplanWanted
from tests.factories.center import CenterMade, book, make_treatment
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
TIMES = ("08:00", "09:00", "10:00", "11:00", "13:00", "14:00")


def make_crowd(
    uow: UnitOfWork, center: CenterMade, times: Sequence[str] = TIMES
) -> list[AppointmentId]:
    """Book a first dose of another patient at each of these times of the Monday."""
    return [book(uow, make_treatment(uow, center.id).dose(), MONDAY, each) for each in times]


def close(uow: UnitOfWork, center: CenterMade, *, since: time | None = None) -> None:
    """Close the Monday, or the part of it from a time on."""
    closure = AddClosure(
        center_id=center.id, first_day=MONDAY, last_day=MONDAY, reason="Pipe", from_time=since
    )
    add_closure(uow, closure, now=NOW, actor=make_actor())


def out(uow: UnitOfWork, center: CenterMade, nurse: StaffId) -> None:
    """Note that a nurse is out on the Monday."""
    absence = NurseOut(center_id=center.id, staff_id=nurse, day=MONDAY)
    nurse_out(uow, absence, now=NOW, actor=make_actor())


def look(uow: UnitOfWork, center: CenterMade, day: date = MONDAY) -> ReplanLines:
    """Return the proposal for a day."""
    wanted = ReplanWanted(center_id=center.id, first=day, last=day)
    return replan_lines(uow, wanted, now=NOW, actor=make_actor())


def batch_of(center: CenterMade, shown: ReplanLines, key: str | None = None) -> MoveBatch:
    """Return what the page sends back when everything is confirmed."""
    return MoveBatch(
        center_id=center.id,
        moves=tuple(line.moves for line in shown.moves),
        seat_anew=tuple(day for day, _ in shown.chairs),
        left=tuple(line.visit.id for line in shown.left),
        idempotency_key=key,
    )


def confirm(
    uow: UnitOfWork, center: CenterMade, shown: ReplanLines, key: str | None = None
) -> BatchMoved:
    """Move what was proposed."""
    return move_batch(uow, batch_of(center, shown, key), now=NOW, actor=make_actor())


def messages_of(uow: UnitOfWork) -> list[tuple[AppointmentId | None, str, str]]:
    """Return visit, kind and status of every message, oldest first."""
    with uow:
        rows = uow.session.scalars(select(Message).order_by(Message.id))
        return [(row.appointment_id, row.kind, row.status) for row in rows]
