"""Setting a center up: hours, chairs, nurses and limits, each with what it does to booked days."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError
from scheduler.domain.hours import WEEKDAYS, WeekHours
from scheduler.domain.ids import ChairId, StaffId
from scheduler.services import center_chairs, center_hours, center_limits, center_shifts
from scheduler.services.center_effects import DayEffect, days_over
from scheduler.services.sample_day import sample_day
from scheduler.web import context
from scheduler.web.admin import admin
from scheduler.web.admin.center_forms import (
    HOURS,
    STEPS,
    ChairForm,
    SinceForm,
    chair_form,
    hours_form,
    hours_wanted,
    limits_form,
    limits_wanted,
    shifts_form,
    shifts_wanted,
)
from scheduler.web.admin.sample_view import draw_sample
from scheduler.web.forms import Form
from scheduler.web.fragments import page

SHOWN = 14


@admin.get("/center")
def center() -> Response:
    """Show how the center is set up, and the booked days that do not fit it."""
    here, today, now = context.center_id(), context.today(), context.now()
    with context.read_uow() as uow:
        weeks = center_hours.weeks_of(uow, here)
        over = days_over(uow, here, now=now)
        return page(
            "admin/center.html",
            weeks=weeks,
            in_force=_in_force(weeks, today),
            weekdays=WEEKDAYS,
            chairs=center_chairs.list_chairs(uow, here, now=now),
            nurses=center_shifts.list_nurses(uow, here, today),
            limits=center_limits.limits_in_force(uow, here, today),
            over=over[:SHOWN],
            more=max(0, len(over) - SHOWN),
        )


def _in_force(weeks: tuple[WeekHours, ...], on: date) -> WeekHours | None:
    known = [week for week in weeks if week.effective_from <= on]
    return max(known, key=lambda week: week.effective_from, default=None)


@admin.get("/center/hours")
def center_hours_form() -> Response:
    """Show the hours of the week."""
    return _hours(_hours_form())


@admin.post("/center/hours")
def save_hours() -> ResponseReturnValue:
    """Set the hours from a day on."""
    form = _hours_form()

    def save(since: date) -> tuple[DayEffect, ...]:
        wanted = hours_wanted(form, context.center_id(), since)
        return center_hours.set_hours(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )

    return _saved_since(form, save) or _hours(form)


def _hours_form() -> SinceForm:
    weeks = center_hours.weeks_of(context.read_uow(), context.center_id())
    return hours_form(_in_force(weeks, context.today()), context.today())


def _hours(form: SinceForm) -> Response:
    return page(
        "admin/center_hours.html", status=form.status, form=form, weekdays=WEEKDAYS, parts=HOURS
    )


@admin.get("/center/chairs/new")
def center_new_chair() -> Response:
    """Show the form for a new chair."""
    return _chair(ChairForm(formdata=None), None)


@admin.post("/center/chairs/new")
def add_chair() -> ResponseReturnValue:
    """Add a chair, bed or room."""
    form = ChairForm()
    return _saved(form, lambda: _save_chair(form, None)) or _chair(form, None)


@admin.get("/center/chairs/<uuid:chair_id>")
def center_chair(chair_id: UUID) -> Response:
    """Show a chair."""
    return _chair(chair_form(_chair_line(chair_id)), ChairId(chair_id))


@admin.post("/center/chairs/<uuid:chair_id>")
def save_chair(chair_id: UUID) -> ResponseReturnValue:
    """Change a chair, or give it up."""
    form = chair_form(_chair_line(chair_id))
    return _saved(form, lambda: _save_chair(form, ChairId(chair_id))) or _chair(
        form, ChairId(chair_id)
    )


def _chair_line(chair_id: UUID) -> center_chairs.ChairLine:
    return center_chairs.show_chair(
        context.read_uow(), context.center_id(), ChairId(chair_id), now=context.now()
    )


def _save_chair(form: ChairForm, chair_id: ChairId | None) -> tuple[DayEffect, ...]:
    return center_chairs.save_chair(
        context.unit_of_work(),
        form.wanted(context.center_id(), chair_id),
        now=context.now(),
        actor=context.actor(),
    )


def _chair(form: ChairForm, chair_id: ChairId | None) -> Response:
    return page("admin/center_chair.html", status=form.status, form=form, chair_id=chair_id)


@admin.get("/center/nurses/<uuid:staff_id>")
def center_nurse(staff_id: UUID) -> Response:
    """Show a nurse's week."""
    return _nurse(staff_id, None)


