"""The coming nine months: each week's need against its room, and planned days spread inside windows."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import DoseId
from scheduler.domain.look_ahead import FULL, WeekAhead
from scheduler.domain.names import day_typed
from scheduler.services.looking_ahead import Ahead, NewPlannedDay, read_ahead, refused_doses
from scheduler.services.spreading import (
    LeveledDose,
    SpreadDoses,
    SpreadRefusedError,
    spread_doses,
)
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.weeks_chart import draw_weeks
from scheduler.web.forms import OnceForm
from scheduler.web.fragments import page


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWeek:
    """A line of the table."""

    week: WeekAhead
    booked: int

    @property
    def verdict(self) -> tuple[str, str]:
        """Whether the week holds what is planned, in words and tone."""
        short = counted(self.week.short, "dose")
        if self.week.short:
            return f"cannot hold {short}", "stop"
        if not self.week.holds:
            return "holds once spread", "wait"
        return ("holds", "ok") if self.week.open_days else ("closed", "")


@desk.get("/look-ahead")
def look_ahead() -> Response:
    """Show the weeks ahead."""
    return _page(OnceForm(formdata=None))


@desk.post("/look-ahead")
def spread() -> ResponseReturnValue:
    """Change the chosen planned days; when a dose changed meanwhile, show what changed."""
    form = OnceForm()
    changed: tuple[tuple[str, str], ...] = ()
    try:
        wanted = SpreadDoses(
            center_id=context.center_id(),
            doses=read_doses(request.form.getlist("dose")),
            idempotency_key=form.idempotency_key.data or None,
        )
        spread_doses(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
        done = counted(len(wanted.doses), "planned day")
        flash(f"{done} changed. What is booked next starts from there; no booking has moved.", "ok")
        return redirect(url_for("desk.look_ahead"), 303)
    except SpreadRefusedError as refusal:
        form.refuse(refusal)
        form.renew()
        changed = refused_doses(context.read_uow(), refusal)
    except DomainError as refusal:
        form.refuse(refusal)
    return _page(form, changed)


def read_doses(values: list[str]) -> tuple[LeveledDose, ...]:
    """Return the doses that were checked.

    Raises:
        InvalidError: not what the page sent.
    """
    try:
        return tuple(map(_read, values))
    except ValueError:
        raise InvalidError("Look at the proposal again; it could not be read.") from None


def _read(text: str) -> LeveledDose:
    dose, version, day = text.split("/")
    typed = day_typed(day)
    if typed is None:
        raise ValueError(day)
    return LeveledDose(dose_id=DoseId(UUID(hex=dose)), version=int(version), day=typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMove:
    """A line of the proposal, and what its check box sends."""

    line: NewPlannedDay
    value: str


def _page(form: OnceForm, changed: tuple[tuple[str, str], ...] = ()) -> Response:
    ahead = read_ahead(
        context.read_uow(), context.center_id(), now=context.now(), actor=context.actor()
    )
    return page(
        "desk/look_ahead.html",
        status=form.status,
        form=form,
        changed=changed,
        weeks=_weeks(ahead),
        chart=draw_weeks(ahead.found.weeks, FULL),
        moves=tuple(
            ShownMove(line=line, value=f"{line.dose_id.hex}/{line.version}/{line.to.isoformat()}")
            for line in ahead.moves
        ),
        full=round(100 * FULL),
        week=timedelta(days=6),
    )


def _weeks(ahead: Ahead) -> tuple[ShownWeek, ...]:
    return tuple(
        ShownWeek(week=week, booked=ahead.booked.get(week.monday, 0)) for week in ahead.found.weeks
    )
