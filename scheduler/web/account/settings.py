"""Own password, theme, language and keys."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField

from scheduler.domain.errors import DomainError
from scheduler.services.own_account import (
    ChangePassword,
    Preferences,
    change_password,
    set_preferences,
)
from scheduler.web import context
from scheduler.web.account import account
from scheduler.web.forms import Form, choice, required
from scheduler.web.fragments import page
from scheduler.web.new_password import ChoosePasswordForm

THEMES = (("system", "As the computer is set"), ("light", "Light"), ("dark", "Dark"))


class PreferencesForm(Form):
    """How a person likes the pages."""

    theme = choice("Theme", THEMES)
    shortcuts = BooleanField("Single keys on the day board (M moves, A arrives ...)")


class PasswordForm(ChoosePasswordForm):
    """The present password, and a new one twice."""

    old = PasswordField(
        "Present password",
        [required("Enter your present password.")],
        render_kw={"autocomplete": "current-password"},
    )


@account.get("/account")
def settings() -> Response:
    """Show both forms."""
    return _shown(_preferences(), PasswordForm(formdata=None))


@account.get("/account/settings")
def settings_again() -> ResponseReturnValue:
    """Lead a reloaded form back to the page."""
    return redirect(url_for("account.settings"), 303)


@account.post("/account/settings")
def save_settings() -> ResponseReturnValue:
    """Store how the person likes the pages."""
    form = PreferencesForm()
    if not form.validate():
        return _shown(form, PasswordForm(formdata=None))
    wanted = Preferences(theme=form.theme.data, shortcuts=bool(form.shortcuts.data))
    set_preferences(context.unit_of_work(), context.signed_in().staff_id, wanted)
    flash("Saved.", "ok")
    return redirect(url_for("account.settings"), 303)


@account.post("/account/password")
def save_password() -> ResponseReturnValue:
    """Change the person's own password."""
    form = PasswordForm()
    if form.validate():
        wanted = ChangePassword(old=form.old.data or "", new=form.password.data or "")
        try:
            change_password(
                context.database(), context.signed_in(), wanted, now=context.system_now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Your password is changed; other browsers are signed out.", "ok")
            return redirect(url_for("account.settings"), 303)
    return _shown(_preferences(), form)


def _preferences() -> PreferencesForm:
    return PreferencesForm(formdata=None, obj=context.signed_in())


def _shown(preferences: PreferencesForm, password: PasswordForm) -> Response:
    status = max(preferences.status, password.status)
    return page("account/settings.html", preferences=preferences, password=password, status=status)
