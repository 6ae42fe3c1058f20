"""Rearranging a day to come: the curve before and after, whom to call, one press, taken back."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.replanning import Goal
from scheduler.domain.roles import Permission
from scheduler.domain.timing import time_of
from scheduler.services.batch_moves import MoveBatch, move_batch
from scheduler.services.batch_refusals import BatchRefusedError
from scheduler.services.day_replan import Rearranged, RearrangeDay, rearrange_day
from scheduler.services.replan_lines import refused_lines
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.replan import ShownMove, read_moves, words_of, written
from scheduler.web.desk.two_curves import draw_two_curves
from scheduler.web.forms import DayField, OnceForm, WholeField, choice
from scheduler.web.fragments import page

GOALS = (
    (Goal.PEAK.value, "The lowest peak of patients"),
    (Goal.CLOSING.value, "The earliest end of the day"),
    (Goal.FILL.value, "Room for doses planned then"),
)


class RearrangeForm(OnceForm):
    """What for, and what it may cost."""

    day = DayField("Day")
    goal = choice("Rearrange for", GOALS, default=Goal.PEAK.value)
    most_calls = WholeField("Calls at most", default=8)
    most_minutes = WholeField("Minutes at most", default=60)

    def wanted(self) -> RearrangeDay | None:
        """Return what was typed; None before a day was chosen."""
        if self.day.data is None:
            return None
        calls, minutes = self.most_calls.data, self.most_minutes.data
        return RearrangeDay(
            center_id=context.center_id(),
            day=self.day.data,
            goal=Goal(self["goal"].data),
            most_calls=8 if calls is None else calls,
            most_minutes=60 if minutes is None else minutes,
        )


@desk.get("/rearrange")
def rearrange() -> Response:
    """Show how a day could be rearranged."""
    asked = request.args.copy()
    for name, value in (("goal", Goal.PEAK.value), ("most_calls", "8"), ("most_minutes", "60")):
        asked.setdefault(name, value)
    return _page(RearrangeForm(asked))


@desk.post("/rearrange")
def rearrange_now() -> ResponseReturnValue:
    """Move the checked visits; when the day changed meanwhile, show what changed."""
    form = RearrangeForm()
    changed: tuple[tuple[str, str], ...] = ()
    try:
        batch = MoveBatch(
            center_id=context.center_id(),
            moves=read_moves(request.form.getlist("move")),
            reason="day rearranged",
            idempotency_key=form.idempotency_key.data or None,
        )
        done = move_batch(context.unit_of_work(), batch, now=context.now(), actor=context.actor())
        flash(words_of(done), "ok")
        return redirect(url_for("desk.day", day=request.form.get("day") or None), 303)
    except BatchRefusedError as refusal:
        form.refuse(refusal)
        form.renew()
        changed = refused_lines(context.read_uow(), refusal)
    except DomainError as refusal:
        form.refuse(refusal)
    return _page(form, changed)


def _page(form: RearrangeForm, changed: tuple[tuple[str, str], ...] = ()) -> Response:
    context.actor().require(Permission.MANAGE_CENTER)
    shown = _found(form) if form.refusal is not None or form.validate() else None
    return page(
        "desk/rearrange.html",
        status=form.status,
        form=form,
        shown=shown,
        verdict=_verdict(form, shown) if shown else "",
        chart=draw_two_curves(shown.before, shown.after) if shown else None,
        moves=tuple(ShownMove(line=line, value=written(line)) for line in shown.moves)
        if shown
        else (),
        changed=changed,
    )


def _found(form: RearrangeForm) -> Rearranged | None:
    try:
        wanted = form.wanted()
        if wanted is None:
            return None
        return rearrange_day(context.read_uow(), wanted, now=context.now(), actor=context.actor())
    except (InvalidError, ValueError) as refusal:
        if isinstance(refusal, InvalidError):
            form.refuse(refusal)
        return None


def _verdict(form: RearrangeForm, shown: Rearranged) -> str:
    """Return what the rearranged day would be like, in a sentence."""
    plan, goal = shown.plan, Goal(form["goal"].data)
    proven = " No arrangement can do better." if plan.proven else ""
    if goal is Goal.PEAK:
        return f"{plan.before} patients in chairs at the busiest moment now, {plan.value} then.{proven}"
    if goal is Goal.CLOSING:
        ends = [_ends(shown, slots) for slots in (plan.before, plan.value)]
        return f"The last patient leaves at {ends[0]} now, at {ends[1]} then.{proven}"
    return f"{len(shown.places)} of {shown.waiting} doses planned on this day would find a place.{proven}"


def _ends(shown: Rearranged, slots: int) -> str:
    first, second = (point.at.hour * 60 + point.at.minute for point in shown.before[:2])
    return f"{time_of(first + slots * (second - first)):%-H:%M}"
