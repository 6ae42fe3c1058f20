"""What the organization chose: bookings without a prior authorization, and a second signature."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from scheduler.services.authorized import (
    BookingRules,
    Unauthorized,
    booking_rules,
    choose_booking_rules,
)
from scheduler.web import context
from scheduler.web.admin import admin
from scheduler.web.forms import Form, choice
from scheduler.web.fragments import page

WORDS = (
    (Unauthorized.ALLOWED.value, "Booked like any other, and shown as not ready"),
    (Unauthorized.TENTATIVE.value, "Held as tentative until one holds"),
    (Unauthorized.REFUSED.value, "Refused"),
)


class RulesForm(Form):
    """The organization's choices."""

    unauthorized = choice("A booking for which no prior authorization holds is", WORDS)
    second_approval = BooleanField("A regimen needs the signatures of two pharmacists")


@admin.get("/rules")
def rules() -> Response:
    """Show what was chosen."""
    chosen = booking_rules(context.read_uow())
    form = RulesForm(
        formdata=None,
        unauthorized=chosen.unauthorized.value,
        second_approval=chosen.second_approval,
    )
    return page("admin/rules.html", form=form)


@admin.post("/rules")
def save_rules() -> ResponseReturnValue:
    """Choose."""
    form = RulesForm()
    if not form.validate():
        return page("admin/rules.html", status=form.status, form=form)
    wanted = BookingRules(
        unauthorized=Unauthorized(form.unauthorized.data),
        second_approval=form.second_approval.data,
    )
    choose_booking_rules(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
    flash("Saved. It holds from the next booking and signature on.", "ok")
    return redirect(url_for("admin.rules"), 303)
