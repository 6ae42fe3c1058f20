"""Renders templates without the app, for looking at pages and for tests of their markup."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scheduler.web.desk.navigation import MAIN, navigation
from scheduler.web.words import FILTERS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class FakeOrganization:
    """What the frame reads of the organization."""

    name: str = "Cedar Hollow"
    is_demonstration: bool = True


@dataclass(frozen=True, slots=True)
class FakeCenter:
    """What the frame reads of the center."""

    name: str = "Infusion center"
    zone: str = "America/Chicago"


@dataclass(frozen=True, slots=True)
class FakeUser:
    """Who is signed in."""

    name: str = "Jo Rask"
    roles: str = "charge nurse"
    initials: str = "JR"
    theme: str = "light"


class FakeBootstrap:
    """Stands in for the Bootstrap extension."""

    def load_css(self) -> Markup:
        """Return the link to Bootstrap's own file."""
        return Markup('<link rel="stylesheet" href="/bootstrap/css/bootstrap.min.css">')


class FakeLinks:
    """Links of the board that lead nowhere."""

    today = print = book = worklist = fix = why = nurses = close = here = "/day"

    def day(self, day: date) -> str:
        """Return a link to a day."""
        return f"/day/{day}"

    def filter(self, code: str) -> str:
        """Return a link to a filter."""
        return f"/day?show={code}"

    def rows(self, height: str) -> str:
        """Return a link to a row height."""
        return f"/day?rows={height}"

    def visit(self, visit: UUID) -> str:
        """Return a link to a visit's details."""
        return f"/day?visit={visit}"

    move = cancel = step = discharge = undo_step = patient = visit


def environment() -> Environment:
    """Return an environment in which a missing value is an error."""
    bare = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    bare.filters.update(FILTERS)
    bare.globals.update(
        url_for=lambda _endpoint, filename="": f"/static/{filename}",
        csrf_token=lambda: "token",
        get_flashed_messages=lambda **_: [],
        bootstrap=FakeBootstrap(),
        _=str,
    )
    return bare


def render(name: str, *, theme: str = "light", current: str = "desk.day", **context: object) -> str:
    """Render a page as somebody sees who is signed in."""
    known = {endpoint for endpoint, _, _ in MAIN}
    counts = {"desk.worklist": 7, "desk.messages": 2}
    return (
        environment()
        .get_template(name)
        .render(
            organization=FakeOrganization(),
            center=FakeCenter(),
            user=FakeUser(theme=theme),
            nav=navigation(known, current=current, counts=counts),
            now=datetime(2026, 3, 17, 10, 40, tzinfo=UTC),
            **context,
        )
    )
