"""One-time links by which staff choose a password."""

from flask import Response, redirect, session, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.services.own_account import accept_invitation, invitee
from scheduler.web import context
from scheduler.web.fragments import page
from scheduler.web.new_password import ChoosePasswordForm
from scheduler.web.public import public
from scheduler.web.session_cookie import give_cookie


@public.get("/invitation/<secret>")
def invitation(secret: str) -> Response:
    """Show the form; a link that is unknown, used or over says so with 404."""
    return _form(secret, ChoosePasswordForm())


@public.post("/invitation/<secret>")
def accept(secret: str) -> ResponseReturnValue:
    """Store the password and sign in."""
    form = ChoosePasswordForm()
    if form.validate():
        try:
            cookie = accept_invitation(
                context.database(), secret, form.password.data or "", now=context.system_now()
            )
        except NotFoundError:
            return _over()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            session.clear()
            return give_cookie(redirect(url_for("account.start"), 303), cookie)
    return _form(secret, form)


def _over() -> Response:
    return page("public/invitation_over.html", status=404)


def _form(secret: str, form: ChoosePasswordForm) -> Response:
    try:
        person = invitee(context.database().look(), secret, now=context.system_now())
    except NotFoundError:
        return _over()
    return page("public/invitation.html", form=form, person=person, status=form.status)
