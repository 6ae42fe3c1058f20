"""A JSON Schema of regimen files, for editors: what the loader asks of a file, written down while it asks."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from scheduler.domain.dates import Interval
from scheduler.domain.grammar import read_regimen
from scheduler.domain.grammar_table import MISSING, NUMBER, GrammarError, Table

Schema = dict[str, Any]
Value = TypeVar("Value")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SPAN: Schema = {
    "type": "string",
    "pattern": r"^-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$",
    "description": "A span such as P6M, P24W or P14D; months are never converted.",
}
TYPES: Mapping[Any, str] = {str: "string", int: "integer", bool: "boolean", NUMBER: "number"}
PLAIN: Mapping[Any, Any] = {str: "1", int: 1, bool: False, NUMBER: 1, list: []}


def schema() -> Schema:
    """Return the schema of a regimen file.

    The loader reads a table that notes every key it takes, with its kind and whether it may be missing, so the
    schema cannot say anything else than the loader does.
    """
    top = NotedTable()
    read_regimen(top)
    return {
        "$schema": DRAFT,
        "title": "Infusion regimen",
        "description": "One dosing rule for a route, regions and indications. Every number has a source.",
        **top.noted(),
    }


class NotedTable(Table):
    """A table that answers every question with something of the right kind, and notes the question."""

    def __init__(self) -> None:
        super().__init__({}, "schema")
        self._keys: dict[str, Schema | NotedTable | list[NotedTable]] = {}
        self._needed: list[str] = []

    def noted(self) -> Schema:
        """Return what was asked, as a schema of the table."""
        found: Schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: _schema_of(value) for key, value in self._keys.items()},
        }
        if self._needed:
            found["required"] = sorted(self._needed)
        return found

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Say that the loader refused what should have pleased it: a mistake of ours."""
        raise GrammarError("schema", key, sentence)

    def names(self) -> tuple[str, ...]:
        """Return no keys: a table of free keys is noted as such."""
        return ()

    def done(self) -> None:
        """Refuse nothing: all keys are those that were asked for."""

    def _note(self, key: str, what: Schema, *, needed: bool = False) -> None:
        self._keys[key] = what
        if needed:
            self._needed.append(key)

    def taken(self, key: str, kind: Any, default: Any = MISSING) -> Any:
        """Note a key of a kind, needed when it has no default."""
        needed = default is MISSING
        self._note(key, {"type": TYPES[kind]}, needed=needed)
        return PLAIN[kind] if needed else default

    def optional(self, key: str, parse: Callable[[str], Value]) -> Value | None:  # noqa: ARG002 - as the table it stands for
        """Note a text that may be missing."""
        self._note(key, {"type": "string"})
        return None

    def span(self, key: str) -> Interval | None:
        """Note a span that may be missing."""
        self._note(key, SPAN)
        return None

    def needed_span(self, key: str) -> Interval:
        """Note a span."""
        self._note(key, SPAN, needed=True)
        return Interval(days=1)

    def spans(self, key: str) -> tuple[Interval, ...]:
        """Note a list of spans."""
        self._note(key, {"type": "array", "items": SPAN})
        return ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Note a list of texts."""
        self._note(key, {"type": "array", "items": {"type": "string"}})
        return ()

    def counts(self, key: str) -> tuple[int, ...]:
        """Note a list of whole numbers from 1 on."""
        self._note(key, {"type": "array", "items": {"type": "integer", "minimum": 1}})
        return ()

    def decimals(self, key: str) -> tuple[Decimal, ...]:
        """Note a list of numbers."""
        self._note(key, {"type": "array", "items": {"type": "number"}})
        return ()

    def one_of(self, key: str, allowed: Sequence[str], default: Any = MISSING) -> str:
        """Note one of some words."""
        words = [str(word) for word in allowed]
        self._note(key, {"enum": words}, needed=default is MISSING)
        return words[0] if default is MISSING else str(default)

    def sub(self, key: str) -> "NotedTable":
        """Note a table inside this one; the loader goes on as if it were there."""
        below = NotedTable()
        self._keys[key] = below
        return below

    def needed_sub(self, key: str) -> "NotedTable":
        """Note a table that must be there."""
        self._needed.append(key)
        return self.sub(key)

    def tables(self, key: str) -> "Sequence[NotedTable]":
        """Note a list of tables; the loader goes on as if there were one."""
        below = NotedTable()
        self._keys[key] = [below]
        return [below]

    def mapping(self, key: str, kind: Any, *, needed: bool = False) -> Mapping[str, Any]:
        """Note a table whose keys are free."""
        free = {"type": "object", "additionalProperties": {"type": TYPES[kind]}}
        self._note(key, free, needed=needed)
        return {}


def _schema_of(noted: "Schema | NotedTable | list[NotedTable]") -> Schema:
    if isinstance(noted, NotedTable):
        return noted.noted()
    if isinstance(noted, list):
        return {"type": "array", "items": noted[0].noted()}
    return noted
