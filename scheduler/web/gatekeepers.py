"""Who may enter: one gatekeeper an audience, called before each of its pages."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from flask import (
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from scheduler.domain.errors import NotAllowedError, NotFoundError
from scheduler.domain.roles import Permission
from scheduler.domain.timing import Instant
from scheduler.services.link_holders import LinkHolder, recognize_link
from scheduler.services.sessions import SignedIn, recognize, touch_session
from scheduler.services.tokens import recognize_token
from scheduler.web import context
from scheduler.web.context import Caller
from scheduler.web.fragments import wants_fragment

Gatekeeper = Callable[[], ResponseReturnValue | None]

COOKIE = "scheduler_session"
LOCKED = 423
BEFORE_BIRTH_DATE = (
    "patient.birth_date",
    "patient.check_birth_date",
    "patient.stop",
    "patient.stop_now",
    "patient.not_mine",
)
OPEN_FOR_SECONDS = 30 * 60
FIRST_PRINTABLE = ord(" ")
NOT_KEPT = ("csrf_token", "password")


def desk_gate() -> ResponseReturnValue | None:
    """Let signed-in people in whose page is not locked."""
    person = recognized()
    if person is None:
        return _to_sign_in()
    if person.locked:
        return locked_page(person)
    context.signed_in().actor.require(Permission.READ)
    return None


def manager_gate() -> ResponseReturnValue | None:
    """Let in who may manage staff or the center; each page's service asks for its own permission."""
    answer = desk_gate()
    if answer is not None:
        return answer
    actor = context.actor()
    if not (actor.may(Permission.MANAGE_STAFF) or actor.may(Permission.MANAGE_CENTER)):
        raise NotAllowedError("These pages are for managers.")
    return None


def account_gate() -> ResponseReturnValue | None:
    """Let signed-in people in to lock, unlock and sign out, locked pages too."""
    person = recognized()
    if person is None:
        return _to_sign_in()
    if person.locked and request.endpoint not in (
        "account.lock",
        "account.unlock",
        "account.sign_out",
    ):
        return locked_page(person)
    return None


def api_gate() -> ResponseReturnValue | None:
    """Let a bearer token in.

    Raises:
        Unauthorized: no token, or one that is over.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    holder = None
    if scheme.lower() == "bearer" and secret.strip():
        look = context.database().look()
        holder = recognize_token(look, secret.strip(), now=context.system_now())
    if holder is None:
        raise Unauthorized("Send a token: Authorization: Bearer ...")
    context.let_in(
        Caller(
            organization_id=holder.organization_id,
            center_id=holder.center_id,
            zone=holder.zone,
            clock_offset_seconds=holder.clock_offset_seconds,
            actor=holder.actor,
        )
    )
    return None


def public_gate() -> ResponseReturnValue | None:
    """Let everybody in; who is signed in already is known."""
    recognized()
    return None


def recognized() -> SignedIn | None:
    """Return the signed-in person of the cookie, noting who it is."""
    secret = request.cookies.get(COOKIE, "")
    if not secret:
        return None
    person = recognize(context.database().look(), secret, now=context.system_now())
    if person is not None:
        context.let_in(
            Caller(
                organization_id=person.organization_id,
                center_id=person.center_id,
                zone=person.zone,
                clock_offset_seconds=person.clock_offset_seconds,
                actor=person.actor,
            ),
            person,
        )
    return person


def note_presence(answer: Response) -> Response:
    """Write that the person is there, once a minute; a script's refresh is not a person."""
    person = context.visitor()
    if person is not None and person.stale and not person.locked and not wants_fragment():
        touch_session(context.unit_of_work(), person.session_id, now=context.system_now())
    return answer


def locked_page(person: SignedIn, *, problem: str = "") -> Response:
    """Return the page that asks for the password and keeps what was typed in hidden fields."""
    if wants_fragment():
        return make_response("Locked", LOCKED)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    wanted = local_path(request.args.get("next", "")) if problem else request.full_path.rstrip("?")
    shown = render_template(
        "public/locked.html",
        person=person,
        kept=kept,
        wanted=wanted,
        problem=problem,
        repeat=request.method == "POST",
    )
    return make_response(shown, LOCKED)


def _to_sign_in() -> ResponseReturnValue:
    if wants_fragment():
        return make_response("Signed out", 401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    wanted = "" if wanted == "/" else wanted
    return redirect(url_for("public.sign_in", next=wanted or None), 303)


def local_path(wanted: str) -> str:
    """Return a path of this application, or "/" for anything else: nobody is sent elsewhere."""
    if any(ord(c) < FIRST_PRINTABLE for c in wanted):
        return "/"  # no header can carry it
    parts = urlsplit(wanted)
    outside = parts.scheme or parts.netloc or not wanted.startswith("/")
    return "/" if outside or wanted.startswith("//") or "\\" in wanted else wanted


def link_gate() -> ResponseReturnValue | None:
    """Let the holder of a mail's link in; beyond the birth date only who has typed it.

    Every address of the audience names the link's ``<secret>``.

    Raises:
        NotFoundError: the link is unknown, over or revoked; all answer the same.
    """
    secret = str((request.view_args or {}).get("secret", ""))
    holder = recognize_link(context.database().look(), secret, now=context.system_now())
    if holder is None:
        raise NotFoundError("page")
    g.link = holder
    context.speak(holder.language)
    context.let_in(
        Caller(
            organization_id=holder.organization_id,
            center_id=holder.center_id,
            zone=holder.zone,
            clock_offset_seconds=holder.clock_offset_seconds,
            actor=holder.actor,
        )
    )
    if request.endpoint in BEFORE_BIRTH_DATE or link_is_open():
        return None
    # what was pressed is lost: the page says so
    again = 1 if request.method == "POST" else None
    return redirect(url_for("patient.birth_date", secret=secret, again=again), 303)


def link() -> LinkHolder:
    """Return whom the link of this request stands for."""
    return cast(LinkHolder, g.link)


def open_link() -> None:
    """Note that the birth date was right: this browser may see the pages behind the link for a while."""
    session["links"] = {
        **session.get("links", {}),
        link().link_id.hex: _seconds(context.system_now()),
    }


def link_is_open() -> bool:
    """Say whether this browser gave the birth date a short time ago."""
    since = session.get("links", {}).get(link().link_id.hex)
    return since is not None and _seconds(context.system_now()) - int(since) < OPEN_FOR_SECONDS


def _seconds(at: Instant) -> int:
    return int(at.timestamp())
