"""The day board's page, its fragment for refreshing, and the day on paper."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from flask import Response, render_template, request

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.people import Viewed
from scheduler.domain.timing import local
from scheduler.services import board as services
from scheduler.services.looks import has_looked
from scheduler.web import context, looks
from scheduler.web.desk import desk
from scheduler.web.desk.board_links import BoardLinks
from scheduler.web.desk.board_reading import DayContext, day_facts
from scheduler.web.desk.board_view import BoardView, Choice, build
from scheduler.web.desk.panel_reading import panel_facts
from scheduler.web.desk.panel_view import Panel, build_panel
from scheduler.web.fragments import not_modified, page, wants_fragment
from scheduler.web.words import clock

STEADY_MINUTES = 5
FARTHEST = timedelta(days=3 * 366)
STAYS_OPEN = timedelta(hours=12)
"""So long the refreshes of a visit opened on the board are the same look."""


@desk.get("/day")
def day() -> Response:
    """Show a day: today, or the one in ``day``; answers 304 when nothing that it shows has changed."""
    on = _asked_day()
    choice = _asked_choice()
    etag = _etag(on, choice)
    if answer := not_modified(etag):
        return answer
    board = _board(on, choice)
    return page(
        "desk/day.html",
        fragment="desk/_board.html",
        etag=etag,
        board=board,
        panel=_panel(board),
        links=BoardLinks(on=on, choice=choice),
    )


@desk.get("/day/print")
def print_day() -> str:
    """Show a day on paper: a line per visit with empty boxes for the real times."""
    on = _asked_day()
    who = context.visitor()
    at = context.local_now()
    return render_template(
        "desk/print_day.html",
        board=_board(on, Choice()),
        links=BoardLinks(on=on, choice=Choice()),
        printed=f"Printed {clock(at)}{f' by {who.name}' if who else ''}",
        phones="",
    )


def _asked_day() -> date:
    """Return the day asked for.

    Raises:
        NotFoundError: it is no date, or years away.
    """
    text = request.args.get("day", "")
    today = context.today()
    try:
        asked = date.fromisoformat(text) if text else today
    except ValueError:
        raise NotFoundError("day") from None
    if abs(asked - today) > FARTHEST:
        raise NotFoundError("day")
    return asked


def _asked_choice() -> Choice:
    try:
        selected = UUID(request.args.get("visit", ""))
    except ValueError:
        selected = None
    return Choice(
        show=request.args.get("show", "all"),
        nurse=request.args.get("nurse", ""),
        compact=request.args.get("rows") == "compact",
        selected=selected,
    )


def _etag(on: date, choice: Choice) -> str:
    """Return what the page depends on; the now line moves every five minutes, so that is part of it."""
    revision = services.revision_of(context.read_uow(), context.center_id(), on)
    at = context.local_now()
    roles = "-".join(sorted(context.actor().roles))
    steady = f"{at:%Y%m%d%H}{at.minute // STEADY_MINUTES}"
    look = f"{choice.show}.{choice.nurse}.{choice.compact:d}.{choice.selected or ''}"
    part = "part" if wants_fragment() else "page"
    facts = f"{context.center_id()} {on} {steady} {roles} {context.language()} {look} {part}"
    return f"{revision}-{sha256(facts.encode()).hexdigest()[:20]}"


def _board(on: date, choice: Choice) -> BoardView:
    read = services.read_day(context.read_uow(), context.center_id(), on, context.zone())
    known = DayContext(day=on, now=context.now(), zone=context.zone(), curve=read.curve)
    return build(day_facts(read, known), choice)


def _panel(board: BoardView) -> Panel | None:
    block = board.selected
    if block is None:
        return None
    visit_id = AppointmentId(block.id)
    read = services.read_panel(context.read_uow(), context.center_id(), visit_id)
    if read is None:
        return None
    if not _is_refresh(visit_id):
        looks.shows(Viewed.VISIT, visit_id)
    return build_panel(block, panel_facts(read, block, local(context.now(), context.zone())))


def _is_refresh(visit_id: AppointmentId) -> bool:
    """Say whether the board asks by itself for a visit that the person opened on it: what was sent is not enough."""
    if not request.if_none_match:
        return False
    since, who = context.now() - STAYS_OPEN, context.actor()
    return has_looked(context.read_uow(), Viewed.VISIT, visit_id, since=since, actor=who)
