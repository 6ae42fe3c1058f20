"""Who looks after whom on a day: found for everybody, handed over when somebody is out, chosen by hand."""

from datetime import date, timedelta

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, InvalidError, NotFoundError
from scheduler.domain.ids import AppointmentId, StaffId
from scheduler.domain.roles import Permission
from scheduler.services.nurse_days import choose_nurse, find_nurses, nurse_sheet
from scheduler.services.publishing import settled
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import id_typed
from scheduler.web.fragments import page

FARTHEST = timedelta(days=3 * 366)


@desk.get("/day/nurses")
def nurses_of_day() -> Response:
    """Show who looks after whom."""
    return _page(_day(request.args.get("day", "")), "")


@desk.post("/day/nurses")
def find_nurses_of_day() -> ResponseReturnValue:
    """Give every visit a nurse: only those without one, or everybody anew."""
    day = _day(request.form.get("day", ""))
    try:
        changed = find_nurses(
            context.unit_of_work(),
            context.center_id(),
            day,
            anew=request.form.get("do") == "anew",
            now=context.now(),
            actor=context.actor(),
        )
    except InvalidError as refusal:
        return _page(day, str(refusal), refusal.status)
    flash(f"{counted(changed, 'visit')} given to a nurse.", "ok")
    return redirect(url_for("desk.nurses_of_day", day=day), 303)


@desk.post("/day/nurses/choose")
def choose_nurse_of_visit() -> ResponseReturnValue:
    """Give a visit to a nurse by hand."""
    day = _day(request.form.get("day", ""))
    try:
        choose_nurse(
            context.unit_of_work(),
            context.center_id(),
            day,
            (
                AppointmentId(id_typed(request.form.get("visit", ""), "visit")),
                StaffId(id_typed(request.form.get("nurse", ""), "nurse")),
            ),
            now=context.now(),
            actor=context.actor(),
        )
    except DomainError as refusal:
        return _page(day, str(refusal), refusal.status)
    return redirect(url_for("desk.nurses_of_day", day=day), 303)


def _page(day: date, problem: str, status: int = 200) -> Response:
    sheet = nurse_sheet(context.read_uow(), context.center_id(), day)
    return page(
        "desk/nurse_day.html",
        status=status,
        day=day,
        sheet=sheet,
        settled=settled(context.read_uow(), context.center_id(), day),
        problem=problem,
        may_change=context.actor().may(Permission.MANAGE_CENTER),
    )


def _day(text: str) -> date:
    try:
        asked = date.fromisoformat(text) if text else context.today()
    except ValueError:
        raise NotFoundError("day") from None
    if abs(asked - context.today()) > FARTHEST:
        raise NotFoundError("day")
    return asked
