"""What a patient sees behind a mail's link: the birth date first, then the visit, and three answers."""

from dataclasses import replace
from datetime import date
from typing import Any

from babel.dates import format_date, format_datetime
from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.domain.errors import DomainError
from scheduler.messaging.texts import html_of
from scheduler.services import links
from scheduler.services.links import Answer, LinkClosedError
from scheduler.services.throttling import Limit, TooManyTriesError, count_try
from scheduler.services.visit_page import calendar_of, visit_page
from scheduler.web import context
from scheduler.web.fragments import page
from scheduler.web.gatekeepers import link, link_is_open, open_link
from scheduler.web.languages import LANGUAGES
from scheduler.web.patient import patient

MOST_TRIES = 5


@patient.get("/v/<secret>/birth-date")
def birth_date(secret: str) -> ResponseReturnValue:
    """Ask for the birth date; nothing of the visit is shown before."""
    _speak()
    if link_is_open():
        return redirect(url_for("patient.visit", secret=secret), 303)
    return _birth_date_page(secret, "", 200)


@patient.post("/v/<secret>/birth-date")
def check_birth_date(secret: str) -> ResponseReturnValue:
    """Open the link for a while when the birth date is right."""
    _speak()
    typed = _typed_day()
    if typed is None:
        words = _("This is not a day of the calendar. Write the month and the day as numbers.")
        return _birth_date_page(secret, words, 422)
    try:
        limit = Limit(purpose="birth date", subject=link().link_id.hex, most=MOST_TRIES)
        count_try(context.database().system(), (limit,), now=context.system_now())
        right = links.check_birth_date(context.unit_of_work(), link(), typed, now=context.now())
    except TooManyTriesError:
        return _birth_date_page(
            secret, _("Too many tries. Please wait a quarter of an hour, or call us."), 429
        )
    except LinkClosedError:
        return _birth_date_page(
            secret, _("Too many wrong dates. Please call us; the link is closed now."), 403
        )
    if not right:
        return _birth_date_page(
            secret, _("This is not the birth date we have. Please try again."), 422
        )
    open_link()
    return redirect(url_for("patient.visit", secret=secret), 303)


@patient.get("/v/<secret>")
def visit(secret: str) -> Response:
    """Show the visit."""
    _speak()
    return _visit_page(secret, "", 200)


@patient.post("/v/<secret>/answer")
def answer(secret: str) -> ResponseReturnValue:
    """Keep whether the patient comes, cannot come, or wants a call."""
    _speak()
    try:
        said = Answer(request.form.get("answer", ""))
        links.answer_visit(context.unit_of_work(), link(), said, now=context.now())
    except ValueError:
        return _visit_page(secret, _("Please choose one of the answers."), 422)
    except DomainError as refusal:
        words = _("This visit cannot be answered any more. Please call us.")
        return _visit_page(secret, words, refusal.status)
    return redirect(url_for("patient.visit", secret=secret), 303)


@patient.get("/v/<secret>/visit.ics")
def calendar(secret: str) -> Response:
    """Return the visit for a calendar, in neutral words."""
    base = request.host_url.rstrip("/")
    entry = calendar_of(context.read_uow(), link(), base, now=context.now())
    made = Response(entry, mimetype="text/calendar")
    made.headers["Content-Disposition"] = f'attachment; filename="visit-{secret[:4]}.ics"'
    return made


@patient.get("/s/<secret>")
def stop(secret: str) -> Response:
    """Ask whether mails shall stop; a link alone changes nothing."""
    _speak()
    return page("patient/stop.html", secret=secret, done=False, **_frame(secret))


@patient.post("/s/<secret>")
def stop_now(secret: str) -> Response:
    """Stop the mails; also what a mail program's own button calls."""
    _speak()
    links.stop_mails(context.unit_of_work(), link(), now=context.now())
    return page("patient/stop.html", secret=secret, done=True, **_frame(secret))


def _speak() -> None:
    wanted = request.args.get("lang", "")
    context.speak(wanted if wanted in LANGUAGES else link().language)


def _typed_day() -> date | None:
    try:
        parts = [int(request.form.get(name, "").strip()) for name in ("year", "month", "day")]
        return date(*parts)
    except (ValueError, TypeError, OverflowError):
        return None


def _frame(secret: str) -> dict[str, Any]:
    """Return what the frame of every patient page shows."""
    other = "es" if context.language() == "en" else "en"
    endpoint = request.endpoint or "patient.visit"
    shown = {"patient.check_birth_date": "patient.birth_date", "patient.answer": "patient.visit"}
    url = url_for(shown.get(endpoint, endpoint), secret=secret, lang=other)
    return {
        "neutral_name": link().neutral_name,
        "phone": link().phone,
        "phone_link": "".join(sign for sign in link().phone if sign.isdigit() or sign == "+"),
        "language": context.language(),
        "other_language": {"words": LANGUAGES[other], "code": other, "url": url},
        "lang": context.language(),
        "organization": {"is_demonstration": link().is_demonstration},
    }


def _birth_date_page(secret: str, problem: str, status: int) -> Response:
    return page(
        "patient/birth_date.html",
        status=status,
        secret=secret,
        problem=problem,
        typed=request.form,
        **_frame(secret),
    )


def _visit_page(secret: str, problem: str, status: int) -> Response:
    language = context.language()
    holder = replace(link(), language=language)
    found = visit_page(context.read_uow(), holder, now=context.now())
    if found is None:
        return page("patient/no_visit.html", secret=secret, **_frame(secret))
    starts = found.starts_at.astimezone(context.zone())
    return page(
        "patient/visit.html",
        status=status,
        secret=secret,
        problem=problem,
        visit=found,
        day=format_date(starts.date(), "full", locale=language),
        clock=format_datetime(starts, "h:mm a", locale=language, tzinfo=context.zone()),
        sections=[(each.title, html_of(each.full)) for each in found.sections],
        others=[
            format_datetime(
                each.starts_at, "EEEE, d MMMM y, h:mm a", locale=language, tzinfo=context.zone()
            )
            for each in found.others
        ],
        **_frame(secret),
    )
