"""Days whose visits no longer fit: a proposal that a charge nurse looks at, and moves in one press."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.names import day_typed, in_calendar
from scheduler.domain.roles import Permission
from scheduler.services.batch_moves import BatchMoved, MoveBatch, MovedVisit, move_batch
from scheduler.services.batch_refusals import BatchRefusedError
from scheduler.services.replan_lines import (
    MoveLine,
    ReplanLines,
    days_to_put_right,
    refused_lines,
    replan_lines,
)
from scheduler.services.replanning import ReplanWanted
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, OnceForm, text_typed
from scheduler.web.fragments import page

AHEAD = timedelta(days=120)


class ReplanForm(OnceForm):
    """Which days."""

    first = DayField("From")
    last = DayField("To")


@desk.get("/replan")
def replan() -> Response:
    """Show the days that need a person, and for the chosen ones who could go where."""
    form = ReplanForm(request.args)
    form.validate()
    return _page(form)


@desk.post("/replan")
def replan_now() -> ResponseReturnValue:
    """Move the chosen visits in one transaction; when a day changed meanwhile, show what changed."""
    form = ReplanForm()
    changed: tuple[tuple[str, str], ...] = ()
    if form.validate():
        try:
            done = move_batch(
                context.unit_of_work(), _batch(form), now=context.now(), actor=context.actor()
            )
            flash(words_of(done), "ok")
            return redirect(url_for("desk.replan"), 303)
        except BatchRefusedError as refusal:
            form.refuse(refusal)
            changed = refused_lines(context.read_uow(), refusal)
            form.renew()
        except DomainError as refusal:
            form.refuse(refusal)
    return _page(form, changed)


def words_of(done: BatchMoved) -> str:
    """Return what a batch did, in a sentence or two."""
    moved = f"{counted(done.visits, 'visit')} of {counted(done.patients, 'patient')} moved."
    tasks = f" {counted(done.tasks, 'task')} for what has no other place." if done.tasks else ""
    told = " Each patient is owed one message." if done.visits else ""
    return f"{moved}{told}{tasks}" if done.visits else f"Done.{tasks}"


def written(line: MoveLine) -> str:
    """Return a move as its check box sends it: visit, version and start of each day."""
    return ",".join(
        f"{each.appointment_id.hex}/{each.version}/{each.starts_at.isoformat()}"
        for each in line.moves
    )


def read_moves(values: list[str]) -> tuple[tuple[MovedVisit, ...], ...]:
    """Return the moves that were checked.

    Raises:
        InvalidError: not what the page sent.
    """
    try:
        return tuple(tuple(map(_read, value.split(","))) for value in values)
    except ValueError:
        raise InvalidError("Look at the proposal again; it could not be read.") from None


def _read(text: str) -> MovedVisit:
    visit, version, starts_at = text.split("/")
    at = datetime.fromisoformat(starts_at)
    if at.tzinfo is None or not in_calendar(at):
        raise ValueError(starts_at)
    return MovedVisit(
        appointment_id=AppointmentId(UUID(hex=visit)), version=int(version), starts_at=at
    )


def _batch(form: ReplanForm) -> MoveBatch:
    sent = request.form
    seats = [day_typed(each) for each in sent.getlist("seat_anew")]
    try:
        left = tuple(AppointmentId(UUID(hex=each)) for each in sent.getlist("left"))
    except ValueError:
        raise InvalidError("Look at the proposal again; it could not be read.") from None
    return MoveBatch(
        center_id=context.center_id(),
        moves=read_moves(sent.getlist("move")),
        seat_anew=tuple(day for day in seats if day),
        left=left,
        reason=text_typed("reason")[:200],
        idempotency_key=form.idempotency_key.data or None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMove:
    """A line of the table, and what its check box sends."""

    line: MoveLine
    value: str


def _page(form: ReplanForm, changed: tuple[tuple[str, str], ...] = ()) -> Response:
    context.actor().require(Permission.MANAGE_CENTER)
    first = form.first.data
    shown = _proposal(form, first, form.last.data or first) if first else None
    today = context.today()
    days = (
        ()
        if shown
        else days_to_put_right(
            context.read_uow(), context.center_id(), today, today + AHEAD, now=context.now()
        )
    )
    return page(
        "desk/replan.html",
        status=form.status,
        form=form,
        shown=shown,
        moves=tuple(ShownMove(line=line, value=written(line)) for line in shown.moves)
        if shown
        else (),
        days=days,
        changed=changed,
    )


def _proposal(form: ReplanForm, first: date, last: date) -> ReplanLines | None:
    wanted = ReplanWanted(center_id=context.center_id(), first=first, last=last)
    try:
        return replan_lines(context.read_uow(), wanted, now=context.now(), actor=context.actor())
    except InvalidError as refusal:
        form.refuse(refusal)
        return None
