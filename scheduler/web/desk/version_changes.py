"""What a version of a regimen would change for each patient under another one, and accepting it."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import PlanId, RegimenVersionId
from scheduler.domain.roles import Permission
from scheduler.services.patients import record_view
from scheduler.services.regimens import regimen_of
from scheduler.services.version_changes import (
    AcceptVersion,
    accept_version,
    plans_under_others,
)
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import id_typed
from scheduler.web.fragments import page

SHOWN = 4


@desk.get("/formulary/<uuid:version_id>/patients")
def patients_under_others(version_id: UUID) -> Response:
    """Show the patients under other versions; every look is kept in their records."""
    return _page(RegimenVersionId(version_id))


@desk.post("/formulary/<uuid:version_id>/patients")
def accept_for_patients(version_id: UUID) -> ResponseReturnValue:
    """Let one patient's plan, or the chosen ones, go on under this version."""
    one = request.form.get("one", "")
    chosen = [one] if one else request.form.getlist("plan")
    try:
        wanted = AcceptVersion(
            version_id=RegimenVersionId(version_id),
            plan_ids=tuple(PlanId(id_typed(each, "plan")) for each in chosen),
        )
        asking = accept_version(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _page(RegimenVersionId(version_id), refusal)
    left = f" {counted(asking, 'plan')} with visits that no longer fit wait on the worklist."
    flash(f"Accepted for {counted(len(chosen), 'plan')}.{left if asking else ''}", "ok")
    return redirect(url_for("desk.patients_under_others", version_id=version_id), 303)


def _page(version_id: RegimenVersionId, refusal: DomainError | None = None) -> Response:
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
        plans = plans_under_others(uow, version_id)
    with context.unit_of_work() as uow:
        for plan in plans:
            record_view(uow, plan.patient_id, now=context.now(), actor=context.actor())
        uow.commit()
    return page(
        "desk/version_patients.html",
        status=refusal.status if refusal else 200,
        rule=rule,
        plans=plans,
        version_id=version_id,
        refusal=str(refusal) if refusal else "",
        chosen=request.form.getlist("plan"),
        near=SHOWN,
        may_accept=context.actor().may(Permission.APPROVE_REGIMEN),
    )
