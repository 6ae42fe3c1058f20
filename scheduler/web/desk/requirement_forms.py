"""The forms of a plan's requirements page: result, authorization, giving back, enrolment, drug."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Optional

from scheduler.domain.clinical_events import event_words
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.domain.programs import Subject
from scheduler.domain.supply import ROUTES, STATES
from scheduler.services.authorizations import GiveBack, RecordAuthorization
from scheduler.services.clinical_events import RecordEvent
from scheduler.services.page_lines import PlanLine
from scheduler.services.record_lines import AuthorizationLine, RequirementLine
from scheduler.services.requirements import RecordRequirement
from scheduler.services.supplies import RecordSupply
from scheduler.web.forms import (
    AmountField,
    DayField,
    Form,
    WholeField,
    choice,
    choices_of,
    day_typed_in,
    enum_choice,
    id_typed,
    required,
)
from scheduler.web.stale import version_typed
from scheduler.web.words import capital


def named(form: Form, key: object) -> Form:
    """Give the fields of one of several like forms ids of their own."""
    for field in form:
        field.id = f"{field.short_name}-{key}"
        field.label.field_id = field.id
    return form


class ResultForm(Form):
    """Where one requirement stands."""

    code = HiddenField()
    version = HiddenField()
    stands = enum_choice("It is", RequirementStatus)
    result_on = DayField("Day of the sample or document")
    valid_until = DayField("Valid until")
    note = StringField("Note")

    def request(self, plan_id: PlanId) -> RecordRequirement:
        """Return what was typed."""
        return RecordRequirement(
            plan_id=plan_id,
            code=self.code.data or "",
            status=RequirementStatus(self.stands.data),
            result_on=self.result_on.data,
            valid_until=self.valid_until.data,
            note=self.note.data or "",
            version=version_typed(self.version.data),
        )


def result_form(line: RequirementLine, refused: Form | None) -> Form:
    """Return the form of one requirement; what was typed stays in the one that was refused."""
    mine = isinstance(refused, ResultForm) and refused.code.data == line.code
    if refused is not None and mine:
        return named(refused, line.code)
    form = ResultForm(
        formdata=None,
        code=line.code,
        version=line.version,
        stands=RequirementStatus.MET.value,
        result_on=line.result_on,
        valid_until=line.valid_until,
        note=line.note,
    )
    return named(form, line.code)


class AuthorizationForm(Form):
    """A prior authorization."""

    authorization_id = HiddenField()
    version = HiddenField()
    stands = enum_choice("It is", AuthorizationStatus)
    number = StringField("Number")
    from_day = DayField("From")
    until_day = DayField("Until")
    visits = WholeField("Visits", [Optional()])
    units = AmountField("Units", [Optional()])

    def request(self, plan_id: PlanId) -> RecordAuthorization:
        """Return what was typed."""
        known = self.authorization_id.data
        return RecordAuthorization(
            plan_id=plan_id,
            status=AuthorizationStatus(self.stands.data),
            number=self.number.data or "",
            from_day=self.from_day.data,
            until_day=self.until_day.data,
            visits=self.visits.data,
            units=self.units.data,
            authorization_id=PlanId(id_typed(known, "authorization")) if known else None,
            version=version_typed(self.version.data) if known else None,
        )


def authorization_form(line: AuthorizationLine | None, refused: Form | None) -> Form:
    """Return the form of one authorization, or of a new one."""
    key = line.id.hex if line else ""
    mine = isinstance(refused, AuthorizationForm) and (refused.authorization_id.data or "") == key
    if refused is not None and mine:
        return named(refused, key or "new")
    if line is None:
        form = AuthorizationForm(formdata=None, stands=AuthorizationStatus.APPROVED.value)
    else:
        form = AuthorizationForm(
            formdata=None,
            authorization_id=key,
            version=line.version,
            stands=line.status.value,
            number=line.number,
            from_day=line.from_day,
            until_day=line.until_day,
            visits=line.visits,
            units=line.units.normalize() if line.units else None,
        )
    return named(form, key or "new")


class GiveBackForm(Form):
    """What a dose did not use."""

    use_id = HiddenField()
    units = AmountField("Units not used", [Optional()])
    reason = StringField("Why")

    def request(self, plan_id: PlanId, *, whole: bool) -> GiveBack:
        """Return what was typed.

        Raises:
            InvalidError: neither the whole visit nor a number of units.
        """
        units: Decimal | None = self.units.data
        if units is None and not whole:
            raise InvalidError("Say how many units were not used.", field="units")
        return GiveBack(
            plan_id=plan_id,
            use_id=id_typed(self.use_id.data or "", "dose"),
            units=None if whole else units,
            reason=self.reason.data or "",
        )


def give_back_form(use_id: UUID, refused: Form | None) -> Form:
    """Return the form that gives back what one dose did not use."""
    mine = isinstance(refused, GiveBackForm) and refused.use_id.data == use_id.hex
    if refused is not None and mine:
        return named(refused, use_id.hex)
    return named(GiveBackForm(formdata=None, use_id=use_id.hex), use_id.hex)


class RemsForm(Form):
    """An enrolment in the product's program."""

    subject = enum_choice("Who is enrolled", Subject)
    enrolled_on = DayField("Enrolled on")
    valid_until = DayField("Valid until")


