"""Old and new dates side by side after a dose came late: apply them, or keep the old ones."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError, NotFoundError
from scheduler.domain.ids import PlanId
from scheduler.services.deciding import (
    apply_recalculation,
    keep_recalculation,
    open_recalculation,
)
from scheduler.services.plan_reading import read_plan
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.fragments import page


@desk.get("/plans/<uuid:plan_id>/recalculation")
def recalculation(plan_id: UUID) -> Response:
    """Show what a plan asks."""
    return _page(PlanId(plan_id), "", 200)


@desk.post("/plans/<uuid:plan_id>/recalculation")
def decide_recalculation(plan_id: UUID) -> ResponseReturnValue:
    """Apply the new dates, or keep the old ones with a reason."""
    who = PlanId(plan_id)
    try:
        _decide(who, UUID(hex=request.form.get("id", "").replace("-", "")))
    except ValueError:
        return _page(who, "Nothing was chosen.", 422)
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _page(who, str(refusal), refusal.status)
    patient = read_plan(context.read_uow(), who).patient_id
    return redirect(url_for("desk.patient", patient_id=patient), 303)


def _decide(plan_id: PlanId, asked: UUID) -> None:
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    if request.form.get("do") == "apply":
        moved = apply_recalculation(uow, PlanId(asked), plan_id=plan_id, now=now, actor=actor)
        flash(f"New dates applied; {moved} booked visits are tasks to move.", "ok")
        return
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidError("Say why the old dates stay.", field="reason")
    keep_recalculation(uow, PlanId(asked), plan_id=plan_id, reason=reason, now=now, actor=actor)
    flash("The old dates stay.", "ok")


def _page(plan_id: PlanId, refusal: str, status: int) -> Response:
    with context.read_uow() as uow:
        plan = read_plan(uow, plan_id)
        view = open_recalculation(uow, plan_id)
    return page(
        "desk/recalculation.html",
        status=status,
        plan=plan,
        view=view,
        refusal=refusal,
        zone=context.zone(),
        typed=request.form.get("reason", ""),
    )
