"""Values of the services as JSON: days and instants as ISO 8601, amounts as text, ids as text."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def shown(value: object) -> Json:
    """Return a value of the services, and what it is made of, as JSON can hold it.

    Raises:
        TypeError: of a kind that no service returns.
    """
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return _composed(value)


def _composed(value: object) -> Json:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: shown(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [shown(one) for one in value]
    raise TypeError(f"{type(value).__name__} is not shown")
