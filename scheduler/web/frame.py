"""What the base templates read: organization, center, person, links, time and undo."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import Flask, current_app, g, request, url_for

from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Permission
from scheduler.services.frame import Frame, frame_of
from scheduler.services.sessions import SignedIn
from scheduler.web import context
from scheduler.web.desk.navigation import Navigation, NavLink, navigation
from scheduler.web.words import FILTERS, initials

LOCALES = {"en": "en-US", "es": "es-US"}
FOR_MANAGERS = ("admin.",)
FOR_CHARGE_NURSES = {"desk.look_ahead", "desk.rearrange", "desk.replan"}
OF_THE_CENTER = ("admin.center",)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationShown:
    """The organization as templates read it."""

    name: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterShown:
    """The center as templates read it."""

    name: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """The signed-in person as templates read it."""

    name: str
    roles: str
    initials: str
    theme: str
    shortcuts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoShown:
    """The undo bar."""

    words: str
    url: str
    seconds: int


class LazyNavigation:
    """The links; what they count is asked only by pages that show them."""

    @cached_property
    def _built(self) -> Navigation:
        frame = _frame()
        counts = {"desk.worklist": frame.tasks, "desk.messages": frame.undeliverable}
        return navigation(_open_to_me(), current=request.endpoint or "", counts=counts)

    @property
    def links(self) -> tuple[NavLink, ...]:
        """The bar's links."""
        return self._built.links

    @property
    def account(self) -> tuple[NavLink, ...]:
        """The menu's links."""
        return self._built.account

    @property
    def find_url(self) -> str:
        """Where the find box asks."""
        known = "desk.patients" in current_app.view_functions
        return url_for("desk.patients") if known else "/patients"


def register(app: Flask) -> None:
    """Give templates the frame and our filters."""
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(_shown)


def _shown() -> dict[str, object]:
    """Return what templates read; nothing here asks the database before a template does."""
    common: dict[str, object] = {"language": LOCALES.get(context.language(), "en-US")}
    person = context.visitor()
    if person is None:
        return {"organization": None, "center": None, "user": None, "now": None, **common}
    return {
        "organization": OrganizationShown(
            name=person.organization_name,
            is_demonstration=person.mode is OrganizationMode.DEMONSTRATION,
        ),
        "center": CenterShown(name=person.center_name, zone=person.zone),
        "user": _person(person),
        "now": _now(),
        "nav": LazyNavigation(),
        "undo": LazyUndo(),
        "idle_minutes": person.idle_minutes,
        **common,
    }


def _now() -> datetime:
    return context.local_now()


def _person(person: SignedIn) -> PersonShown:
    return PersonShown(
        name=person.name,
        roles=", ".join(sorted(role.words for role in person.roles)),
        initials=initials(person.name),
        theme=person.theme,
        shortcuts=person.shortcuts,
    )


def _frame() -> Frame:
    if "frame" not in g:
        g.frame = frame_of(
            context.read_uow(), context.center_id(), now=context.now(), actor=context.actor()
        )
    found: Frame = g.frame
    return found


class LazyUndo:
    """The undo bar, false when there is nothing to undo."""

    @cached_property
    def _shown(self) -> UndoShown | None:
        undo = _frame().undo
        if undo is None or "desk.undo" not in current_app.view_functions:
            return None
        return UndoShown(
            words=undo.words,
            url=url_for("desk.undo", change_id=undo.change_id),
            seconds=undo.seconds,
        )

    def __bool__(self) -> bool:
        return self._shown is not None

    def __getattr__(self, name: str) -> object:
        return getattr(self._shown, name)


def _open_to_me() -> set[str]:
    mine = set(current_app.view_functions)
    actor = context.actor()
    center = {endpoint for endpoint in mine if endpoint.startswith(OF_THE_CENTER)}
    if not actor.may(Permission.MANAGE_STAFF):
        mine = {endpoint for endpoint in mine if not endpoint.startswith(FOR_MANAGERS)} | center
    if not actor.may(Permission.MANAGE_CENTER):
        mine -= FOR_CHARGE_NURSES | center
    return mine
