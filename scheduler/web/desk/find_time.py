"""Finding a time for a dose: ranked offers, wishes with the limit that refuses them, and booking one."""

from datetime import time
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import DoseId
from scheduler.domain.roles import Permission
from scheduler.services.booking import book_dose
from scheduler.services.offers import OfferLine, OfferList, OffersWanted, offers_for_dose
from scheduler.services.visit_card import DoseCard, dose_card
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.booking_forms import BookForm
from scheduler.web.desk.patient_forms import WEEKDAYS
from scheduler.web.desk.window_view import WindowBar, WindowFact, draw_window
from scheduler.web.forms import ChecksField, DayField, Form, TimeField, choices_of
from scheduler.web.fragments import page

MOST = 8
HALVES = (("", "Any time"), ("morning", "Mornings"), ("afternoon", "Afternoons"))
TIMES = {
    "morning": (time(8), time(9), time(10), time(11)),
    "afternoon": (time(13), time(14), time(15)),
}


class WishForm(Form):
    """What a patient would like."""

    weekdays = ChecksField("Weekdays", choices=choices_of(WEEKDAYS[:5]))
    half = SelectField("Time of day", choices=choices_of(HALVES), validate_choice=False)
    wish_day = DayField("A certain day")
    wish_time = TimeField("at")

    def wanted(self, dose_id: DoseId) -> OffersWanted:
        """Return what was asked for."""
        days = frozenset(int(day) for day in self.weekdays.data or ())
        return OffersWanted(
            dose_id=dose_id,
            limit=MOST,
            weekdays=days or None,
            times=TIMES.get(self.half.data or ""),
            wish_day=self.wish_day.data,
            wish_time=self.wish_time.data,
        )


@desk.get("/doses/<uuid:dose_id>/times")
def find_time(dose_id: UUID) -> Response:
    """Show the best times for a dose."""
    wish = WishForm(request.args)
    return _page(DoseId(dose_id), wish, BookForm(formdata=None))


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
            flash("Booked. The confirmation goes out in half a minute.", "ok")
            return redirect(url_for("desk.day", day=day, visit=booked.id), 303)
    return _page(DoseId(dose_id), WishForm(formdata=None), form)


def _page(dose_id: DoseId, wish: WishForm, form: BookForm) -> Response:
    with context.read_uow() as uow:
        card = dose_card(uow, dose_id)
        found, refused = _offers(dose_id, wish)
    offers = [each for each in getattr(form.refusal, "offers", ()) if isinstance(each, OfferLine)]
    who = context.actor()
    return page(
        "desk/find_time.html",
        status=form.status,
        card=card,
        found=found,
        refused=refused,
        window=_window(card, found) if found else None,
        wish=wish,
        form=form,
        next_offers=offers,
        may_outside=who.may(Permission.BOOK_OUTSIDE_WINDOW),
        may_exceed=who.may(Permission.EXCEED_NURSE_LIMITS),
        may_below=who.may(Permission.GO_BELOW_NOT_BEFORE),
    )


def _offers(dose_id: DoseId, wish: WishForm) -> tuple[OfferList | None, str]:
    """Return the offers, or the sentence that says why the dose takes none."""
    if not wish.validate():
        wish = WishForm(formdata=None)
    try:
        return offers_for_dose(context.read_uow(), wish.wanted(dose_id), now=context.now()), ""
    except DomainError as refusal:
        return None, str(refusal)


def _window(card: DoseCard, found: OfferList) -> WindowBar:
    return draw_window(
        WindowFact(
            earliest=card.earliest,
            due=card.due_on,
            latest=card.latest,
            today=context.today(),
            not_before=found.window.not_before,
            offers=tuple(offer.day for offer in found.offers),
        )
    )
