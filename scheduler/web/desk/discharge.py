"""The end of a visit: what was given of each dose, in full, in part or not; and a patient who did not come."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.plans import GivenOutcome
from scheduler.services import attendance
from scheduler.services.attendance import Discharge
from scheduler.services.giving import DoseOutcome
from scheduler.services.no_shows import mark_no_show
from scheduler.services.visit_card import DoseCard, VisitCard, visit_card
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import text_typed
from scheduler.web.fragments import page
from scheduler.web.stale import version_typed

OUTCOMES = (
    (GivenOutcome.FULL.value, "Given in full"),
    (GivenOutcome.PART.value, "Given in part"),
    (GivenOutcome.NONE.value, "Not given"),
)


@desk.get("/visits/<uuid:appointment_id>/discharge")
def discharge(appointment_id: UUID) -> Response:
    """Ask what was given."""
    return _page(visit_card(context.read_uow(), AppointmentId(appointment_id)), None)


@desk.post("/visits/<uuid:appointment_id>/discharge")
def save_discharge(appointment_id: UUID) -> ResponseReturnValue:
    """Record each dose and end the visit; the rest of the plan follows or asks."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    try:
        wanted = Discharge(
            appointment_id=card.id,
            outcomes=tuple(_outcome(dose) for dose in card.doses),
            version=version_typed(request.form.get("version")),
        )
        done = attendance.discharge(
            context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
        )
    except DomainError as refusal:
        return _page(card, refusal)
    if done.recalculation_id is not None:
        flash("Recorded. Booked visits no longer fit the plan: decide.", "wait")
        return redirect(url_for("desk.recalculation", plan_id=card.doses[0].plan_id), 303)
    flash("Recorded." + (f" {done.moved} doses have new dates." if done.moved else ""), "ok")
    return redirect(url_for("desk.day", day=card.starts_at.date(), visit=card.id), 303)


@desk.post("/visits/<uuid:appointment_id>/no-show")
def no_show(appointment_id: UUID) -> ResponseReturnValue:
    """Note that a patient did not come."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    try:
        mark_no_show(
            context.unit_of_work(),
            card.id,
            version=version_typed(request.form.get("version")),
            now=context.now(),
            actor=context.actor(),
        )
        flash("Noted. A task asks to book the dose again.", "ok")
    except DomainError as refusal:
        flash(str(refusal), "stop")
    return redirect(url_for("desk.day", day=card.starts_at.date(), visit=card.id), 303)


def _outcome(dose: DoseCard) -> DoseOutcome:
    def typed(name: str) -> str:
        return text_typed(f"{name}-{dose.id.hex}", field=name)

    try:
        outcome = GivenOutcome(typed("outcome"))
    except ValueError:
        raise InvalidError(f"Dose {dose.ordinal}: say what was given.", field="outcome") from None
    return DoseOutcome(
        dose_id=dose.id,
        outcome=outcome,
        amount=_amount(typed("amount"), dose) if outcome is not GivenOutcome.NONE else None,
        reason=typed("reason"),
        product=typed("product"),
        lot=typed("lot"),
    )


def _amount(text: str, dose: DoseCard) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise InvalidError(
            f"Dose {dose.ordinal}: “{text}” is not an amount. Write a number such as 150.",
            field="amount",
        ) from None


def _page(card: VisitCard, refusal: DomainError | None) -> Response:
    return page(
        "desk/discharge.html",
        status=refusal.status if refusal else 200,
        card=card,
        outcomes=OUTCOMES,
        refusal=str(refusal) if refusal else "",
        typed=request.form,
    )
