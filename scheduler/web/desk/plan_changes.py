"""Holding, resuming, stopping, completing and transferring a plan; marking a death; each shown first, each correctable."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import PlanStatus
from scheduler.services.deceased import (
    MarkDeceased,
    correct_deceased,
    deceased_preview,
    mark_deceased,
)
from scheduler.services.page_lines import PatientPage, PlanLine
from scheduler.services.patient_page import page_of_plan, patient_page
from scheduler.services.plan_changes import (
    PlanChange,
    change_plan,
    plan_change_preview,
)
from scheduler.services.plan_corrections import correct_plan_change
from scheduler.services.plan_ends import Consequences
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, Form, choice
from scheduler.web.fragments import page
from scheduler.web.stale import compare, version_typed

KINDS = {
    PlanStatus.ACTIVE: (
        (PlanChangeKind.HOLD, "Put on hold"),
        (PlanChangeKind.STOP, "Stop"),
        (PlanChangeKind.COMPLETE, "Complete"),
        (PlanChangeKind.TRANSFER, "Transfer out"),
    ),
    PlanStatus.ON_HOLD: (
        (PlanChangeKind.RESUME, "Resume"),
        (PlanChangeKind.STOP, "Stop"),
        (PlanChangeKind.TRANSFER, "Transfer out"),
    ),
}


class PlanChangeForm(Form):
    """What happens to a plan, and why."""

    kind = choice("What happens", [(each.value, each.value) for each in PlanChangeKind])
    reason = StringField("Reason")
    review_on = DayField("Look at it again on", description="Needed for a hold, empty otherwise.")
    version = HiddenField()

    def request(self, plan_id: PlanId) -> PlanChange:
        """Return what was typed."""
        return PlanChange(
            plan_id=plan_id,
            kind=PlanChangeKind(self.kind.data),
            reason=self.reason.data or "",
            review_on=self.review_on.data,
            version=version_typed(self.version.data),
        )


class DeceasedForm(Form):
    """When a patient died, and who said so."""

    version = HiddenField()
    deceased_on = DayField("Died on")
    told_by = StringField("Told by")
    reason = StringField("Why it is corrected")


@desk.get("/plans/<uuid:plan_id>/change")
def plan_change(plan_id: UUID) -> Response:
    """Show what can happen to a plan."""
    read, plan = page_of_plan(context.read_uow(), PlanId(plan_id))
    return _change_page(PlanChangeForm(version=plan.version), read, plan)


@desk.post("/plans/<uuid:plan_id>/change")
def save_plan_change(plan_id: UUID) -> ResponseReturnValue:
    """Show what a change does; with ``sure`` do it."""
    form, (read, plan) = PlanChangeForm(), page_of_plan(context.read_uow(), PlanId(plan_id))
    shown: Consequences | None = None
    if form.validate():
        try:
            wanted = form.request(plan.id)
            if request.form.get("sure"):
                change_plan(
                    context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
                )
                flash(
                    "Done. Undo takes it back for half a minute; “Hold, stop, complete …” corrects it later.",
                    "ok",
                )
                return redirect(url_for("desk.patient", patient_id=read.id), 303)
            shown = plan_change_preview(context.read_uow(), wanted, now=context.now())
        except DomainError as refusal:
            form.refuse(refusal)
            compare(form, {"version": plan.version})
    return _change_page(form, read, plan, shown)


@desk.post("/plans/<uuid:plan_id>/change/correct")
def correct_change(plan_id: UUID) -> ResponseReturnValue:
    """Take back the last change of a plan."""
    read, plan = page_of_plan(context.read_uow(), PlanId(plan_id))
    form = PlanChangeForm()
    try:
        correct_plan_change(
            context.unit_of_work(),
            plan.id,
            reason=form.reason.data or "",
            now=context.now(),
            actor=context.actor(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _change_page(form, read, plan)
    flash("Corrected. Tasks ask to book again what was cancelled.", "ok")
    return redirect(url_for("desk.patient", patient_id=read.id), 303)


@desk.get("/patients/<uuid:patient_id>/deceased")
def deceased(patient_id: UUID) -> Response:
    """Show what marking a patient deceased does."""
    return _deceased_page(DeceasedForm(deceased_on=context.today()), PatientId(patient_id))


@desk.post("/patients/<uuid:patient_id>/deceased")
def save_deceased(patient_id: UUID) -> ResponseReturnValue:
    """Mark a patient deceased, or take that back."""
    form, who = DeceasedForm(), PatientId(patient_id)
    if form.validate():
        try:
            _save_deceased(form, who)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Recorded.", "ok")
            return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _deceased_page(form, who)


def _save_deceased(form: DeceasedForm, patient_id: PatientId) -> None:
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    if request.form.get("correct"):
        correct_deceased(uow, patient_id, reason=form.reason.data or "", now=now, actor=actor)
        return
    wanted = MarkDeceased(
        patient_id=patient_id,
        deceased_on=form.deceased_on.data or context.today(),
        told_by=form.told_by.data or "",
        version=version_typed(form.version.data),
    )
    mark_deceased(uow, wanted, now=now, actor=actor)


def _change_page(
    form: PlanChangeForm, read: PatientPage, plan: PlanLine, shown: Consequences | None = None
) -> Response:
    return page(
        "desk/plan_change.html",
        status=form.status,
        form=form,
        read=read,
        plan=plan,
        kinds=[(kind.value, words) for kind, words in KINDS.get(plan.status, ())],
        shown=shown,
        zone=context.zone(),
    )


def _deceased_page(form: DeceasedForm, patient_id: PatientId) -> Response:
    with context.read_uow() as uow:
        read = patient_page(uow, patient_id)
        shown = None
        if read.deceased_on is None:
            shown = deceased_preview(uow, patient_id, now=context.now())
    return page(
        "desk/deceased.html",
        status=form.status,
        form=form,
        read=read,
        shown=shown,
        zone=context.zone(),
    )