@admin.post("/center/nurses/<uuid:staff_id>")
def save_shifts(staff_id: UUID) -> ResponseReturnValue:
    """Set a nurse's week from a day on."""
    form = shifts_form(_nurse_line(staff_id), context.today())

    def save(since: date) -> tuple[DayEffect, ...]:
        wanted = shifts_wanted(form, context.center_id(), StaffId(staff_id), since)
        return center_shifts.set_shifts(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )

    return _saved_since(form, save) or _nurse(staff_id, form)


def _nurse_line(staff_id: UUID) -> center_shifts.NurseLine:
    uow, here = context.read_uow(), context.center_id()
    return center_shifts.show_nurse(uow, here, StaffId(staff_id), context.today())


def _nurse(staff_id: UUID, form: SinceForm | None) -> Response:
    nurse = _nurse_line(staff_id)
    form = form or shifts_form(nurse, context.today())
    return page(
        "admin/center_nurse.html", status=form.status, form=form, nurse=nurse, weekdays=WEEKDAYS
    )


@admin.get("/center/limits")
def center_limits_form() -> Response:
    """Show the limits in plain words, and the coming fullest day under them."""
    return _limits(_limits_form())


@admin.post("/center/limits")
def save_limits() -> ResponseReturnValue:
    """Try limits on a sample day, or set them from a day on."""
    form = _limits_form()
    if request.form.get("do") != "save":
        form.validate()
        return _limits(form)

    def save(since: date) -> tuple[DayEffect, ...]:
        wanted = limits_wanted(form, context.center_id(), since)
        return center_limits.set_limits(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )

    return _saved_since(form, save) or _limits(form)


def _limits_form() -> SinceForm:
    here, today = context.center_id(), context.today()
    with context.read_uow() as uow:
        limits = center_limits.limits_in_force(uow, here, today)
        return limits_form(limits, center_limits.slot_minutes_of(uow, here), today)


def _limits(form: SinceForm) -> Response:
    here = context.center_id()
    asked = None
    if request.method == "POST" and form.effective_from.data and not form.errors:
        asked = limits_wanted(form, here, form.effective_from.data)
    try:
        sample = sample_day(context.read_uow(), here, asked, now=context.now())
    except DomainError as refusal:
        form.refuse(refusal)
        sample = sample_day(context.read_uow(), here, None, now=context.now())
    return page(
        "admin/center_limits.html",
        status=form.status,
        form=form,
        steps=STEPS,
        sample=sample,
        charts=draw_sample(sample) if sample else (),
    )


def _saved_since(
    form: SinceForm, save: Callable[[date], tuple[DayEffect, ...]]
) -> ResponseReturnValue | None:
    return _saved(form, lambda: save(form.effective_from.data or context.today()))


def _saved(form: Form, save: Callable[[], tuple[DayEffect, ...]]) -> ResponseReturnValue | None:
    """Save what is right and go to the overview; None when the form has to be shown again."""
    if not form.validate():
        return None
    try:
        effects = save()
    except DomainError as refusal:
        form.refuse(refusal)
        return None
    flash(_words(effects), "wait" if effects else "ok")
    return redirect(url_for("admin.center"), 303)


def _words(effects: tuple[DayEffect, ...]) -> str:
    if not effects:
        return "Saved. Everything that is booked still fits."
    days = (
        "1 booked day no longer fits"
        if len(effects) == 1
        else f"{len(effects)} booked days no longer fit"
    )
    return f"Saved. {days}; nothing was moved."
