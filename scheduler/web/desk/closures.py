"""Days without infusions, and nurses who are out; whom it affects is shown at once."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import CenterId, StaffId
from scheduler.services import closures as services
from scheduler.services.closures import AddClosure, Affected, NurseOut
from scheduler.services.planned_absences import nurses_of, planned
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, Form, TimeField, choices_of, required
from scheduler.web.fragments import page

AHEAD = timedelta(days=400)


class ClosureForm(Form):
    """A closed day or span."""

    first_day = DayField("From", [required("Enter the first day.")])
    last_day = DayField("To")
    reason = StringField("Reason", [required("Say why; patients are told this.")])
    from_time = TimeField("Closed from")
    until_time = TimeField("until")


class OutForm(Form):
    """A nurse who is not there."""

    staff_id = SelectField("Nurse", validate_choice=False)
    day = DayField("Day", [required("Enter the day.")], id="out-day")
    from_time = TimeField("From", id="out-from")
    until_time = TimeField("until", id="out-until")
    reason = StringField("Reason", id="out-reason")


@desk.get("/closures")
def closures() -> Response:
    """Show what is closed and who is out from today on."""
    return _page(ClosureForm(formdata=None), OutForm(formdata=None, day=context.today()))


@desk.post("/closures")
def add_closure() -> ResponseReturnValue:
    """Close a day or span; visits stay and are listed."""
    form = ClosureForm()
    done: Affected | None = None
    if form.validate() and form.first_day.data:
        wanted = AddClosure(
            center_id=context.center_id(),
            first_day=form.first_day.data,
            last_day=form.last_day.data or form.first_day.data,
            reason=form.reason.data or "",
            from_time=form.from_time.data,
            until_time=form.until_time.data,
        )
        try:
            done = services.add_closure(
                context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
    if done is None:
        return _page(form, OutForm(formdata=None, day=context.today()), status=form.status)
    return _page(ClosureForm(formdata=None), OutForm(formdata=None), done)


@desk.post("/closures/<uuid:closure_id>/lift")
def lift_closure(closure_id: UUID) -> ResponseReturnValue:
    """Open a closed day again."""
    services.lift_closure(
        context.unit_of_work(), CenterId(closure_id), now=context.now(), actor=context.actor()
    )
    flash("Open again.", "ok")
    return redirect(url_for("desk.closures"), 303)


@desk.post("/absences")
def add_absence() -> ResponseReturnValue:
    """Note that a nurse is out; the day may be over capacity then."""
    form = OutForm()
    done: Affected | None = None
    if form.validate() and form.day.data:
        try:
            wanted = NurseOut(
                center_id=context.center_id(),
                staff_id=StaffId(UUID(hex=form.staff_id.data or "")),
                day=form.day.data,
                from_time=form.from_time.data,
                until_time=form.until_time.data,
                reason=form.reason.data or "",
            )
            done = services.nurse_out(
                context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
            )
        except ValueError:
            form.staff_id.errors = ["Nurse: choose one of the list."]
        except DomainError as refusal:
            form.refuse(refusal)
    if done is None:
        return _page(ClosureForm(formdata=None), form, status=form.status)
    return _page(ClosureForm(formdata=None), OutForm(formdata=None), done)


@desk.post("/absences/<uuid:absence_id>/lift")
def lift_absence(absence_id: UUID) -> ResponseReturnValue:
    """Note that a nurse is there after all."""
    services.lift_absence(
        context.unit_of_work(), StaffId(absence_id), now=context.now(), actor=context.actor()
    )
    flash("Noted.", "ok")
    return redirect(url_for("desk.closures"), 303)


def _page(
    closing: ClosureForm, out: OutForm, done: Affected | None = None, status: int = 200
) -> Response:
    with context.read_uow() as uow:
        nurses = nurses_of(uow, context.center_id())
        listed = planned(uow, context.center_id(), context.today(), context.today() + AHEAD)
    out.staff_id.choices = choices_of([(each.hex, name) for each, name in nurses])
    return page(
        "desk/closures.html",
        status=status,
        closing=closing,
        out=out,
        done=done,
        planned=listed,
        zone=context.zone(),
    )
