"""Moving and cancelling a visit by forms, and taking a change back within half a minute."""

from typing import cast
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import AppointmentId, ChangeId
from scheduler.domain.roles import Permission
from scheduler.services.authorized import days_without
from scheduler.services.cancelling import cancel_appointment
from scheduler.services.moving import move_appointment
from scheduler.services.offer_lines import OfferLine
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.readiness import newly_missing, readiness_of
from scheduler.services.undo import undo as take_back
from scheduler.services.visit_card import VisitCard, visit_card
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.booking_forms import CancelForm, MoveForm
from scheduler.web.forms import choices_of
from scheduler.web.fragments import page
from scheduler.web.gatekeepers import local_path

MOST = 6


@desk.get("/visits/<uuid:appointment_id>/move")
def move(appointment_id: UUID) -> Response:
    """Show where a visit can go."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    start = card.starts_at
    form = MoveForm(
        formdata=None,
        version=card.version,
        day=start.date(),
        start=start.time().replace(tzinfo=None),
    )
    return _move_page(form, card)


@desk.post("/visits/<uuid:appointment_id>/move")
def save_move(appointment_id: UUID) -> ResponseReturnValue:
    """Move a visit; when it was changed meanwhile, show what it is now."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    form = MoveForm()
    _with_chairs(form, card)
    doses = [dose.id for dose in card.doses]
    if form.validate():
        before = readiness_of(context.read_uow(), doses)
        try:
            move_appointment(
                context.unit_of_work(),
                form.request(card.id),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            for words in newly_missing(before, readiness_of(context.read_uow(), doses)):
                flash(f"{words}.", "wait")
            return redirect(url_for("desk.day", day=form.day.data, visit=card.id), 303)
    return _move_page(form, card)


@desk.get("/visits/<uuid:appointment_id>/cancel")
def cancel(appointment_id: UUID) -> Response:
    """Ask why a visit is cancelled."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    return _cancel_page(CancelForm(formdata=None, version=card.version), card)


@desk.post("/visits/<uuid:appointment_id>/cancel")
def save_cancel(appointment_id: UUID) -> ResponseReturnValue:
    """Cancel a visit."""
    card = visit_card(context.read_uow(), AppointmentId(appointment_id))
    form = CancelForm()
    if not form.reason.data:
        form.validate()
        form.reason.errors = ["Choose who cancels and why."]
        return _cancel_page(form, card, status=422)
    if form.validate():
        try:
            cancel_appointment(
                context.unit_of_work(),
                form.request(card.id),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("desk.day", day=card.starts_at.date()), 303)
    return _cancel_page(form, card)


@desk.post("/changes/<uuid:change_id>/undo")
def undo(change_id: UUID) -> ResponseReturnValue:
    """Take back a change of one's own."""
    try:
        words = take_back(
            context.unit_of_work(), ChangeId(change_id), now=context.now(), actor=context.actor()
        )
        flash(f"Undone: {words}", "ok")
    except NotFoundError:
        raise
    except DomainError as refusal:
        flash(str(refusal), "stop")
    return redirect(local_path(request.form.get("back") or url_for("desk.day")), 303)


def _with_chairs(form: MoveForm, card: VisitCard) -> None:
    field = cast("SelectField", form["chair_id"])
    listed = [("", "Whichever is free"), *((each.hex, name) for each, name in card.chairs)]
    field.choices = choices_of(listed)
    field.validators = []


def _move_page(form: MoveForm, card: VisitCard) -> Response:
    _with_chairs(form, card)
    who = context.actor()
    offers, window = _offers(card)
    later = [each for each in getattr(form.refusal, "offers", ()) if isinstance(each, OfferLine)]
    days = [offer.day for offer in later or offers]
    without = days_without(context.read_uow(), card.doses[0].id, days) if card.doses else None
    return page(
        "desk/move.html",
        status=form.status,
        form=form,
        card=card,
        offers=later or offers,
        window=window,
        without=without,
        may_outside=who.may(Permission.BOOK_OUTSIDE_WINDOW),
        may_exceed=who.may(Permission.EXCEED_NURSE_LIMITS),
    )


def _offers(card: VisitCard) -> tuple[list[OfferLine], str]:
    """Return the best times for the visit's doses as if they were not booked."""
    if not card.doses:
        return [], ""
    first, *others = (dose.id for dose in card.doses)
    wanted = OffersWanted(dose_id=first, limit=MOST, without=card.moving, together=tuple(others))
    try:
        found = offers_for_dose(context.read_uow(), wanted, now=context.now())
    except DomainError as refusal:
        return [], str(refusal)
    return list(found.offers), ""


def _cancel_page(form: CancelForm, card: VisitCard, status: int = 0) -> Response:
    return page("desk/cancel.html", status=status or form.status, form=form, card=card)
