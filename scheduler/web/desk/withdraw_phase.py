"""A phase that is no longer wanted: what goes with it is shown first."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import PlanId
from scheduler.services.page_lines import PatientPage, PlanLine
from scheduler.services.patient_page import page_of_plan
from scheduler.services.plan_ends import Consequences
from scheduler.services.withdrawn_phases import WithdrawPhase, withdraw_phase, withdrawal_preview
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import Form
from scheduler.web.fragments import page
from scheduler.web.stale import compare, version_typed


class WithdrawPhaseForm(Form):
    """Who said that a phase is no longer wanted, and why."""

    reason = StringField("Who said so, and why")
    version = HiddenField()

    def request(self, plan_id: PlanId) -> WithdrawPhase:
        """Return what was typed."""
        version = version_typed(self.version.data)
        return WithdrawPhase(plan_id=plan_id, reason=self.reason.data or "", version=version)


@desk.get("/plans/<uuid:plan_id>/phase/withdraw")
def phase_no_longer(plan_id: UUID) -> Response:
    """Show the phase that was asked for, and ask why it is no longer wanted."""
    read, plan = page_of_plan(context.read_uow(), PlanId(plan_id))
    return _page(WithdrawPhaseForm(version=plan.version), read, plan)


@desk.post("/plans/<uuid:plan_id>/phase/withdraw")
def save_phase_no_longer(plan_id: UUID) -> ResponseReturnValue:
    """Show what goes with the phase; with ``sure`` take it back."""
    form, (read, plan) = WithdrawPhaseForm(), page_of_plan(context.read_uow(), PlanId(plan_id))
    shown: Consequences | None = None
    if form.validate():
        try:
            wanted = form.request(plan.id)
            if request.form.get("sure"):
                return _withdrawn(wanted, read)
            shown = withdrawal_preview(context.read_uow(), wanted, now=context.now())
        except DomainError as refusal:
            form.refuse(refusal)
            compare(form, {"version": plan.version})
    return _page(form, read, plan, shown)


def _withdrawn(wanted: WithdrawPhase, read: PatientPage) -> ResponseReturnValue:
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    _, followed = withdraw_phase(uow, wanted, now=now, actor=actor)
    if followed.recalculation_id is not None:
        flash("Taken back. Booked visits no longer fit the plan: decide.", "wait")
        return redirect(url_for("desk.recalculation", plan_id=wanted.plan_id), 303)
    flash("Taken back. Undo brings it again for half a minute.", "ok")
    return redirect(url_for("desk.patient", patient_id=read.id), 303)


def _page(
    form: WithdrawPhaseForm, read: PatientPage, plan: PlanLine, shown: Consequences | None = None
) -> Response:
    return page(
        "desk/withdraw_phase.html",
        status=form.status,
        form=form,
        read=read,
        plan=plan,
        shown=shown,
        zone=context.zone(),
    )
