"""The forms of a plan's requirements page: result, authorization, giving back, enrolment, drug."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Optional

from scheduler.domain.clinical_events import event_words
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import PlanId
from scheduler.domain.plans import AuthorizationStatus, RequirementStatus
from scheduler.domain.programs import Subject
from scheduler.services.authorizations import GiveBack, RecordAuthorization
from scheduler.services.clinical_events import RecordEvent
from scheduler.services.page_lines import PlanLine
from scheduler.services.record_lines import AuthorizationLine
from scheduler.services.requirements import CLEARED, RecordRequirement
from scheduler.web.desk.requirements_view import RequirementRow, RequirementsShown
from scheduler.web.desk.supply_form import supply_form
from scheduler.web.forms import (
    AmountField,
    DayField,
    Form,
    WholeField,
    choices_of,
    day_typed_in,
    enum_choice,
    id_typed,
    named,
    required,
)
from scheduler.web.stale import compare, version_typed
from scheduler.web.words import capital


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


def result_form(row: RequirementRow, refused: Form | None) -> Form:
    """Return the form of one requirement; what was typed stays in the one that was refused."""
    line = row.line
    stored = {name: getattr(line, name) for name in ("version", "result_on", "valid_until", "note")}
    if refused is not None and isinstance(refused, ResultForm) and refused.code.data == line.code:
        compare(refused, stored | {"stands": line.status.value}, by=line.changed_by)
        form: Form = refused
    else:
        first = RequirementStatus.MET if row.may_clear else RequirementStatus.REQUESTED
        form = ResultForm(formdata=None, code=line.code, stands=first.value, **stored)
    form.stands.choices = [each for each in form.stands.choices if each.value not in _refused(row)]
    return named(form, line.code)


def _refused(row: RequirementRow) -> set[str]:
    """Return what would be refused, so that nobody is offered it: to clear, or to waive what is always needed."""
    waived = set() if row.rule.may_be_not_needed else {RequirementStatus.NOT_NEEDED.value}
    cleared = set() if row.may_clear else {each.value for each in CLEARED}
    return waived | cleared


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
        if line is not None:
            compare(refused, _stored(line))
        return named(refused, key or "new")
    if line is None:
        form = AuthorizationForm(formdata=None, stands=AuthorizationStatus.APPROVED.value)
    else:
        form = AuthorizationForm(formdata=None, authorization_id=key, **_stored(line))
    return named(form, key or "new")


def _stored(line: AuthorizationLine) -> dict[str, Any]:
    """Return what an authorization says, by the names of the fields of its form."""
    same = ("version", "number", "from_day", "until_day", "visits")
    units = line.units.normalize() if line.units else None
    values = {name: getattr(line, name) for name in same}
    return values | {"stands": line.status.value, "units": units}


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


def forms_of(plan: PlanLine, view: RequirementsShown, refused: Form | None) -> dict[str, object]:
    """Return all forms of the page by what they are about."""
    kept = refused if isinstance(refused, RemsForm) else None
    event = refused if isinstance(refused, EventForm) else EventForm(formdata=None)
    return {
        "result": {row.line.code: result_form(row, refused) for row in view.rows},
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
        "supply": {row.dose.id: supply_form(plan, row.dose.id, refused) for row in view.supplies},
        "plan_supply": supply_form(plan, None, refused),
    }
