"""Finding a time for a dose: ranked offers, wishes with the limit that refuses them, and booking one."""

from dataclasses import replace
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import DomainError, InvalidError, NotFoundError
from scheduler.domain.ids import DoseId, ReservationId
from scheduler.domain.roles import Permission
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import days_without
from scheduler.services.booking import book_dose
from scheduler.services.due_together import due_together
from scheduler.services.offer_lines import OfferLine
from scheduler.services.offers import OfferList, OffersWanted, offers_for_dose
from scheduler.services.reservations import ReservePlace, kept_for, release_place, reserve_place
from scheduler.services.visit_card import DoseCard, dose_card
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.booking_forms import BookForm
from scheduler.web.desk.small_charts import SmallCurve, draw_small_curve
from scheduler.web.desk.window_view import WindowBar, WindowFact, draw_window
from scheduler.web.desk.wish_form import WishForm, wish_form
from scheduler.web.fragments import page

MOST = 8


@desk.get("/doses/<uuid:dose_id>/times")
def find_time(dose_id: UUID) -> Response:
    """Show the best times for a dose."""
    return _page(DoseId(dose_id), BookForm(formdata=None))


@desk.post("/doses/<uuid:dose_id>/times")
def book(dose_id: UUID) -> ResponseReturnValue:
    """Book a time; when somebody was faster, say so with the next ones."""
    form = BookForm()
    if form.validate():
        try:
            booked = book_dose(
                context.unit_of_work(),
                form.request(DoseId(dose_id)),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            day = form.day.data
            flash(_done(booked.status), "ok")
            return redirect(url_for("desk.day", day=day, visit=booked.id), 303)
    return _page(DoseId(dose_id), form)


def _done(status: AppointmentStatus) -> str:
    if status is AppointmentStatus.PENDING:
        return "Held as tentative: no prior authorization holds for that day yet."
    return "Booked. The confirmation goes out in half a minute."


@desk.post("/doses/<uuid:dose_id>/keep")
def keep_place(dose_id: UUID) -> ResponseReturnValue:
    """Keep a time for the patient on the phone for some minutes."""
    form = BookForm()
    if form.validate() and form.day.data and form.start.data:
        wanted = ReservePlace(dose_id=DoseId(dose_id), day=form.day.data, start=form.start.data)
        try:
            kept = reserve_place(
                context.unit_of_work(), wanted, now=context.now(), actor=context.actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Kept until {kept.until:%-H:%M}; then it is free again by itself.", "ok")
            return redirect(url_for("desk.find_time", dose_id=dose_id), 303)
    return _page(DoseId(dose_id), form)


@desk.post("/reservations/<uuid:reservation_id>/release")
def release_kept(reservation_id: UUID) -> ResponseReturnValue:
    """Give a kept place back before it is over."""
    dose_id = release_place(
        context.unit_of_work(),
        ReservationId(reservation_id),
        now=context.now(),
        actor=context.actor(),
    )
    flash("The place is free again.", "ok")
    return redirect(url_for("desk.find_time", dose_id=dose_id), 303)


def _page(dose_id: DoseId, form: BookForm) -> Response:
    wish = wish_form(due_together(context.read_uow(), dose_id))
    with context.read_uow() as uow:
        card = dose_card(uow, dose_id)
        kept = kept_for(uow, dose_id, now=context.now())
        found, refused = _offers(uow, dose_id, wish)
        days = [offer.day for offer in found.offers] if found else []
        without = days_without(uow, dose_id, [*days, card.due_on])
    offers = [each for each in getattr(form.refusal, "offers", ()) if isinstance(each, OfferLine)]
    who = context.actor()
    return page(
        "desk/find_time.html",
        status=max(form.status, wish.status),
        card=card,
        found=found,
        refused=refused,
        window=_window(card, found) if found else None,
        curves=[_curve(offer) for offer in found.offers] if found else [],
        wish=wish,
        form=form,
        kept=kept,
        next_offers=offers,
        without=without,
        may_outside=who.may(Permission.BOOK_OUTSIDE_WINDOW),
        may_exceed=who.may(Permission.EXCEED_NURSE_LIMITS),
        may_below=who.may(Permission.GO_BELOW_NOT_BEFORE),
    )


def _offers(uow: UnitOfWork, dose_id: DoseId, wish: WishForm) -> tuple[OfferList | None, str]:
    """Return the offers, or the sentence that says why the dose takes none."""
    asked = wish.wanted(dose_id) if wish.validate() else OffersWanted(dose_id=dose_id)
    try:
        return offers_for_dose(uow, replace(asked, limit=MOST), now=context.now()), ""
    except NotFoundError:
        raise
    except InvalidError as refusal:  # a wish that cannot be
        wish.refuse(refusal)
    except DomainError as refusal:
        return None, str(refusal)
    return offers_for_dose(uow, OffersWanted(dose_id=dose_id, limit=MOST), now=context.now()), ""


def _curve(offer: OfferLine) -> SmallCurve | None:
    if offer.curve is None:
        return None
    return draw_small_curve(offer.curve.used, offer.curve.added, offer.curve.chairs)


def _window(card: DoseCard, found: OfferList) -> WindowBar:
    return draw_window(
        WindowFact(
            earliest=found.window.earliest,
            due=card.due_on,
            latest=found.window.latest,
            today=context.today(),
            not_before=found.window.not_before,
            offers=tuple(offer.day for offer in found.offers),
        )
    )
