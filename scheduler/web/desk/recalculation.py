"""Old and new dates side by side after a dose came late: apply them, or keep the old ones."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError, NotFoundError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.services.authorized import authorization_changes
from scheduler.services.deciding import (
    apply_recalculation,
    keep_recalculation,
    open_recalculation,
)
from scheduler.services.patient_page import patient_page
from scheduler.services.plan_reading import read_plan
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.recalculation_view import shown
from scheduler.web.forms import text_typed
from scheduler.web.fragments import page

VISIT = "visit-"


@desk.get("/plans/<uuid:plan_id>/recalculation")
def recalculation(plan_id: UUID) -> Response:
    """Show what a plan asks."""
    return _page(PlanId(plan_id), "", 200)


@desk.post("/plans/<uuid:plan_id>/recalculation")
def decide_recalculation(plan_id: UUID) -> ResponseReturnValue:
    """Apply the new dates, or keep the old ones with a reason."""
    who = PlanId(plan_id)
    try:
        _decide(who, _id(request.form.get("id", "")))
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _page(who, str(refusal), refusal.status)
    patient = read_plan(context.read_uow(), who).patient_id
    return redirect(url_for("desk.patient", patient_id=patient), 303)


def _decide(plan_id: PlanId, asked: UUID) -> None:
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    if request.form.get("do") == "apply":
        moving = apply_recalculation(
            uow, PlanId(asked), plan_id=plan_id, now=now, actor=actor, staying=_staying()
        )
        flash(_applied(moving), "ok")
        return
    reason = text_typed("reason")
    if not reason:
        raise InvalidError("Say why the old dates stay.", field="reason")
    keep_recalculation(uow, PlanId(asked), plan_id=plan_id, reason=reason, now=now, actor=actor)
    flash("The old dates stay.", "ok")


def _staying() -> dict[DoseId, str]:
    """Return the doses whose visit stays where it is, each with what was typed as the reason."""
    chosen = [key for key, what in request.form.items() if key.startswith(VISIT) and what == "stay"]
    doses = [key.removeprefix(VISIT) for key in chosen]
    return {DoseId(_id(dose)): text_typed(f"why-{dose}", field="why") for dose in doses}


def _id(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFoundError("recalculation") from None


def _applied(moving: int) -> str:
    if not moving:
        return "New dates applied."
    return f"New dates applied; {moving} {'visit is a task' if moving == 1 else 'visits are tasks'} to move."


def _page(plan_id: PlanId, refusal: str, status: int) -> Response:
    with context.read_uow() as uow:
        plan = read_plan(uow, plan_id)
        name = patient_page(uow, plan.patient_id).name
        view = open_recalculation(uow, plan_id)
        without = authorization_changes(uow, plan_id, view.lines) if view else ()
    return page(
        "desk/recalculation.html",
        status=status,
        plan=plan,
        patient=name,
        view=view,
        drawn=shown(view.lines, context.zone(), context.today()) if view else None,
        without=without,
        refusal=refusal,
        zone=context.zone(),
        typed=request.form,
    )
