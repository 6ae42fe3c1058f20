"""The order form: what is ordered, for a new start or a patient on treatment, and when."""

from collections.abc import Collection
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from scheduler.domain.ids import CenterId, PatientId, RegimenVersionId
from scheduler.domain.indications import in_full
from scheduler.domain.order_ranges import asked_phases
from scheduler.domain.phase_numbers import phase_name
from scheduler.domain.plans import AuthorizationStatus, OrderKind
from scheduler.domain.regimen import Regimen
from scheduler.services.order_forms import EarlierDose, EnterOrder
from scheduler.services.plan_facts import Overrides
from scheduler.web.desk.patient_forms import WEEKDAYS
from scheduler.web.forms import (
    AmountField,
    ChecksField,
    DayField,
    OnceForm,
    TimeField,
    WholeField,
    choice,
    choices_of,
    required,
)
from scheduler.web.span_field import SpanField

KINDS = (
    (OrderKind.NEW_START.value, "New start, with loading doses"),
    (OrderKind.CONTINUING.value, "Already on treatment: doses given before count"),
)
AUTHORIZATIONS = (
    ("", "Not asked for"),
    *((each.value, each.value.replace("_", " ").capitalize()) for each in AuthorizationStatus),
)


class EarlierForm(PlainForm):
    """A dose given before this order."""

    day = DayField("Day")
    amount = AmountField("Amount", [Optional()])
    product = StringField("Product")
    place = StringField("Where")

    def dose(self) -> EarlierDose | None:
        """Return it; None for an empty line."""
        if self.day.data is None:
            return None
        return EarlierDose(
            day=self.day.data,
            amount=self.amount.data,
            product=(self.product.data or "").strip(),
            place=(self.place.data or "").strip(),
        )

    def validate(self, *values: Any, **named: Any) -> bool:
        """Look at the line; what was typed without a day is not dropped in silence."""
        right = super().validate(*values, **named)
        typed = self.amount.raw_data or self.product.data or self.place.data
        if self.day.data is None and not self.day.errors and any(typed or ()):
            self.day.errors = ["Enter the day of this dose, or clear the line."]
            return False
        return right


class OrderForm(OnceForm):
    """An order."""

    product = SelectField("Product", validate_choice=False)
    indication = SelectField("Indication", validate_choice=False)
    kind = choice("Start", KINDS)
    first_day = DayField("First day here", [required("Enter the first day.")])
    prescriber = StringField("Prescriber", [required("Name the prescriber.")])
    signed_on = DayField("Signed on", [required("Enter the day on which it was signed.")])
    valid_until = DayField("Valid until", [required("Enter how long the order is valid.")])
    wished_weekdays = ChecksField("Wished weekdays", choices=choices_of(WEEKDAYS))
    wished_time = TimeField("Wished time")
    earlier = FieldList(FormField(EarlierForm), min_entries=3)
    shorter = ChecksField("The order allows", choices=[])
    amount = AmountField("Own amount per dose", [Optional()])
    interval = SpanField("Own interval", description="Such as 4 weeks, 6 months or 28 days.")
    run_days = WholeField("Days in a row", [Optional()])
    phase = SelectField("Prescriber asks for", validate_choice=False)
    prior_amount = AmountField("Earlier exposure in mg/m2", [Optional()])
    authorization = choice("Prior authorization", AUTHORIZATIONS)
    confirmed = BooleanField("The days of the earlier doses are not known")
    second_plan = BooleanField("A second plan with this drug is meant")

    def fit(self, rule: Regimen, weekdays: Collection[int]) -> None:
        """Offer what the regimen has (products, indications, shorter visits) and when the center is open."""
        open_days = [pair for pair in WEEKDAYS if int(pair[0]) in weekdays]
        self.wished_weekdays.choices = choices_of(open_days)
        _options(self["product"], [(name, name) for name in rule.brands])
        named = [(name, in_full(name)) for name in rule.indications]
        _options(self["indication"], [("", "Not named"), *named])
        shorter = [visit.requires for visit in rule.visits if visit.requires]
        shorter += [name for visit in rule.visits for name, _ in visit.alternatives]
        words = [(name, name.replace("_", " ").capitalize()) for name in dict.fromkeys(shorter)]
        _options(self["shorter"], words)
        asked = [(name, _capital(phase_name(name))) for name in asked_phases(rule)]
        _options(self["phase"], [("", "What is next by the regimen"), *asked])
        own = [phase.run for phase in rule.phases if phase.run and phase.run.is_named_by_order]
        if own:
            fewest, most = min(run.days_min for run in own), max(run.days_max for run in own)
            self.run_days.description = f"{fewest} to {most} days."

    @property
    def differs(self) -> bool:
        """Whether something is typed or refused in which the order differs from the regimen."""
        own = (self.amount, self.interval, self.run_days, self.phase, self.prior_amount)
        return any(field.errors or "".join(field.raw_data or ()) for field in own)

    def request(
        self, patient_id: PatientId, center_id: CenterId, version: RegimenVersionId
    ) -> EnterOrder:
        """Return what was typed."""
        days = self.wished_weekdays.data or ()
        authorization = self.authorization.data
        return EnterOrder(
            patient_id=patient_id,
            center_id=center_id,
            regimen=version,
            product=self.product.data or "",
            indication=self.indication.data or "",
            kind=OrderKind(self.kind.data),
            first_day=self.first_day.data or date.max,
            prescriber=self.prescriber.data or "",
            signed_on=self.signed_on.data or date.max,
            valid_until=self.valid_until.data or date.max,
            wished_weekdays=frozenset(int(day) for day in days) if days else None,
            wished_time=self.wished_time.data,
            earlier=self.earlier_doses(),
            amount=self.amount.data,
            overrides=self._overrides(),
            prior_amount=self.prior_amount.data,
            authorization=AuthorizationStatus(authorization) if authorization else None,
            confirmed=self.confirmed.data,
            second_plan=self.second_plan.data,
            idempotency_key=self.idempotency_key.data or None,
        )

    def _overrides(self) -> Overrides:
        return Overrides(
            interval=self.interval.data,
            run_days=self.run_days.data,
            alternatives=frozenset(self.shorter.data or ()),
            phase=self.phase.data or "",
        )

    def earlier_doses(self) -> tuple[EarlierDose, ...]:
        """Return the earlier doses that were entered."""
        doses = [entry.form.dose() for entry in self.earlier]
        return tuple(dose for dose in doses if dose is not None)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _options(field: Any, values: list[tuple[str, str]]) -> None:
    field.choices = choices_of(values)
    field.validate_choice = False
