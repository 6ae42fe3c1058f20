"""The one-press steps of a visit's day: arrived, in chair, infusing, observation; and back."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.appointments import DayStep
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId
from scheduler.services.attendance import take_back_step as take_back
from scheduler.services.board import day_of
from scheduler.services.day_steps import TakeStep
from scheduler.services.day_steps import take_step as take
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.stale import version_typed


@desk.post("/visits/<uuid:appointment_id>/step")
def take_step(appointment_id: UUID) -> ResponseReturnValue:
    """Note the next step of a visit now; a refusal is said above the board."""
    visit_id = AppointmentId(appointment_id)
    on = _day(visit_id)
    try:
        wanted = TakeStep(appointment_id=visit_id, step=_step(), version=_version())
        take(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
    except DomainError as refusal:
        flash(str(refusal), "stop")
    return _board(visit_id, on)


@desk.post("/visits/<uuid:appointment_id>/step/undo")
def undo_step(appointment_id: UUID) -> ResponseReturnValue:
    """Take back the last step of a visit."""
    visit_id = AppointmentId(appointment_id)
    on = _day(visit_id)
    try:
        take_back(
            context.unit_of_work(),
            visit_id,
            version=_version(),
            now=context.now(),
            actor=context.actor(),
        )
    except DomainError as refusal:
        flash(str(refusal), "stop")
    return _board(visit_id, on)


def _step() -> DayStep:
    try:
        return DayStep(request.form.get("step", ""))
    except ValueError:
        raise InvalidError("This is not a step of a visit.", field="step") from None


def _version() -> int:
    return version_typed(request.form.get("version"))


def _day(visit_id: AppointmentId) -> date:
    return day_of(context.read_uow(), context.center_id(), visit_id, context.zone())


def _board(visit_id: AppointmentId, on: date) -> ResponseReturnValue:
    return redirect(url_for("desk.day", day=on, visit=visit_id), 303)
