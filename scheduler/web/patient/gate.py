"""The birth date before anything else; links that do not open."""

from datetime import date

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from scheduler.domain.errors import NotFoundError
from scheduler.services import links
from scheduler.services.link_holders import whom_to_call
from scheduler.services.links import MOST_FAILURES, LinkClosedError
from scheduler.services.throttling import Limit, TooManyTriesError, count_try, forget_tries
from scheduler.web import context
from scheduler.web.fragments import page
from scheduler.web.gatekeepers import link, link_gate, link_is_open, open_link
from scheduler.web.languages import LANGUAGES
from scheduler.web.patient import patient
from scheduler.web.patient.frame import show, speak


@patient.get("/v/<secret>/birth-date")
def birth_date(secret: str) -> ResponseReturnValue:
    """Ask for the birth date; nothing of the visit is shown before."""
    if link_is_open():
        return redirect(url_for("patient.visit", secret=secret), 303)
    again = _("30 minutes have passed. Please enter the birth date again, then press again.")
    return _ask(again if "again" in request.args else "", 200)


@patient.post("/v/<secret>/birth-date")
def check_birth_date(secret: str) -> ResponseReturnValue:
    """Open the link for a while when the birth date is right."""
    typed = _typed_day()
    if typed is None:
        return _ask(_("This day does not exist. Write month, day and year as numbers."), 422)
    try:
        right = _is_right(typed)
    except TooManyTriesError:
        return _ask(_("Too many tries. Please wait 15 minutes, or call us."), 429)
    except LinkClosedError:
        return show("patient/closed.html", status=403)
    if not right:
        return _ask(_wrong(links.tries_left(context.read_uow(), link())), 422)
    open_link()
    return redirect(url_for("patient.visit", secret=secret), 303)


def _wrong(left: int) -> str:
    if left == 1:
        return str(_("This is not the birth date we have. 1 try is left."))
    return str(_("This is not the birth date we have. %(left)s tries are left.", left=left))


def _is_right(typed: date) -> bool:
    limit = Limit(purpose="birth date", subject=link().link_id.hex, most=MOST_FAILURES)
    everywhere = context.database().system()
    count_try(everywhere, (limit,), now=context.system_now())
    right = links.check_birth_date(context.unit_of_work(), link(), typed, now=context.now())
    if right:
        forget_tries(context.database().system(), limit)
    return right


def _typed_day() -> date | None:
    try:
        year, month, day = (int(request.form.get(name, "")) for name in ("year", "month", "day"))
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _ask(problem: str, status: int) -> Response:
    return show(
        "patient/birth_date.html",
        status=status,
        problem=problem,
        typed=request.form,
        tries=MOST_FAILURES,
    )


@patient.errorhandler(CSRFError)
def form_too_old(_error: CSRFError) -> ResponseReturnValue:
    """Ask again when the form's token is gone: an old page, or a browser without cookies."""
    try:
        link_gate()
    except NotFoundError:
        return link_over(NotFoundError("page"))
    speak()
    words = _("The page was open too long, or your browser keeps no cookies. Please try again.")
    return _ask(words, 400)


@patient.errorhandler(NotFoundError)
def link_over(_error: NotFoundError) -> ResponseReturnValue:
    """Say kindly that a link does not open, and whom to call; unknown, over and revoked look alike."""
    secret = str((request.view_args or {}).get("secret", ""))
    call = whom_to_call(context.database().look(), secret)
    wanted = request.args.get("lang", "") or (call.language if call else "")
    fallback = request.accept_languages.best_match(list(LANGUAGES), "en")
    context.speak(wanted if wanted in LANGUAGES else str(fallback))
    return page("patient/link_over.html", status=404, call=call, language=context.language())
