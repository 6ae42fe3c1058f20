"""The forms of a dose's page: what became of it, given elsewhere, a wrong entry put right."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import DoseId, GivenDoseId, PlanId
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.services.corrections import CorrectGiven
from scheduler.services.dose_fates import Fate, SettleDose
from scheduler.services.extending import RecordElsewhere
from scheduler.services.page_lines import DoseLine
from scheduler.web.forms import (
    AmountField,
    DayField,
    Form,
    choice,
    choices_of,
    day_typed_in,
    required,
)

FATES = {
    Fate.MISSED: "Missed: not given on its day",
    Fate.LEFT_OUT: "Left out: it will not be given",
    Fate.DUE_AGAIN: "Due again after all",
}
OUTCOMES = (
    (GivenOutcome.FULL.value, "Given in full"),
    (GivenOutcome.PART.value, "Given in part"),
    (GivenOutcome.NONE.value, "Not given"),
)


def fates_of(line: DoseLine) -> tuple[Fate, ...]:
    """Return what a person can say of a dose as it stands."""
    if line.state is DoseState.SKIPPED:
        return (Fate.DUE_AGAIN,)
    if line.state is not DoseState.PLANNED or line.booked is not None:
        return ()
    return (Fate.LEFT_OUT, Fate.DUE_AGAIN) if line.missed else (Fate.MISSED, Fate.LEFT_OUT)


class FateForm(Form):
    """What became of a dose, and why."""

    fate = SelectField("What happened", choices=[], validate_choice=False)
    reason = StringField("Why")

    def fit(self, fates: Iterable[Fate]) -> "FateForm":
        """Offer what can be said of the dose."""
        self.fate.choices = choices_of((one.value, FATES[one]) for one in fates)
        return self

    def request(self, plan_id: PlanId, dose_id: DoseId) -> SettleDose:
        """Return what was typed.

        Raises:
            InvalidError: nothing of the list was chosen.
        """
        if self.fate.data not in set(Fate):
            raise InvalidError("Choose what happened.", field="fate")
        return SettleDose(
            plan_id=plan_id,
            dose_id=dose_id,
            fate=Fate(self.fate.data),
            reason=self.reason.data or "",
        )


class ElsewhereForm(Form):
    """A dose that another place gave."""

    day = DayField("Given on", [required("Enter the day.")])
    amount = AmountField("Amount", [Optional()])
    product = StringField("Product")
    place = StringField("Where")
    reported = BooleanField("Only the patient says so")

    def request(self, plan_id: PlanId, dose_id: DoseId) -> RecordElsewhere:
        """Return what was typed.

        Raises:
            InvalidError: no day.
        """
        return RecordElsewhere(
            plan_id=plan_id,
            dose_id=dose_id,
            day=day_typed_in(self.day),
            amount=self.amount.data,
            product=(self.product.data or "").strip(),
            place=(self.place.data or "").strip(),
            reported=self.reported.data,
        )


class CorrectionForm(Form):
    """What was really given, and how the error came about."""

    outcome = choice("It was", OUTCOMES)
    given_on = DayField("Given on", [required("Enter the day.")])
    amount = AmountField("Amount", [Optional()])
    reason = StringField("Why not in full")
    why = StringField("How the error came about")

    @classmethod
    def of(cls, line: DoseLine) -> "CorrectionForm":
        """Return the form with what is recorded now."""
        given = line.given
        if given is None:
            return cls(formdata=None)
        return cls(
            formdata=None,
            outcome=given.outcome.value,
            given_on=given.given_on,
            amount=given.amount.normalize() if given.amount else None,
            reason=given.reason,
        )

    def request(self, given_id: GivenDoseId) -> CorrectGiven:
        """Return what was typed.

        Raises:
            InvalidError: no day.
        """
        return CorrectGiven(
            given_id=given_id,
            outcome=GivenOutcome(self.outcome.data),
            given_on=day_typed_in(self.given_on),
            amount=self.amount.data,
            reason=self.reason.data or "",
            why=self.why.data or "",
        )
