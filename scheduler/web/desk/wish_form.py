"""What somebody asks for when looking for a time: wishes, which lean, and filters, which bind."""

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from flask import request
from wtforms import BooleanField, SelectField

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.ids import DoseId
from scheduler.services.due_together import DueTogether
from scheduler.services.offer_filters import Filters
from scheduler.services.offers import OffersWanted
from scheduler.web.desk.board_reading import drug_name
from scheduler.web.desk.patient_forms import WEEKDAYS
from scheduler.web.forms import ChecksField, DayField, Form, TimeField, choices_of

HALVES = (("", "Any time"), ("morning", "Mornings"), ("afternoon", "Afternoons"))
TIMES = {
    "morning": (time(8), time(9), time(10), time(11)),
    "afternoon": (time(13), time(14), time(15)),
}
NEEDS = (
    (ChairNeed.BED, "Bed"),
    (ChairNeed.ROOM, "Room"),
    (ChairNeed.NEAR_NURSES, "Near the nurses"),
    (ChairNeed.LIFT, "Lift"),
    (ChairNeed.ISOLATION, "Isolation"),
)


class WishForm(Form):
    """What a patient would like, and what no offer may break."""

    weekdays = ChecksField("Weekdays", choices=choices_of(WEEKDAYS[:5]))
    half = SelectField("Time of day", choices=choices_of(HALVES), validate_choice=False)
    wish_day = DayField("A certain day")
    wish_time = TimeField("at")
    only = BooleanField("Only these weekdays")
    not_earlier = TimeField("Not before")
    not_later = TimeField("Start by")
    needs = ChecksField("The chair", choices=choices_of(NEEDS))
    interpreter = BooleanField("With an interpreter")
    no_labs = BooleanField("No labs today (fast track)")
    together = ChecksField("In the same visit", choices=[])

    def wanted(self, dose_id: DoseId) -> OffersWanted:
        """Return what was asked for."""
        days = frozenset(int(day) for day in self.weekdays.data or ())
        return OffersWanted(
            dose_id=dose_id,
            weekdays=days or None,
            times=TIMES.get(self.half.data or ""),
            wish_day=self.wish_day.data,
            wish_time=self.wish_time.data,
            together=tuple(DoseId(UUID(hex=each)) for each in self.together.data or ()),
            filters=Filters(
                weekdays=days if self.only.data else frozenset(),
                not_earlier=self.not_earlier.data,
                not_later=self.not_later.data,
                needs=frozenset(ChairNeed(each) for each in self.needs.data or ()),
                interpreter=self.interpreter.data,
                no_labs=self.no_labs.data,
            ),
        )

    @property
    def filters(self) -> bool:
        """Whether anything binding is asked for."""
        asked = (self.only, self.not_earlier, self.not_later, self.needs)
        return any(each.data for each in (*asked, self.interpreter, self.no_labs))


def wish_form(others: Sequence[DueTogether]) -> WishForm:
    """Return the form of this request's address, with the doses that could share the visit."""
    form = WishForm(request.args)
    form.together.choices = choices_of(
        (
            other.dose_id.hex,
            f"{drug_name(other.ingredient)}, dose {other.ordinal}, due {other.due_on:%b} {other.due_on.day}",
        )
        for other in others
    )
    return form
