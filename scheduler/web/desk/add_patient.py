"""Adding and changing a patient; a likely double is shown before anything is saved."""

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import PatientId
from scheduler.services.patient_page import patient_page
from scheduler.services.patients import LikelyDoubleError, edit_patient
from scheduler.services.patients import add_patient as add
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.patient_forms import AddPatientForm, EditPatientForm, PatientForm, filled
from scheduler.web.fragments import page
from scheduler.web.stale import compare


@desk.get("/patients/new")
def add_patient() -> Response:
    """Show the form for a new patient."""
    return _form(AddPatientForm(consented=True), "")


@desk.post("/patients/new")
def save_new_patient() -> ResponseReturnValue:
    """Add a patient."""
    form = AddPatientForm()
    if form.validate():
        try:
            patient_id = add(
                context.unit_of_work(), form.request(), now=context.now(), actor=context.actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Added. Enter the order next.", "ok")
            return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _form(form, "")


@desk.get("/patients/<uuid:patient_id>/edit")
def change_patient(patient_id: UUID) -> Response:
    """Show a patient's facts in the form."""
    read = patient_page(context.read_uow(), PatientId(patient_id))
    return _form(EditPatientForm(data=filled(read.facts, read.version)), read.name)


@desk.post("/patients/<uuid:patient_id>/edit")
def save_patient(patient_id: UUID) -> ResponseReturnValue:
    """Change a patient."""
    read = patient_page(context.read_uow(), PatientId(patient_id))
    form = EditPatientForm()
    if form.validate():
        try:
            request = form.request(PatientId(patient_id))
            edit_patient(context.unit_of_work(), request, now=context.now(), actor=context.actor())
        except DomainError as refusal:
            form.refuse(refusal)
            compare(form, filled(read.facts, read.version))
        else:
            flash("Saved.", "ok")
            return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _form(form, read.name)


def _form(form: PatientForm, name: str) -> Response:
    doubles = form.refusal.doubles if isinstance(form.refusal, LikelyDoubleError) else ()
    return page("desk/patient_form.html", status=form.status, form=form, name=name, doubles=doubles)
