"""Forms: fields that say in a sentence what is wrong, and keep what was typed."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from scheduler.domain.errors import DomainError, InvalidError, NeedsConfirmationError
from scheduler.domain.names import day_typed, require_writable, unwritable

UNPROCESSABLE = 422
HOURS_OF_A_DAY = 24
MINUTES_OF_AN_HOUR = 60
LARGEST = 10**8


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that can take up a refusal of a service.

    The cross-site token is checked for the whole blueprint, so forms have none of their own;
    their templates write ``{{ csrf() }}``.
    """

    class Meta:
        """Settings of all our forms."""

        csrf = False

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.refusal: DomainError | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether everything can be used; a text that cannot be stored is named like any mistake."""
        right = bool(super().validate(extra_validators))
        for field in texts_in(self):
            if wrong := unwritable(field.data):
                field.errors = [*field.errors, f"It {wrong}"]
        for lines in (field for field in self if isinstance(field, FieldList)):
            found = [line.errors for line in lines]
            lines.errors = found if any(found) else []
        return right and not any(field.errors for field in self)

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at the field that it names, or above the form."""
        self.refusal = refusal
        named = self._fields.get(refusal.field or "")
        if named is None:
            self.form_errors.append(str(refusal))
        else:
            named.errors = [*named.errors, str(refusal)]

    @property
    def asks(self) -> bool:
        """Whether the service asks a person to confirm something unusual."""
        return isinstance(self.refusal, NeedsConfirmationError)

    @property
    def status(self) -> int:
        """The status to answer with: 200, 422 for what was typed, or the refusal's own."""
        if self.refusal is not None:
            return self.refusal.status
        return UNPROCESSABLE if self.errors else 200


def texts_in(fields: Iterable[Any]) -> Iterator[Any]:
    """Yield every field whose value is a text, those in the lines of a list too."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from texts_in(field)
        elif isinstance(field.data, str):
            yield field


def text_typed(name: str, *, field: str = "") -> str:
    """Return a text that was typed into a form without a class, without space around it.

    ``field`` is what a refusal names when the form's own name for it says more than that.

    Raises:
        InvalidError: it cannot be stored; names the field.
    """
    return require_writable(request.form.get(name, ""), field=field or name)


class OnceForm(Form):
    """A form whose second press does nothing: its key is drawn when it is shown."""

    idempotency_key = HiddenField(default=lambda: uuid4().hex)

    def renew(self) -> None:
        """Draw a new key: what is shown now is another request than the one that was refused."""
        self.idempotency_key.data = uuid4().hex


class DayField(Field):
    """A day, typed as 2026-03-24 or 3/24/2026; ``data`` is a ``date`` or None."""

    widget = TextInput()
    data: date | None

    def __init__(self, label: str, validators: list[Any] | None = None, **named: Any) -> None:
        named["render_kw"] = {"type": "date", **(named.get("render_kw") or {})}
        super().__init__(label, validators, **named)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day.

        Raises:
            ValueError: the calendar has no such day.
        """
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        self.data = day_typed(text)
        if self.data is None:
            raise ValueError(
                f"“{text}” is not a day of the calendar. Write it as 2026-03-24 or 3/24/2026."
            )


class TimeField(Field):
    """A wall time, typed as 9:30 or 14:00; ``data`` is a ``time`` or None."""

    widget = TextInput()
    data: time | None

    def __init__(self, label: str, validators: list[Any] | None = None, **named: Any) -> None:
        named["render_kw"] = {"type": "time", **(named.get("render_kw") or {})}
        super().__init__(label, validators, **named)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time.

        Raises:
            ValueError: the clock has no such time.
        """
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        hours, _, minutes = text.partition(":")
        right = text.isascii() and hours.isdigit() and minutes[:2].isdigit()
        if not right or int(hours) >= HOURS_OF_A_DAY or int(minutes[:2]) >= MINUTES_OF_AN_HOUR:
            raise ValueError(f"“{text}” is not a time. Write it as 9:30 or 14:00.")
        self.data = time(int(hours), int(minutes[:2]))


class AmountField(DecimalField):
    """An amount; ``data`` is a ``Decimal`` or None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount.

        Raises:
            ValueError: it is no number.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a number such as 150.") from None
        if self.data is not None and not (self.data.is_finite() and abs(self.data) < LARGEST):
            self.data = None
            raise ValueError("That is no amount; check the number.")


class WholeField(IntegerField):
    """A whole number; ``data`` is an ``int`` or None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number.

        Raises:
            ValueError: it is no whole number.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a whole number such as 28.") from None
        if self.data is not None and abs(self.data) >= LARGEST:
            self.data = None
            raise ValueError("That is more than anything; check the number.")


class ChecksField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AddressField(StringField):
    """An e-mail address; the service looks at it closely."""

    def __init__(self, label: str, validators: list[Any] | None = None, **named: Any) -> None:
        named["render_kw"] = {
            "type": "email",
            "inputmode": "email",
            **(named.get("render_kw") or {}),
        }
        super().__init__(label, validators, **named)


def choice(label: str, values: Iterable[tuple[str, str]], **named: Any) -> SelectField:
    """Return a field with one choice of several, refusing others with a sentence."""
    listed = list(values)
    field: SelectField = SelectField(
        label,
        choices=choices_of(listed),
        validate_choice=False,
        validators=[_one_of(listed)],
        **named,
    )
    return field


def choices_of(values: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, words) pairs as a select field or check boxes take them."""
    return [SelectChoice(value=value, label=words) for value, words in values]


def enum_choice(label: str, enum: type[StrEnum], *, empty: str = "", **named: Any) -> SelectField:
    """Return a choice among an enum's values in words; ``empty`` is the word for none of them."""
    values = [(one.value, one.value.replace("_", " ").capitalize()) for one in enum]
    return choice(label, [("", empty), *values] if empty else values, **named)


def _one_of(listed: list[tuple[str, str]]) -> Any:
    known = {value for value, _ in listed}

    def check(_form: Any, field: Field) -> None:
        if field.data not in known:
            raise ValidationError("Choose one of the list.")

    return check


def day_typed_in(field: DayField, *, otherwise: str = "Enter the day.") -> date:
    """Return the day of a field that needs one.

    Raises:
        InvalidError: there is none; names the field.
    """
    if field.data is None:
        raise InvalidError(otherwise, field=field.short_name)
    return field.data


def id_typed(text: str, words: str) -> UUID:
    """Return the id of a hidden field or a choice.

    Raises:
        InvalidError: it is none; only a changed form sends that.
    """
    try:
        return UUID(hex=text)
    except ValueError:
        raise InvalidError(f"Choose one of the list: {words}.", field=f"{words}_id") from None


def required(sentence: str) -> InputRequired:
    """Return a validator that says what to enter: ``required("Enter the family name.")``."""
    return InputRequired(sentence)


def named(form: Form, key: object) -> Form:
    """Give the fields of one of several like forms ids of their own."""
    for field in form:
        field.id = f"{field.short_name}-{key}"
        field.label.field_id = field.id
    return form
