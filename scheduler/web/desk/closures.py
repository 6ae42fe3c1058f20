"""Days without infusions, nurses who are out and chairs out of service; what that means is shown at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import CenterId, ChairId, StaffId
from scheduler.domain.roles import Permission
from scheduler.domain.timing import instant_at
from scheduler.services import closures as services
from scheduler.services import outages
from scheduler.services.closures import AddClosure, NurseOut
from scheduler.services.outages import ChairOut
from scheduler.services.planned_absences import chairs_of, nurses_of, planned
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, Form, TimeField, choices_of, required
from scheduler.web.fragments import page

AHEAD = timedelta(days=400)
MONTH = timedelta(days=31)


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


class ChairForm(Form):
    """A chair that nobody can sit in for a while."""

    chair_id = SelectField("Chair", validate_choice=False)
    out_on = DayField("Out from", [required("Enter the day.")])
    out_at = TimeField("at", [required("Enter the time.")])
    back = DayField("In service again", [required("Enter the day.")])
    back_at = TimeField("at", [required("Enter the time.")], id="back-at")
    reason = StringField("Reason", id="chair-reason")

    def wanted(self, chair_id: ChairId) -> ChairOut | None:
        """Return what was typed; None when something is missing.

        Raises:
            SkippedTimeError: the clocks skip one of the times.
        """
        if not (self.out_on.data and self.out_at.data and self.back.data and self.back_at.data):
            return None
        return ChairOut(
            center_id=context.center_id(),
            chair_id=chair_id,
            begins=instant_at(self.out_on.data, self.out_at.data, context.zone()),
            ends=instant_at(self.back.data, self.back_at.data, context.zone()),
            reason=self.reason.data or "",
        )


@dataclass(kw_only=True)
class Forms:
    """The three forms of the page, empty unless one was sent."""

    closing: ClosureForm = field(default_factory=lambda: ClosureForm(formdata=None))
    out: OutForm = field(default_factory=lambda: OutForm(formdata=None, day=context.today()))
    chair: ChairForm = field(
        default_factory=lambda: ChairForm(formdata=None, out_on=context.today())
    )

    @property
    def status(self) -> int:
        """The status of what was sent."""
        return max(form.status for form in (self.closing, self.out, self.chair))


@desk.get("/closures")
def closures() -> Response:
    """Show what is closed, who is out and which chairs, from today on."""
    return _page(Forms())


@desk.post("/closures")
def add_closure() -> ResponseReturnValue:
    """Close a day or span; visits stay, and those that no longer fit are shown next."""
    form = ClosureForm()
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
        else:
            return _next(done.days)
    return _page(Forms(closing=form))


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
            form.staff_id.errors = ["Choose one of the list."]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _next(done.days)
    return _page(Forms(out=form))


@desk.post("/absences/<uuid:absence_id>/lift")
def lift_absence(absence_id: UUID) -> ResponseReturnValue:
    """Note that a nurse is there after all."""
    services.lift_absence(
        context.unit_of_work(), StaffId(absence_id), now=context.now(), actor=context.actor()
    )
    flash("Noted.", "ok")
    return redirect(url_for("desk.closures"), 303)


@desk.post("/outages")
def add_outage() -> ResponseReturnValue:
    """Take a chair out of service."""
    form = ChairForm()
    if form.validate():
        try:
            wanted = form.wanted(ChairId(UUID(hex=form.chair_id.data or "")))
            if wanted is not None:
                return _next(
                    outages.chair_out(
                        context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
                    ).days
                )
        except ValueError:
            form.chair_id.errors = ["Choose one of the list."]
        except DomainError as refusal:
            form.refuse(refusal)
    return _page(Forms(chair=form))


@desk.post("/outages/<uuid:outage_id>/lift")
def lift_outage(outage_id: UUID) -> ResponseReturnValue:
    """Note that a chair is in service again."""
    outages.lift_outage(
        context.unit_of_work(), ChairId(outage_id), now=context.now(), actor=context.actor()
    )
    flash("In service again.", "ok")
    return redirect(url_for("desk.closures"), 303)


def _next(crowded: Sequence[date]) -> ResponseReturnValue:
    """Go on to what has to be put right, or back to the list when nothing has."""
    if not crowded:
        flash("Noted. Every booked visit still fits.", "ok")
        return redirect(url_for("desk.closures"), 303)
    first, last = crowded[0], min(crowded[-1], crowded[0] + MONTH)
    return redirect(url_for("desk.replan", first=first, last=last), 303)


def _page(forms: Forms) -> Response:
    center, today = context.center_id(), context.today()
    with context.read_uow() as uow:
        nurses, chairs = nurses_of(uow, center), chairs_of(uow, center)
        listed = planned(uow, center, today, today + AHEAD)
    forms.out.staff_id.choices = choices_of([(each.hex, name) for each, name in nurses])
    forms.chair.chair_id.choices = choices_of([(each.hex, name) for each, name in chairs])
    return page(
        "desk/closures.html",
        status=forms.status,
        forms=forms,
        planned=listed,
        may_change=context.actor().may(Permission.MANAGE_CENTER),
    )
