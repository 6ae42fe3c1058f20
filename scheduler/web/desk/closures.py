"""Days without infusions, nurses who are out and chairs out of service; what that means is shown at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import CenterId, ChairId, StaffId
from scheduler.domain.roles import Permission
from scheduler.domain.timing import Instant, instant_at
from scheduler.services import closures as services
from scheduler.services import outages
from scheduler.services.closures import AddClosure, Affected, NurseOut
from scheduler.services.outages import ChairOut
from scheduler.services.planned_absences import chairs_of, nurses_of, planned
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, Form, TimeField, choices_of, day_typed_in, required
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

    def request(self) -> AddClosure:
        """Return what was typed."""
        first = day_typed_in(self.first_day)
        return AddClosure(
            center_id=context.center_id(),
            first_day=first,
            last_day=self.last_day.data or first,
            reason=self.reason.data or "",
            from_time=self.from_time.data,
            until_time=self.until_time.data,
        )


class OutForm(Form):
    """A nurse who is not there."""

    staff_id = SelectField("Nurse", validate_choice=False)
    day = DayField("Day", [required("Enter the day.")], id="out-day")
    from_time = TimeField("From", id="out-from")
    until_time = TimeField("until", id="out-until")
    reason = StringField("Reason", id="out-reason")

    def request(self) -> NurseOut:
        """Return what was typed.

        Raises:
            InvalidError: nobody of the list was chosen.
        """
        return NurseOut(
            center_id=context.center_id(),
            staff_id=StaffId(_chosen(self.staff_id)),
            day=day_typed_in(self.day),
            from_time=self.from_time.data,
            until_time=self.until_time.data,
            reason=self.reason.data or "",
        )


class ChairForm(Form):
    """A chair that nobody can sit in for a while."""

    chair_id = SelectField("Chair", validate_choice=False)
    out_on = DayField("Out from", [required("Enter the day.")])
    out_at = TimeField("at", [required("Enter the time.")])
    back = DayField("In service again", [required("Enter the day.")])
    back_at = TimeField("at", [required("Enter the time.")], id="back-at")
    reason = StringField("Reason", id="chair-reason")

    def request(self) -> ChairOut:
        """Return what was typed.

        Raises:
            InvalidError: no chair of the list was chosen.
            SkippedTimeError: the clocks skip one of the times.
        """
        return ChairOut(
            center_id=context.center_id(),
            chair_id=ChairId(_chosen(self.chair_id)),
            begins=_instant(self.out_on, self.out_at),
            ends=_instant(self.back, self.back_at),
            reason=self.reason.data or "",
        )


def _instant(day: DayField, at: TimeField) -> Instant:
    """Return the instant of a day and a time that were both asked for."""
    if at.data is None:
        raise InvalidError("Enter the time.", field=at.short_name)
    return instant_at(day_typed_in(day), at.data, context.zone())


def _chosen(field: SelectField) -> UUID:
    """Return the id that was chosen of a list.

    Raises:
        InvalidError: none of the list; names the field.
    """
    try:
        return UUID(hex=field.data or "")
    except ValueError:
        raise InvalidError("Choose one of the list.", field=field.short_name) from None


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
    return _sent(form, services.add_closure, Forms(closing=form))


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
    return _sent(form, services.nurse_out, Forms(out=form))


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
    return _sent(form, outages.chair_out, Forms(chair=form))


@desk.post("/outages/<uuid:outage_id>/lift")
def lift_outage(outage_id: UUID) -> ResponseReturnValue:
    """Note that a chair is in service again."""
    outages.lift_outage(
        context.unit_of_work(), ChairId(outage_id), now=context.now(), actor=context.actor()
    )
    flash("In service again.", "ok")
    return redirect(url_for("desk.closures"), 303)


def _sent(
    form: ClosureForm | OutForm | ChairForm, act: Callable[..., Affected], forms: Forms
) -> ResponseReturnValue:
    """Do what a form asks for, or show the page with what stands in the way."""
    if form.validate():
        try:
            done = act(
                context.unit_of_work(), form.request(), now=context.now(), actor=context.actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _next(done.days)
    return _page(forms)


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
