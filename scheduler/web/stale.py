"""The version that a page was opened with: asked of every form that sends one, renewed when somebody else was faster."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field

from scheduler.domain.authorizations import spoken_day
from scheduler.domain.errors import InvalidError, StaleError
from scheduler.web.forms import Form

NO_VERSION = (
    "Nothing was saved: the page did not say which version it shows. Open it again, then repeat"
    " your change."
)

MOST_DIGITS = 9


def version_typed(text: str | None) -> int:
    """Return the version that a form sends.

    Raises:
        InvalidError: it sends none, as only a changed form does; without it nobody could tell whether
            somebody else was faster.
    """
    if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    raise InvalidError(NO_VERSION)


def compare(form: Form, stored: Mapping[str, Any], *, by: str = "") -> None:
    """After somebody else's change say at each field what is stored now; the same press then goes through.

    What was typed stays. Does nothing when the form was refused for another reason.

    Args:
        form: Refused.
        stored: What is stored now by the names of fields, ``version`` among it.
        by: Who changed it last, if that is known.
    """
    if not isinstance(form.refusal, StaleError):
        return
    if by:
        form.form_errors.append(f"Last changed by {by}.")
    for field in form:
        if field.short_name == "version":
            field.data = stored["version"]
        elif field.short_name in stored and _differs(field.data, stored[field.short_name]):
            field.errors = [
                *field.errors,
                f"Stored now: {_words(field, stored[field.short_name])}.",
            ]


def _differs(typed: Any, stored: Any) -> bool:
    if isinstance(typed, list):
        return sorted(typed) != sorted(stored or ())
    return (typed or None) != (stored or None)


def _words(field: Field, stored: Any) -> str:
    named = {value: label for value, label, *_ in _choices(field)}
    if isinstance(stored, list | tuple):
        return ", ".join(str(named.get(each, each)) for each in stored) or "none"
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    if isinstance(stored, date):
        return spoken_day(stored)
    if isinstance(stored, Decimal):
        return f"{stored.normalize():f}"
    return str(named.get(str(stored), stored)) if stored else "empty"


def _choices(field: Field) -> Iterable[tuple[Any, ...]]:
    return field.iter_choices() if hasattr(field, "iter_choices") else ()
