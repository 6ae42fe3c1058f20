"""Recording a dated weight or height with the amounts it changes, and allergies; unusual values are asked about."""

from decimal import Decimal
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from scheduler.domain.errors import DomainError, InvalidError, NotFoundError
from scheduler.domain.ids import PatientId
from scheduler.domain.roles import Permission
from scheduler.services.amount_changes import AmountChange, amounts_after
from scheduler.services.measures import (
    MeasureKind,
    RecordAllergy,
    RecordMeasure,
    end_allergy,
    record_allergy,
    record_measure,
)
from scheduler.services.patient_page import patient_page
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import AmountField, DayField, Form, choice, text_typed
from scheduler.web.fragments import page
from scheduler.web.words import listed

KINDS = (("allergy", "Allergy"), ("reaction", "Earlier reaction"))


class MeasureForm(Form):
    """Weight and height of a day, and an allergy or reaction."""

    weight = AmountField("Weight in kg", [Optional()])
    height = AmountField("Height in cm", [Optional()])
    measured_on = DayField("Measured on")
    kind = choice("It is", KINDS, default="allergy")
    allergy = StringField("To what, and what happened")
    confirmed = BooleanField("I have checked this; save it all the same")

    def requests(self, patient_id: PatientId) -> tuple[RecordMeasure, ...]:
        """Return the weight and the height that were typed."""
        values: dict[MeasureKind, Decimal | None] = {
            MeasureKind.WEIGHT: self.weight.data,
            MeasureKind.HEIGHT: self.height.data,
        }
        return tuple(
            RecordMeasure(
                patient_id=patient_id,
                kind=kind,
                value=value,
                measured_on=self.measured_on.data or context.today(),
                confirmed=self.confirmed.data,
            )
            for kind, value in values.items()
            if value is not None
        )

    @property
    def typed(self) -> str:
        """What amounts follow from: shown once, it need not be shown again."""
        return f"{self.weight.data}/{self.height.data}/{self.measured_on.data}"

    @property
    def saved(self) -> str:
        """What was recorded, in a sentence; amounts follow from a weight or a height alone."""
        kind = dict(KINDS)[self.kind.data]
        named = (
            ("Weight", self.weight.data),
            ("Height", self.height.data),
            (kind, (self.allergy.data or "").strip()),
        )
        words = listed([what for what, value in named if value])
        measured = self.weight.data or self.height.data
        follow = " Amounts that depend on it follow." if measured else ""
        return f"{words[:1]}{words[1:].lower()} recorded.{follow}"


@desk.get("/patients/<uuid:patient_id>/measures")
def measure(patient_id: UUID) -> Response:
    """Show the form with what is known."""
    return _form(MeasureForm(formdata=None, measured_on=context.today()), patient_id)


@desk.post("/patients/<uuid:patient_id>/measures")
def save_measure(patient_id: UUID) -> ResponseReturnValue:
    """Show which amounts change; when they were seen, or none does, record all of it or nothing."""
    form, who = MeasureForm(), PatientId(patient_id)
    if form.validate():
        try:
            context.actor().require(Permission.EDIT_PATIENT)
            changes = amounts_after(context.read_uow(), who, form.requests(who), now=context.now())
            if changes and request.form.get("seen") != form.typed:
                return _form(form, patient_id, changes)
            _save(form, who)
        except NotFoundError:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(form.saved, "ok")
            return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _form(form, patient_id)


@desk.post("/patients/<uuid:patient_id>/allergies/<uuid:allergy_id>/end")
def end_known_allergy(patient_id: UUID, allergy_id: UUID) -> ResponseReturnValue:
    """Note that an allergy was entered in error or holds no longer."""
    form = MeasureForm(formdata=None, measured_on=context.today())
    try:
        end_allergy(
            context.unit_of_work(),
            PatientId(allergy_id),
            reason=text_typed("reason"),
            now=context.now(),
            actor=context.actor(),
            patient_id=PatientId(patient_id),
        )
    except NotFoundError:
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return _form(form, patient_id)
    flash("Ended. It stays in the record.", "ok")
    return redirect(url_for("desk.measure", patient_id=patient_id), 303)


def _save(form: MeasureForm, patient_id: PatientId) -> None:
    measured = form.requests(patient_id)
    allergy = (form.allergy.data or "").strip()
    if not measured and not allergy:
        raise InvalidError("Enter a weight, a height or an allergy.", field="weight")
    now, actor = context.now(), context.actor()
    with context.unit_of_work() as uow:
        for each in measured:
            record_measure(uow, each, now=now, actor=actor)
        if allergy:
            wanted = RecordAllergy(patient_id=patient_id, text=allergy, kind=form.kind.data)
            record_allergy(uow, wanted, now=now, actor=actor)
        uow.commit()


def _form(form: MeasureForm, patient_id: UUID, changes: tuple[AmountChange, ...] = ()) -> Response:
    read = patient_page(context.read_uow(), PatientId(patient_id))
    return page("desk/measure.html", status=form.status, form=form, read=read, changes=changes)
