"""Booking a whole series: all of it, or the doses that fit, each shown before."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError
from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.people import Channel
from scheduler.services.authorized import booking_rules
from scheduler.services.booking import (
    BookSeries,
    SeriesBooked,
    SeriesLine,
    SeriesMode,
    book_series,
    preview_series,
)
from scheduler.services.patient_page import patient_page
from scheduler.services.plan_reading import read_plan
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, OnceForm
from scheduler.web.fragments import page


class SeriesForm(OnceForm):
    """How far to book."""

    until = DayField("Doses due until", description="Empty: the whole series.")


@desk.get("/plans/<uuid:plan_id>/book")
def book_plan(plan_id: UUID) -> Response:
    """Show one time for each dose that is not booked yet."""
    form = SeriesForm(request.args)
    form.validate()
    return _page(PlanId(plan_id), form)


@desk.post("/plans/<uuid:plan_id>/book")
def book_plan_now(plan_id: UUID) -> ResponseReturnValue:
    """Book the series in one transaction."""
    form = SeriesForm()
    if form.validate():
        fitting = request.form.get("mode") == SeriesMode.FITTING
        wanted = BookSeries(
            plan_id=PlanId(plan_id),
            mode=SeriesMode.FITTING if fitting else SeriesMode.ALL,
            until=form.until.data,
            idempotency_key=form.idempotency_key.data or None,
        )
        try:
            made = book_series(
                context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            patient = read_plan(context.read_uow(), PlanId(plan_id)).patient_id
            if made.booked:
                flash(f"{_booked(made)} {_told(patient)}", "ok")
            else:
                flash(
                    f"No visit was booked{_left(len(made.refused)) or ': each dose has one'}.",
                    "wait",
                )
            return redirect(url_for("desk.patient", patient_id=patient), 303)
    return _page(PlanId(plan_id), form)


def _booked(made: SeriesBooked) -> str:
    return f"{counted(len(made.booked), 'visit')} booked{_left(len(made.refused))}."


def _told(patient_id: PatientId) -> str:
    contacts = patient_page(context.read_uow(), patient_id).contacts
    mailed = any(
        one.active and one.facts.consented and one.facts.channel is Channel.EMAIL
        for one in contacts
    )
    return "The patient gets one mail." if mailed else "A task asks to tell the patient by phone."


def _left(doses: int) -> str:
    if not doses:
        return ""
    became = "has no place and became a task" if doses == 1 else "have no place and became tasks"
    return f"; {counted(doses, 'dose')} {became}"


def _page(plan_id: PlanId, form: SeriesForm) -> Response:
    with context.read_uow() as uow:
        plan = read_plan(uow, plan_id)
        read = patient_page(uow, plan.patient_id)
        lines, refused = _lines(plan_id, form)
    return page(
        "desk/book_plan.html",
        status=form.status,
        form=form,
        plan=plan,
        read=read,
        lines=lines,
        refused=refused,
        fitting=sum(line.offer is not None for line in lines),
        rule=booking_rules(context.read_uow()).unauthorized,
        due={dose.id: dose for dose in plan.doses},
    )


def _lines(plan_id: PlanId, form: SeriesForm) -> tuple[tuple[SeriesLine, ...], str]:
    try:
        until = form.until.data
        return preview_series(context.read_uow(), plan_id, until=until, now=context.now()), ""
    except DomainError as refusal:
        return (), str(refusal)
