"""Entering an order: choose the regimen, fill in the order, see the whole series, save it as a plan."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.dose_reasons import paragraph
from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import PatientId, RegimenVersionId
from scheduler.domain.regimen import Regimen
from scheduler.services.order_forms import SeriesPreview
from scheduler.services.order_wishes import open_weekdays
from scheduler.services.orders import enter_order, preview_order
from scheduler.services.patient_page import patient_page
from scheduler.services.regimens import RegimenChoiceLine, orderable, regimen_of
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.order_form import OrderForm
from scheduler.web.fragments import page

VALID_FOR = timedelta(days=365)
SHOWN = 12


@desk.get("/patients/<uuid:patient_id>/orders/new")
def new_order(patient_id: UUID) -> Response:
    """Choose the regimen, by drug, brand or indication."""
    text = request.args.get("find", "").strip()
    with context.read_uow() as uow:
        read = patient_page(uow, PatientId(patient_id))
        lines = orderable(uow, text)
    return page("desk/order_regimen.html", read=read, lines=lines, text=text)


@desk.get("/patients/<uuid:patient_id>/orders/new/<uuid:version_id>")
def order(patient_id: UUID, version_id: UUID) -> Response:
    """Show the empty order form."""
    today = context.today()
    form = OrderForm(formdata=None, first_day=today, signed_on=today, valid_until=today + VALID_FOR)
    return _page(PatientId(patient_id), RegimenVersionId(version_id), form)


@desk.post("/patients/<uuid:patient_id>/orders/new/<uuid:version_id>")
def save_order(patient_id: UUID, version_id: UUID) -> ResponseReturnValue:
    """Show the series that the order makes; with ``save`` make it a treatment plan."""
    who, version, form = PatientId(patient_id), RegimenVersionId(version_id), OrderForm()
    line, rule = _regimen(version)
    form.fit(rule, open_weekdays(context.read_uow(), context.center_id(), context.today()))
    if request.form.get("do") == "row":
        form.earlier.append_entry()
        return _page(who, line.version_id, form)
    shown: SeriesPreview | None = None
    if form.validate():
        wanted = form.request(who, context.center_id(), version)
        try:
            shown = preview_order(context.read_uow(), wanted, now=context.now())
            if request.form.get("do") == "save":
                plan = enter_order(
                    context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
                )
                flash("Saved as a treatment plan. Book the series next.", "ok")
                return redirect(url_for("desk.book_plan", plan_id=plan), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return _page(who, version, form, shown)


def _regimen(version: RegimenVersionId) -> tuple[RegimenChoiceLine, Regimen]:
    with context.read_uow() as uow:
        line = next((each for each in orderable(uow) if each.version_id == version), None)
        if line is None:
            raise NotFoundError("regimen")
        return line, regimen_of(uow, version)


def _page(
    patient_id: PatientId,
    version: RegimenVersionId,
    form: OrderForm,
    shown: SeriesPreview | None = None,
) -> Response:
    line, rule = _regimen(version)
    form.fit(rule, open_weekdays(context.read_uow(), context.center_id(), context.today()))
    return page(
        "desk/order.html",
        status=form.status,
        read=patient_page(context.read_uow(), patient_id),
        line=line,
        rule=rule,
        form=form,
        shown=shown,
        near=SHOWN,
        why=[paragraph(dose.reasons) for dose in shown.doses] if shown else [],
    )
