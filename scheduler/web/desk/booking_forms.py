"""Forms that book, move and cancel."""

from uuid import UUID

from wtforms import BooleanField, HiddenField, StringField

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, ChairId, DoseId
from scheduler.services.booking import BookDose
from scheduler.services.cancelling import CancelAppointment
from scheduler.services.moving import MoveAppointment
from scheduler.web.forms import DayField, Form, OnceForm, TimeField, choice, id_typed, required
from scheduler.web.stale import version_typed

REASONS = tuple(
    (each.value, each.value.replace("_", " ").capitalize())
    for each in CancellationReason
    if each is not CancellationReason.DECEASED
)


class BookForm(OnceForm):
    """A day and a time for a dose."""

    day = DayField("Day", [required("Enter the day.")])
    start = TimeField("Start", [required("Enter the time.")])
    outside_window_reason = StringField("Why outside the window")
    override_reason = StringField("Why over the nurse limits")
    documented_order = StringField("Prescriber's order for a day below the not-before")
    second_person = StringField("Second person who checked it")
    together = HiddenField()

    def request(self, dose_id: DoseId) -> BookDose:
        """Return what was typed."""
        return BookDose(
            dose_id=dose_id,
            day=self.day.data,
            start=self.start.data,
            idempotency_key=self.idempotency_key.data or None,
            outside_window_reason=self.outside_window_reason.data or "",
            override_reason=self.override_reason.data or "",
            documented_order=self.documented_order.data or "",
            second_person=self.second_person.data or "",
            together=_ids(self.together.data or ""),
        )


def _ids(text: str) -> tuple[DoseId, ...]:
    """Return the doses of a hidden field.

    Raises:
        NotFoundError: it holds something that never was an id.
    """
    try:
        return tuple(DoseId(UUID(hex=each)) for each in text.split())
    except ValueError:
        raise NotFoundError("dose") from None


class MoveForm(Form):
    """Where a visit goes."""

    version = HiddenField()
    day = DayField("Day", [required("Enter the day.")])
    start = TimeField("Start", [required("Enter the time.")])
    chair_id = choice("Chair", [("", "Whichever is free")])
    reason = StringField("Reason")
    told_by_phone_name = StringField("Told by phone to")
    outside_window_reason = StringField("Why outside the window")
    override_reason = StringField("Why over the nurse limits")

    def request(self, appointment_id: AppointmentId) -> MoveAppointment:
        """Return what was typed."""
        chair = self["chair_id"].data
        told = (self.told_by_phone_name.data or "").strip()
        return MoveAppointment(
            appointment_id=appointment_id,
            version=version_typed(self.version.data),
            day=self.day.data,
            start=self.start.data,
            chair_id=ChairId(id_typed(chair, "chair")) if chair else None,
            told=bool(told),
            told_by_phone_name=told,
            reason=self.reason.data or "",
            outside_window_reason=self.outside_window_reason.data or "",
            override_reason=self.override_reason.data or "",
        )


class CancelForm(Form):
    """Who cancels and why."""

    version = HiddenField()
    reason = choice("Reason", [("", "Choose a reason"), *REASONS])
    note = StringField("Note")
    sure = BooleanField("Yes")

    def request(self, appointment_id: AppointmentId) -> CancelAppointment:
        """Return what was typed."""
        return CancelAppointment(
            appointment_id=appointment_id,
            reason=CancellationReason(self.reason.data),
            version=version_typed(self.version.data),
            note=self.note.data or "",
        )
