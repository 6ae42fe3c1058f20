"""Locking, unlocking, changing the center and signing out."""

from uuid import UUID

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import CenterId
from scheduler.services.sessions import choose_center, end_session, lock_session, unlock_session
from scheduler.web import context
from scheduler.web.account import account
from scheduler.web.gatekeepers import local_path, locked_page
from scheduler.web.session_cookie import take_cookie

REPEAT = 307


@account.get("/")
def start() -> ResponseReturnValue:
    """Go to the day board."""
    return redirect("/day", 303)


@account.post("/session/lock")
def lock() -> ResponseReturnValue:
    """Lock the session until its person types the password."""
    person = context.signed_in()
    lock_session(context.unit_of_work(), person.session_id, now=context.system_now())
    if "X-CSRFToken" in request.headers:  # a script asks, which lays the lock over its own page
        return Response("", 204)
    return redirect(url_for("account.start"), 303)


@account.post("/session/unlock")
def unlock() -> ResponseReturnValue:
    """Unlock; from the page that asked, go on with what was typed: a form is sent again as it was."""
    person = context.signed_in()
    password = request.form.get("password", "")
    try:
        unlock_session(context.database(), person, password, now=context.system_now())
    except DomainError as refusal:
        if "next" in request.args:
            return locked_page(person, problem=str(refusal))
        return Response(str(refusal), refusal.status, mimetype="text/plain")
    if "next" not in request.args:
        return Response("", 204)
    again = REPEAT if request.args.get("repeat") else 303
    return redirect(local_path(request.args["next"]), again)


@account.post("/session/center/<uuid:center_id>")
def change_center(center_id: UUID) -> ResponseReturnValue:
    """Go on at another center of the organization."""
    choose_center(context.unit_of_work(), context.signed_in(), CenterId(center_id))
    return redirect(url_for("account.start"), 303)


@account.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    person = context.signed_in()
    end_session(
        context.unit_of_work(), person.session_id, now=context.system_now(), actor=person.actor
    )
    session.clear()
    return take_cookie(redirect(url_for("public.sign_in"), 303))
