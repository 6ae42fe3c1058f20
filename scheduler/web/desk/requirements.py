"""What a plan needs before its doses: results, authorization, enrolment, drug; what is missing comes first."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import PlanId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.page_lines import PatientPage, PlanLine
from scheduler.services.patient_page import patient_page
from scheduler.services.plan_reading import read_plan
from scheduler.services.requirements import RecordRequirement, record_requirement
from scheduler.services.supplies import RecordRems, RecordSupply, record_rems, record_supply
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import (
    AmountField,
    DayField,
    Form,
    WholeField,
    choice,
    enum_choice,
    id_typed,
)
from scheduler.web.fragments import page

ROUTES = (
    ("stock", "Our stock"),
    ("specialty_pharmacy", "Specialty pharmacy"),
    ("assistance", "Assistance program"),
)
SUPPLY = (
    ("needed", "Needed"),
    ("ordered", "Ordered"),
    ("received", "Received"),
    ("allocated", "Allocated"),
    ("in_stock", "In stock"),
)


class ResultForm(Form):
    """Where one requirement stands."""

    code = HiddenField()
    version = HiddenField()
    stands = enum_choice("It is", RequirementStatus)
    result_on = DayField("Day of the sample or document")
    valid_until = DayField("Valid until")
    note = StringField("Note")


class AuthorizationForm(Form):
    """A prior authorization."""

    stands = enum_choice("It is", AuthorizationStatus)
    number = StringField("Number")
    from_day = DayField("From")
    until_day = DayField("Until")
    visits = WholeField("Visits", [Optional()])


class RemsForm(Form):
    """An enrolment of the patient in a program."""

    program = StringField("Program")
    enrolled_on = DayField("Enrolled on")
    valid_until = DayField("Valid until")


class SupplyForm(Form):
    """Drug for the plan."""

    route = choice("From", ROUTES)
    stands = choice("It is", SUPPLY)
    received_on = DayField("Received on")
    received_amount = AmountField("Amount", [Optional()])


@desk.get("/plans/<uuid:plan_id>/requirements")
def requirements(plan_id: UUID) -> Response:
    """Show what a plan needs."""
    return _page(PlanId(plan_id))


@desk.post("/plans/<uuid:plan_id>/requirements/result")
def save_result(plan_id: UUID) -> ResponseReturnValue:
    """Record a result."""
    form = ResultForm()

    def save() -> None:
        version = form.version.data or ""
        wanted = RecordRequirement(
            plan_id=PlanId(plan_id),
            code=form.code.data or "",
            status=RequirementStatus(form.stands.data),
            result_on=form.result_on.data,
            valid_until=form.valid_until.data,
            note=form.note.data or "",
            version=int(version) if version.isdigit() else None,
        )
        record_requirement(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _saved(PlanId(plan_id), form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/authorization")
def save_authorization(plan_id: UUID) -> ResponseReturnValue:
    """Record a prior authorization."""
    form = AuthorizationForm()

    def save() -> None:
        wanted = RecordAuthorization(
            plan_id=PlanId(plan_id),
            status=AuthorizationStatus(form.stands.data),
            number=form.number.data or "",
            from_day=form.from_day.data,
            until_day=form.until_day.data,
            visits=form.visits.data,
            authorization_id=_authorization(),
        )
        record_authorization(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )

    return _saved(PlanId(plan_id), form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/rems")
def save_rems(plan_id: UUID) -> ResponseReturnValue:
    """Record an enrolment."""
    form = RemsForm()

    def save() -> None:
        plan = read_plan(context.read_uow(), PlanId(plan_id))
        wanted = RecordRems(
            patient_id=plan.patient_id,
            program=form.program.data or "",
            enrolled_on=form.enrolled_on.data or context.today(),
            valid_until=form.valid_until.data,
        )
        record_rems(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _saved(PlanId(plan_id), form, save)


@desk.post("/plans/<uuid:plan_id>/requirements/supply")
def save_supply(plan_id: UUID) -> ResponseReturnValue:
    """Record drug for the plan."""
    form = SupplyForm()

    def save() -> None:
        wanted = RecordSupply(
            plan_id=PlanId(plan_id),
            route=form.route.data,
            status=form.stands.data,
            received_on=form.received_on.data,
            received_amount=form.received_amount.data,
        )
        record_supply(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _saved(PlanId(plan_id), form, save)


def _authorization() -> PlanId | None:
    text = request.form.get("authorization_id", "")
    return PlanId(id_typed(text, "authorization")) if text else None


def _saved(plan_id: PlanId, form: Form, save: Callable[[], None]) -> ResponseReturnValue:
    if form.validate():
        try:
            save()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Recorded. Readiness of every booked visit follows.", "ok")
            return redirect(url_for("desk.requirements", plan_id=plan_id), 303)
    return _page(plan_id, form)


def _page(plan_id: PlanId, refused: Form | None = None) -> Response:
    read, plan = _plan(plan_id)
    forms = {
        "result": ResultForm(formdata=None, result_on=context.today()),
        "authorization": AuthorizationForm(formdata=None),
        "rems": RemsForm(
            formdata=None, program=plan.order.rems_program, enrolled_on=context.today()
        ),
        "supply": SupplyForm(formdata=None, received_on=context.today()),
    }
    return page(
        "desk/requirements.html",
        status=refused.status if refused else 200,
        read=read,
        plan=plan,
        forms=forms,
        refused=refused,
        dose=plan.next_dose,
    )


def _plan(plan_id: PlanId) -> tuple[PatientPage, PlanLine]:
    with context.read_uow() as uow:
        read = patient_page(uow, read_plan(uow, plan_id).patient_id)
    found = next((plan for plan in read.plans if plan.id == plan_id), None)
    if found is None:
        raise NotFoundError("plan")
    return read, found
