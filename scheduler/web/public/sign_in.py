"""Signing in."""

from flask import Response, redirect, request, session
from flask.typing import ResponseReturnValue
from wtforms import PasswordField

from scheduler.domain.errors import DomainError
from scheduler.services.front_door import front_door
from scheduler.services.sessions import SignIn
from scheduler.services.sessions import sign_in as open_session
from scheduler.web import context
from scheduler.web.forms import AddressField, Form, required
from scheduler.web.fragments import page
from scheduler.web.gatekeepers import local_path
from scheduler.web.public import public
from scheduler.web.session_cookie import give_cookie


class SignInForm(Form):
    """Address and password."""

    email = AddressField(
        "Work e-mail",
        [required("Enter your work e-mail.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [required("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


@public.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form; who is signed in already goes on."""
    if context.visitor() is not None:
        return redirect(_wanted(), 303)
    return _form(SignInForm())


@public.post("/sign-in")
def sign_in_now() -> ResponseReturnValue:
    """Sign in, or show the form again with one sentence."""
    form = SignInForm()
    if not form.validate():
        return _form(form)
    request_made = SignIn(
        email=form.email.data or "",
        password=form.password.data or "",
        network=request.remote_addr or "",
    )
    try:
        secret = open_session(context.database(), request_made, now=context.system_now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _form(form)
    session.clear()
    return give_cookie(redirect(_wanted(), 303), secret)


def _form(form: SignInForm) -> Response:
    door = front_door(context.database().look())
    silent = context.system_now() - door.last_tick if door and door.last_tick else None
    return page(
        "public/sign_in.html",
        form=form,
        door=door,
        silent_minutes=int(silent.total_seconds() // 60) if silent is not None else None,
        status=form.status,
    )


def _wanted() -> str:
    return local_path(request.args.get("next", "/"))
