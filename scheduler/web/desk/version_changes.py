"""What a version of a regimen would change for each patient under another one, and accepting it."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import PlanId, RegimenVersionId
from scheduler.domain.roles import Permission
from scheduler.services.accepted_versions import accepted_under
from scheduler.services.regimens import regimen_of
from scheduler.services.version_changes import (
    AcceptVersion,
    accept_version,
    note_look,
    plans_under_others,
    why_not_accepted,
)
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import id_typed
from scheduler.web.fragments import page

SHOWN = 4


@desk.get("/formulary/<uuid:version_id>/patients")
def regimen_patients(version_id: UUID) -> Response:
    """Show the patients under other versions; every look is kept in the record."""
    return _page(RegimenVersionId(version_id))


@desk.post("/formulary/<uuid:version_id>/patients")
def regimen_accept(version_id: UUID) -> ResponseReturnValue:
    """Let one patient's plan, the chosen ones, or all go on under this version."""
    one = request.form.get("one", "")
    several = request.form.getlist("known" if request.form.get("do") == "all" else "plan")
    chosen = [one] if one else several
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
    left = f" On the worklist, with visits that no longer fit: {counted(asking, 'plan')}."
    flash(f"Accepted for {counted(len(chosen), 'plan')}.{left if asking else ''}", "ok")
    return redirect(url_for("desk.regimen_patients", version_id=version_id), 303)


def _page(version_id: RegimenVersionId, refusal: DomainError | None = None) -> Response:
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
        plans = plans_under_others(uow, version_id)
        accepted = accepted_under(uow, version_id)
        why_not = why_not_accepted(uow, version_id)
    seen = len(plans) + len(accepted)
    note_look(context.unit_of_work(), version_id, seen, now=context.now(), actor=context.actor())
    return page(
        "desk/version_patients.html",
        status=refusal.status if refusal else 200,
        rule=rule,
        plans=plans,
        accepted=accepted,
        why_not=why_not,
        zone=context.zone(),
        version_id=version_id,
        refusal=str(refusal) if refusal else "",
        chosen=request.form.getlist("plan"),
        near=SHOWN,
        may_accept=not why_not and context.actor().may(Permission.APPROVE_REGIMEN),
    )
