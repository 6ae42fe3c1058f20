"""Why not 10:15? Every start of a day with what refuses it, asked from the board."""

from datetime import date, time
from uuid import UUID

from flask import Response, request
from wtforms import HiddenField
from wtforms.validators import NumberRange, Optional

from scheduler.domain.errors import DomainError, NotFoundError
from scheduler.domain.ids import DoseId
from scheduler.domain.people import Viewed
from scheduler.services.why_day import SlotAnswer, WhyAsked, WhyDay, why_on_day
from scheduler.web import context, looks
from scheduler.web.desk import desk
from scheduler.web.forms import DayField, Form, TimeField, WholeField
from scheduler.web.fragments import page

USUAL = 120
LONGEST = 720


class WhyForm(Form):
    """Which start is asked about."""

    day = DayField("Day")
    at = TimeField("Start")
    minutes = WholeField(
        "Minutes in the chair",
        [Optional(), NumberRange(1, LONGEST, f"Write a whole number from 1 to {LONGEST}.")],
    )
    dose = HiddenField()


@desk.get("/day/why")
def why_not() -> Response:
    """Show what refuses each start of a day, the asked one first."""
    form = WhyForm(request.args or None, day=context.today(), minutes=USUAL)
    if not form.day.raw_data:
        form.day.data = context.today()
    asked_day = form.day.data or context.today()
    found: WhyDay | None = None
    if form.validate():
        try:
            found = why_on_day(context.read_uow(), _asked(form, asked_day), now=context.now())
        except NotFoundError:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
    at = form.at.data
    return page(
        "desk/why_not.html",
        fragment="desk/_why_not.html",
        status=form.status,
        form=form,
        day=asked_day,
        found=found,
        answer=_answer(found, at) if found and at else None,
        at=at,
    )


def _asked(form: WhyForm, day: date) -> WhyAsked:
    try:
        dose = DoseId(UUID(form.dose.data)) if form.dose.data else None
    except ValueError:
        raise NotFoundError("dose") from None
    if dose:
        looks.shows(Viewed.DOSE, dose)
    return WhyAsked(
        center_id=context.center_id(), day=day, dose_id=dose, minutes=form.minutes.data or USUAL
    )


def _answer(found: WhyDay, at: time) -> SlotAnswer:
    known = {answer.at: answer for answer in found.answers}
    return known.get(at) or SlotAnswer(at=at, sentence=found.closed or _off(found))


def _off(found: WhyDay) -> str:
    if not found.answers:
        return "No visit can start on this day."
    first, last = found.answers[0].at, found.answers[-1].at
    return f"Visits start from {first:%-H:%M} to {last:%-H:%M}, at the times below."
