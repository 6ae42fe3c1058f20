"""What a plan needs before its doses: what is missing comes first, each record can be taken back at once."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.programs import Subject
from scheduler.services.authorizations import give_back_unused, record_authorization
from scheduler.services.clinical_events import record_event, withdraw_event
from scheduler.services.page_lines import PatientPage, PlanLine
from scheduler.services.patient_page import page_of_plan
from scheduler.services.requirements import record_requirement
from scheduler.services.supplies import RecordRems, record_rems, record_supply
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.requirement_forms import (
    AuthorizationForm,
    EventForm,
    GiveBackForm,
    RemsForm,
    ResultForm,
    WithdrawForm,
    forms_of,
)
from scheduler.web.desk.requirements_view import ends_words, left_words, shown
from scheduler.web.desk.supply_form import SupplyForm
from scheduler.web.forms import Form, id_typed
from scheduler.web.fragments import page


@desk.get("/plans/<uuid:plan_id>/requirements")
def requirements(plan_id: UUID) -> Response:
    """Show what a plan needs."""
    read, plan = page_of_plan(context.read_uow(), PlanId(plan_id))
    return _page(read, plan)


@desk.post("/plans/<uuid:plan_id>/requirements/result")
def save_result(plan_id: UUID) -> ResponseReturnValue:
    """Record where a requirement stands."""
    form, who = ResultForm(), PlanId(plan_id)

    def save() -> None:
        record_requirement(
            context.unit_of_work(), form.request(who), now=context.now(), actor=context.actor()
        )

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/authorization")
def save_authorization(plan_id: UUID) -> ResponseReturnValue:
    """Record a prior authorization."""
    form, who = AuthorizationForm(), PlanId(plan_id)

    def save() -> None:
        record_authorization(
            context.unit_of_work(), form.request(who), now=context.now(), actor=context.actor()
        )

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/give-back")
def save_give_back(plan_id: UUID) -> ResponseReturnValue:
    """Give back to an authorization what a dose did not use."""
    form, who = GiveBackForm(), PlanId(plan_id)

    def save() -> None:
        wanted = form.request(who, whole=request.form.get("do") == "whole")
        give_back_unused(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/rems")
def save_rems(plan_id: UUID) -> ResponseReturnValue:
    """Record an enrolment of the patient, the order's prescriber or the plan's center."""
    form, who = RemsForm(), PlanId(plan_id)

    def save() -> None:
        read, plan = page_of_plan(context.read_uow(), who)
        wanted = RecordRems(
            patient_id=read.id,
            program=plan.order.rems_program,
            enrolled_on=form.enrolled_on.data or context.today(),
            valid_until=form.valid_until.data,
            subject=Subject(form.subject.data),
            prescriber=plan.order.prescriber,
            center_id=plan.center_id,
        )
        record_rems(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/supply")
def save_supply(plan_id: UUID) -> ResponseReturnValue:
    """Record drug for a dose, or for the plan."""
    form, who = SupplyForm(), PlanId(plan_id)

    def save() -> None:
        record_supply(
            context.unit_of_work(), form.request(who), now=context.now(), actor=context.actor()
        )

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/event")
def save_event(plan_id: UUID) -> ResponseReturnValue:
    """Record a clinical event, such as plasma exchange."""
    who = PlanId(plan_id)
    form = EventForm().fit(page_of_plan(context.read_uow(), who)[1].event_names)

    def save() -> None:
        record_event(
            context.unit_of_work(), form.request(who), now=context.now(), actor=context.actor()
        )

    return _saved(who, form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/event/withdraw")
def save_withdrawal(plan_id: UUID) -> ResponseReturnValue:
    """Note that an event was entered in error."""
    form, who = WithdrawForm(), PlanId(plan_id)

    def save() -> None:
        event_id = id_typed(form.event_id.data or "", "clinical event")
        withdraw_event(
            context.unit_of_work(),
            who,
            PatientId(event_id),
            reason=form.why.data or "",
            now=context.now(),
            actor=context.actor(),
        )

    return _saved(who, form, save)


def _saved(plan_id: PlanId, form: Form, save: Callable[[], None]) -> ResponseReturnValue:
    if form.validate():
        try:
            save()
        except NotFoundError:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Recorded. Readiness of every booked visit follows.", "ok")
            chosen = request.args.get("dose") or None
            return redirect(url_for("desk.requirements", plan_id=plan_id, dose=chosen), 303)
    return _page(*page_of_plan(context.read_uow(), plan_id), form)


def _page(read: PatientPage, plan: PlanLine, refused: Form | None = None) -> Response:
    chosen = request.args.get("dose", type=UUID)
    view = shown(read, plan, chosen, today=context.today(), actor=context.actor())
    return page(
        "desk/requirements.html",
        status=refused.status if refused else 200,
        read=read,
        plan=plan,
        view=view,
        forms=forms_of(plan, view, refused),
        refused=refused,
        chosen=chosen,
        left=left_words,
        ends=lambda line: ends_words(line, context.today()),
        zone=context.zone(),
        today=context.today(),
    )
