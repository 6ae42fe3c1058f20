"""Recording a dated weight or height, and allergies; unusual values are asked about."""

from decimal import Decimal
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import PatientId
from scheduler.services.measures import (
    MeasureKind,
    RecordAllergy,
    RecordMeasure,
    record_allergy,
    record_measure,
)
from scheduler.services.patient_page import patient_page
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import AmountField, DayField, Form
from scheduler.web.fragments import page


class MeasureForm(Form):
    """Weight and height of a day, and an allergy."""

    weight = AmountField("Weight in kg", [Optional()])
    height = AmountField("Height in cm", [Optional()])
    measured_on = DayField("Measured on")
    allergy = StringField("Allergy or earlier reaction")
    confirmed = BooleanField("I have checked this; save it all the same")


@desk.get("/patients/<uuid:patient_id>/measures")
def measure(patient_id: UUID) -> Response:
    """Show the form."""
    return _form(MeasureForm(measured_on=context.today()), patient_id)


@desk.post("/patients/<uuid:patient_id>/measures")
def save_measure(patient_id: UUID) -> ResponseReturnValue:
    """Record what was entered, all of it or nothing."""
    form = MeasureForm()
    if form.validate():
        try:
            _save(form, PatientId(patient_id))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Recorded. Amounts by weight follow.", "ok")
            return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _form(form, patient_id)


def _save(form: MeasureForm, patient_id: PatientId) -> None:
    values: dict[MeasureKind, Decimal | None] = {
        MeasureKind.WEIGHT: form.weight.data,
        MeasureKind.HEIGHT: form.height.data,
    }
    given = {kind: value for kind, value in values.items() if value is not None}
    allergy = (form.allergy.data or "").strip()
    if not given and not allergy:
        raise InvalidError("Enter a weight, a height or an allergy.", field="weight")
    now, actor = context.now(), context.actor()
    with context.unit_of_work() as uow:
        for kind, value in given.items():
            request = RecordMeasure(
                patient_id=patient_id,
                kind=kind,
                value=value,
                measured_on=form.measured_on.data or context.today(),
                confirmed=form.confirmed.data,
            )
            record_measure(uow, request, now=now, actor=actor)
        if allergy:
            record_allergy(
                uow, RecordAllergy(patient_id=patient_id, text=allergy), now=now, actor=actor
            )
        uow.commit()


def _form(form: MeasureForm, patient_id: UUID) -> Response:
    read = patient_page(context.read_uow(), PatientId(patient_id))
    return page("desk/measure.html", status=form.status, form=form, read=read)
