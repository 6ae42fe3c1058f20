"""The visit behind a mail's link, and the patient's three answers."""

from dataclasses import replace

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.domain.errors import DomainError
from scheduler.domain.people import Viewed
from scheduler.services import links
from scheduler.services.link_holders import LinkHolder
from scheduler.services.links import Answer
from scheduler.services.visit_page import calendar_of, visit_page
from scheduler.web import context, looks
from scheduler.web.gatekeepers import link
from scheduler.web.patient import patient
from scheduler.web.patient.frame import show
from scheduler.web.patient.visit_words import in_words


@patient.get("/v/<secret>")
def visit(secret: str) -> Response:  # noqa: ARG001 - the gate has read it
    """Show the visit as it stands now."""
    return _visit_page("", 200)


@patient.post("/v/<secret>/answer")
def answer(secret: str) -> ResponseReturnValue:
    """Keep whether the patient comes, cannot come, or wants a call."""
    try:
        said = Answer(request.form.get("answer", ""))
    except ValueError:
        return _visit_page(_("Please choose one of the answers."), 422)
    try:
        links.answer_visit(context.unit_of_work(), link(), said, now=context.now())
    except DomainError as refusal:
        words = _("This visit cannot be answered any more. Please call us.")
        return _visit_page(words, refusal.status)
    return redirect(url_for("patient.visit", secret=secret), 303)


@patient.get("/v/<secret>/visit.ics")
def calendar(secret: str) -> ResponseReturnValue:
    """Return the visit for a calendar, in neutral words."""
    base = context.runtime().settings.public_url
    entry = calendar_of(context.read_uow(), _reader(), base, now=context.now())
    if not entry:
        return redirect(url_for("patient.visit", secret=secret), 303)
    looks.shows(Viewed.PATIENT, link().patient_id)
    made = Response(entry, mimetype="text/calendar")
    made.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return made


def _reader() -> LinkHolder:
    return replace(link(), language=context.language())


def _visit_page(problem: str, status: int) -> Response:
    found = visit_page(context.read_uow(), _reader(), now=context.now())
    if found is None:
        return show("patient/no_visit.html", status=status)
    looks.shows(Viewed.PATIENT, link().patient_id)
    words = in_words(found, today=context.today())
    return show("patient/visit.html", status=status, visit=found, said=words, problem=problem)
