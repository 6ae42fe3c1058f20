"""Reading a JSON body field by field: what is wrong is named, what is not known is refused."""

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from scheduler.domain.errors import InvalidError
from scheduler.domain.names import LONGEST_TEXT, day_typed, in_calendar, unwritable

LARGEST_AMOUNT = 999_999_999
LARGEST_WHOLE = 2**31 - 1

Choice = TypeVar("Choice", bound=StrEnum)


class Body:
    """A JSON object; each field is read once by its type, then ``end`` refuses those that nobody read.

    Every reader raises ``InvalidError`` naming the field. Optional ones return None or what is said.
    """

    def __init__(self, values: dict[str, object]) -> None:
        self._values = dict(values)

    def _take(self, name: str) -> object:
        value = self._values.pop(name, None)
        return None if value == "" else value

    def _need(self, name: str, value: object) -> None:
        if value is None:
            raise InvalidError(f"{name} is missing.", field=name)

    def text(self, name: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        """Return a text; required unless a default is given."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        self._need(name, value)
        if not isinstance(value, str):
            raise InvalidError(f"{name} has to be a text.", field=name)
        if wrong := unwritable(value, longest=longest):
            raise InvalidError(f"{name} {wrong}", field=name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InvalidError(f"{name} has to be true or false.", field=name)
        return value

    def whole(self, name: str) -> int:
        """Return a whole number; required."""
        found = self.whole_or_none(name)
        if found is None:
            raise InvalidError(f"{name} is missing.", field=name)
        return found

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number; optional."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidError(f"{name} has to be a whole number.", field=name)
        if abs(value) > LARGEST_WHOLE:
            raise InvalidError(f"{name} is too large.", field=name)
        return value

    def amount(self, name: str) -> Decimal | None:
        """Return a positive number, written as a number or a text; optional."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = Decimal(0)
        if not found.is_finite() or found <= 0 or isinstance(value, bool):
            raise InvalidError(f"{name} has to be a number above 0.", field=name)
        if found > LARGEST_AMOUNT:
            raise InvalidError(f"{name} is too large; at most {LARGEST_AMOUNT}.", field=name)
        return found

    def id(self, name: str) -> UUID:
        """Return an id; required."""
        found = self.id_or_none(name)
        if found is None:
            raise InvalidError(f"{name} is missing.", field=name)
        return found

    def id_or_none(self, name: str) -> UUID | None:
        """Return an id; optional."""
        value = self._take(name)
        if value is None:
            return None
        try:
            return UUID(str(value))
        except ValueError:
            raise InvalidError(f"{name} has to be an id.", field=name) from None

    def day(self, name: str) -> date:
        """Return a day as 2026-03-24; required."""
        found = self.day_or_none(name)
        if found is None:
            raise InvalidError(f"{name} is missing.", field=name)
        return found

    def day_or_none(self, name: str) -> date | None:
        """Return a day as 2026-03-24; optional."""
        value = self._take(name)
        if value is None:
            return None
        found = day_typed(str(value))
        if found is None:
            raise InvalidError(f"{name}: “{value}” is not a day; write 2026-03-24.", field=name)
        return found

    def time_or_none(self, name: str) -> time | None:
        """Return a wall time as 14:30; optional."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = time.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None:  # a wall time of the center has no offset
            raise InvalidError(f"{name}: “{value}” is not a time; write 14:30.", field=name)
        return found

    def instant(self, name: str) -> datetime:
        """Return an instant with its offset, as 2026-03-24T14:30:00-04:00, in UTC; required."""
        value = self._take(name)
        self._need(name, value)
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None or not in_calendar(found):
            raise InvalidError(
                f"{name}: “{value}” is not an instant; write 2026-03-24T14:30:00-04:00.", field=name
            )
        return found.astimezone(UTC)

    def one_of(self, name: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of an enum's values; required unless a default is given."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        self._need(name, value)
        try:
            return choices(str(value))
        except ValueError:
            known = ", ".join(one.value for one in choices)
            raise InvalidError(f"{name} has to be one of: {known}.", field=name) from None

    def numbers(self, name: str) -> frozenset[int] | None:
        """Return a list of whole numbers; optional."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            raise InvalidError(f"{name} has to be a list of whole numbers.", field=name)
        return frozenset(value)

    def yes(self, name: str) -> bool:
        """Return a flag of a query: true or false; false when it is missing."""
        value = self.text(name, "false")
        if value not in ("true", "false"):
            raise InvalidError(f"{name} has to be true or false.", field=name)
        return value == "true"

    def weekdays(self, name: str) -> list[int]:
        """Return weekdays of a query as 0,2: Monday is 0; none when it is missing."""
        parts = self._parts(name)
        if not all(part in "0123456" and len(part) == 1 for part in parts):
            raise InvalidError(f"{name}: write numbers from 0, Monday, to 6: 0,2.", field=name)
        return [int(part) for part in parts]

    def several_of(self, name: str, choices: type[Choice]) -> list[Choice]:
        """Return some of an enum's values of a query, with commas between; none when it is missing."""
        try:
            return [choices(part) for part in self._parts(name)]
        except ValueError:
            known = ", ".join(one.value for one in choices)
            raise InvalidError(f"{name} has to be some of: {known}.", field=name) from None

    def ids(self, name: str) -> list[UUID]:
        """Return ids of a query with commas between; none when it is missing."""
        try:
            return [UUID(part) for part in self._parts(name)]
        except ValueError:
            raise InvalidError(f"{name} has to be ids with commas between.", field=name) from None

    def _parts(self, name: str) -> list[str]:
        text = self.text(name, "")
        return [part.strip() for part in text.split(",")] if text else []

    def objects(self, name: str) -> tuple["Body", ...]:
        """Return a list of objects; empty when it is missing."""
        value = self._take(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise InvalidError(f"{name} has to be a list of objects.", field=name)
        return tuple(Body(one) for one in value)

    def object_or_none(self, name: str) -> "Body | None":
        """Return an object; optional."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise InvalidError(f"{name} has to be an object.", field=name)
        return Body(value)

    def end(self) -> None:
        """Refuse fields that nobody read: a misspelled one must not be lost in silence."""
        if self._values:
            name = min(self._values)
            raise InvalidError(f"There is no field {name}.", field=name)


def body() -> Body:
    """Return the request's JSON object.

    Raises:
        UnsupportedMediaType: it is not sent as JSON.
        BadRequest: it is not a JSON object.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        values = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        raise BadRequest from None
    if not isinstance(values, dict):
        raise BadRequest
    return Body(values)
