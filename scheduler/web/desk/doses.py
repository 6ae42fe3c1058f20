"""What became of one dose: missed, left out, due again, given elsewhere, or a wrong entry put right."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.roles import Permission
from scheduler.services.asked_phases import AskForPhase, ask_for_phase
from scheduler.services.corrections import correct_given
from scheduler.services.dose_fates import settle_dose
from scheduler.services.extending import record_elsewhere
from scheduler.services.giving import DischargeResult
from scheduler.services.page_lines import DoseLine, PatientPage, PlanLine
from scheduler.services.patient_page import page_of_plan
from scheduler.services.plan_reading import plan_of_dose, read_plan
from scheduler.services.recalculating import Followed
from scheduler.services.weight_bands import accept_schedule
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.dose_forms import CorrectionForm, ElsewhereForm, FateForm, fates_of
from scheduler.web.forms import Form, text_typed
from scheduler.web.fragments import page


@desk.get("/doses/<uuid:dose_id>")
def dose(dose_id: UUID) -> Response:
    """Show a dose with why it has its day, and what can be said of it."""
    read, plan, line = _found(DoseId(dose_id))
    return _page(read, plan, line)


@desk.post("/doses/<uuid:dose_id>/fate")
def save_fate(dose_id: UUID) -> ResponseReturnValue:
    """Mark a dose missed or left out, or due again."""
    read, plan, line = _found(DoseId(dose_id))
    form = FateForm().fit(fates_of(line))
    return _saved(read, plan, line, form, lambda: _act(settle_dose, form.request(plan.id, line.id)))


@desk.post("/doses/<uuid:dose_id>/elsewhere")
def save_elsewhere(dose_id: UUID) -> ResponseReturnValue:
    """Record that another place gave a dose."""
    read, plan, line = _found(DoseId(dose_id))
    form = ElsewhereForm()
    return _saved(
        read, plan, line, form, lambda: _act(record_elsewhere, form.request(plan.id, line.id))
    )


@desk.post("/doses/<uuid:dose_id>/correct")
def save_correction(dose_id: UUID) -> ResponseReturnValue:
    """Put a wrong entry of a given dose right; the old one stays in the record."""
    read, plan, line = _found(DoseId(dose_id))
    given = line.given
    if given is None:
        raise NotFoundError("given dose")
    form = CorrectionForm()
    return _saved(read, plan, line, form, lambda: _act(correct_given, form.request(given.id)))


def _act(act: Callable[..., Followed | DischargeResult], wanted: object) -> UUID | None:
    """Do what was asked, and return the proposal that waits for a person, if any."""
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    return act(uow, wanted, now=now, actor=actor).recalculation_id


@desk.post("/plans/<uuid:plan_id>/weight")
def accept_weight(plan_id: UUID) -> ResponseReturnValue:
    """Accept the schedule that a new weight asks for."""
    who = PlanId(plan_id)
    patient = read_plan(context.read_uow(), who).patient_id
    try:
        accept_schedule(
            context.unit_of_work(),
            who,
            reason=text_typed("reason"),
            now=context.now(),
            actor=context.actor(),
        )
    except NotFoundError:
        raise
    except DomainError as refusal:
        flash(str(refusal), "stop")
    else:
        flash("The schedule by the new weight is the plan's own now.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient), 303)


@desk.post("/plans/<uuid:plan_id>/phase")
def save_phase(plan_id: UUID) -> ResponseReturnValue:
    """Lay out a phase that the prescriber asks for."""
    who = PlanId(plan_id)
    patient = read_plan(context.read_uow(), who).patient_id
    uow, now, actor = context.unit_of_work(), context.now(), context.actor()
    try:
        wanted = AskForPhase(plan_id=who, phase=text_typed("phase"), reason=text_typed("reason"))
        asks = ask_for_phase(uow, wanted, now=now, actor=actor).recalculation_id
    except NotFoundError:
        raise
    except DomainError as refusal:
        flash(str(refusal), "stop")
    else:
        if asks is not None:
            flash("Laid out. Booked visits no longer fit the plan: decide.", "wait")
            return redirect(url_for("desk.recalculation", plan_id=plan_id), 303)
        flash("Laid out. Nothing is booked yet.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient), 303)


def _saved(
    read: PatientPage,
    plan: PlanLine,
    line: DoseLine,
    form: Form,
    save: Callable[[], UUID | None],
) -> ResponseReturnValue:
    if form.validate():
        try:
            asks = save()
        except NotFoundError:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if asks is not None:
                flash("Recorded. Booked visits no longer fit the plan: decide.", "wait")
                return redirect(url_for("desk.recalculation", plan_id=plan.id), 303)
            flash("Recorded. The plan follows.", "ok")
            return redirect(url_for("desk.patient", patient_id=read.id), 303)
    return _page(read, plan, line, form)


def _page(
    read: PatientPage, plan: PlanLine, line: DoseLine, refused: Form | None = None
) -> Response:
    actor, fates = context.actor(), fates_of(line)
    fate = refused if isinstance(refused, FateForm) else FateForm(formdata=None)
    elsewhere = refused if isinstance(refused, ElsewhereForm) else ElsewhereForm(formdata=None)
    correction = refused if isinstance(refused, CorrectionForm) else CorrectionForm.of(line)
    return page(
        "desk/dose.html",
        status=refused.status if refused else 200,
        read=read,
        plan=plan,
        line=line,
        fate=fate.fit(fates),
        fates=fates,
        elsewhere=elsewhere,
        correction=correction,
        refused=refused,
        may_change=actor.may(Permission.CHANGE_PLAN),
    )


def _found(dose_id: DoseId) -> tuple[PatientPage, PlanLine, DoseLine]:
    with context.read_uow() as uow:
        read, plan = page_of_plan(uow, plan_of_dose(uow, dose_id))
    return read, plan, next(line for line in plan.doses if line.id == dose_id)
