"""Who is told of a patient's visits: adding and changing contacts."""

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import ContactId, PatientId
from scheduler.services import contacts as services
from scheduler.services.page_lines import ContactLine
from scheduler.services.patient_page import patient_page
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.patient_forms import ContactForm, contact_filled
from scheduler.web.fragments import page
from scheduler.web.stale import compare


@desk.get("/patients/<uuid:patient_id>/contacts/new")
def add_contact(patient_id: UUID) -> Response:
    """Show the form for a new contact."""
    return _form(ContactForm(consented=True), patient_id)


@desk.post("/patients/<uuid:patient_id>/contacts/new")
def save_new_contact(patient_id: UUID) -> ResponseReturnValue:
    """Add a contact."""
    form = ContactForm()
    if form.validate():
        try:
            services.add_contact(
                context.unit_of_work(),
                form.adding(PatientId(patient_id)),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _saved(patient_id)
    return _form(form, patient_id)


@desk.get("/patients/<uuid:patient_id>/contacts/<uuid:contact_id>")
def change_contact(patient_id: UUID, contact_id: UUID) -> Response:
    """Show a contact in the form."""
    one = _contact(patient_id, contact_id)
    return _form(ContactForm(data=contact_filled(one.facts, one.version)), patient_id, contact_id)


@desk.post("/patients/<uuid:patient_id>/contacts/<uuid:contact_id>")
def save_contact(patient_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Change a contact."""
    one = _contact(patient_id, contact_id)
    form = ContactForm()
    if form.validate():
        try:
            services.edit_contact(
                context.unit_of_work(),
                form.editing(ContactId(contact_id)),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            compare(form, contact_filled(one.facts, one.version))
        else:
            return _saved(patient_id)
    return _form(form, patient_id, contact_id)


@desk.post("/patients/<uuid:patient_id>/contacts/<uuid:contact_id>/end")
def end_contact(patient_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Tell somebody of no visits any more."""
    _contact(patient_id, contact_id)
    services.end_contact(
        context.unit_of_work(),
        ContactId(contact_id),
        now=context.now(),
        actor=context.actor(),
    )
    return _saved(patient_id)


def _contact(patient_id: UUID, contact_id: UUID) -> ContactLine:
    read = patient_page(context.read_uow(), PatientId(patient_id))
    found = next((one for one in read.contacts if one.id == contact_id), None)
    if found is None:
        raise NotFoundError("contact")
    return found


def _saved(patient_id: UUID) -> ResponseReturnValue:
    flash("Saved.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


def _form(form: ContactForm, patient_id: UUID, contact_id: UUID | None = None) -> Response:
    read = patient_page(context.read_uow(), PatientId(patient_id))
    return page(
        "desk/contact.html", status=form.status, form=form, read=read, contact_id=contact_id
    )