class EventForm(Form):
    """A clinical event of a day, such as plasma exchange; the plan's regimen says which matter."""

    name = SelectField("What", choices=[], validate_choice=False)
    on_day = DayField("On", [required("Enter the day.")])
    note = StringField("Note")

    def fit(self, names: Iterable[str]) -> "EventForm":
        """Offer the events that the regimen names."""
        self.name.choices = choices_of((name, capital(event_words(name))) for name in names)
        return self

    def request(self, plan_id: PlanId) -> RecordEvent:
        """Return what was typed.

        Raises:
            InvalidError: no day.
        """
        return RecordEvent(
            plan_id=plan_id,
            name=self.name.data or "",
            on_day=day_typed_in(self.on_day),
            note=self.note.data or "",
        )


class WithdrawForm(Form):
    """An event that was entered in error."""

    event_id = HiddenField()
    why = StringField("Why")


def withdraw_form(event_id: UUID, refused: Form | None) -> Form:
    """Return the form that takes out one event."""
    mine = isinstance(refused, WithdrawForm) and refused.event_id.data == event_id.hex
    form = refused if refused is not None and mine else None
    return named(form or WithdrawForm(formdata=None, event_id=event_id.hex), event_id.hex)


class SupplyForm(Form):
    """Drug for a dose, or for all doses of the plan; version 0 when nothing is recorded yet."""

    dose_id = HiddenField()
    version = HiddenField()
    route = choice("From", [(key, words.capitalize()) for key, words in ROUTES.items()])
    stands = choice("It is", [(each, each.replace("_", " ").capitalize()) for each in STATES])
    expected_on = DayField("Expected on")
    received_on = DayField("Received on")
    received_amount = AmountField("Received amount", [Optional()])
    allocated_amount = AmountField("Allocated to this dose", [Optional()])
    lot = StringField("Lot")

    def request(self, plan_id: PlanId) -> RecordSupply:
        """Return what was typed."""
        known = self.dose_id.data
        return RecordSupply(
            plan_id=plan_id,
            dose_id=DoseId(id_typed(known, "dose")) if known else None,
            route=self.route.data,
            status=self.stands.data,
            expected_on=self.expected_on.data,
            received_on=self.received_on.data,
            received_amount=self.received_amount.data,
            allocated_amount=self.allocated_amount.data,
            lot=(self.lot.data or "").strip(),
            version=version_typed(self.version.data),
        )


def supply_form(plan: PlanLine, dose_id: UUID | None, refused: Form | None) -> Form:
    """Return the form of the drug for one dose, or for the plan."""
    key = dose_id.hex if dose_id else ""
    mine = isinstance(refused, SupplyForm) and (refused.dose_id.data or "") == key
    if refused is not None and mine:
        return named(refused, key or "plan")
    line = next((each for each in plan.supplies if each.dose_id == dose_id), None)
    start = line or next((each for each in plan.supplies if each.dose_id is None), None)
    form = SupplyForm(
        formdata=None,
        dose_id=key,
        version=line.version if line else 0,
        route=start.route if start else None,
        stands=line.status if line else None,
        expected_on=line.expected_on if line else None,
        received_on=line.received_on if line else None,
        received_amount=line.received_amount if line else None,
        allocated_amount=line.allocated_amount if line else None,
        lot=line.lot if line else "",
    )
    return named(form, key or "plan")


def forms_of(plan: PlanLine, doses: Iterable[UUID], refused: Form | None) -> dict[str, object]:
    """Return all forms of the page by what they are about."""
    kept = refused if isinstance(refused, RemsForm) else None
    event = refused if isinstance(refused, EventForm) else EventForm(formdata=None)
    return {
        "result": {line.code: result_form(line, refused) for line in plan.requirements},
        "authorization": {
            line.id: authorization_form(line, refused) for line in plan.authorizations
        },
        "new": authorization_form(None, refused),
        "back": {
            use.id: give_back_form(use.id, refused)
            for line in plan.authorizations
            for use in line.uses
        },
        "event": named(event.fit(plan.event_names), "event"),
        "withdraw": {line.id: withdraw_form(line.id, refused) for line in plan.happened},
        "rems": named(kept or RemsForm(formdata=None), "rems"),
        "supply": {dose_id: supply_form(plan, dose_id, refused) for dose_id in doses},
        "plan_supply": supply_form(plan, None, refused),
    }
