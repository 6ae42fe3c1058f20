"""A regimen as a form: every table of the grammar with its fields, rows added and removed, nothing typed lost."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler.domain.errors import NotFoundError
from scheduler.domain.grammar_lines import Path
from scheduler.domain.grammar_table import GrammarError

Schema = Mapping[str, Any]
Typed = MultiDict[str, str]

# longer ones stay text, which the loader refuses in words
WHOLE, NUMBER = re.compile(r"-?[0-9]{1,18}"), re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")
ROW = re.compile(r"[0-9]{1,4}")
AT = "at"  # names the tables that are there, also those in which nothing is typed


@dataclass(slots=True)
class FormTable:
    """One table as it was typed: fields by key, tables and rows by key, free pairs by key."""

    values: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list["FormTable"]] = field(default_factory=dict)
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed in it."""
        return not any(self.values.values()) and not self.tables and not self.pairs


def is_rows(node: Schema) -> bool:
    """Say whether a key holds a list of tables."""
    return node.get("type") == "array" and node["items"].get("type") == "object"


def is_table(node: Schema) -> bool:
    """Say whether a key holds one table of known keys."""
    return "properties" in node


def is_pairs(node: Schema) -> bool:
    """Say whether a key holds a table of free keys."""
    return isinstance(node.get("additionalProperties"), dict)


def below(node: Schema) -> Schema:
    """Return the schema of a key's tables."""
    found: Schema = node["items"] if is_rows(node) else node
    return found


def from_document(schema: Schema, document: Mapping[str, Any]) -> FormTable:
    """Return a document as a form shows it."""
    made = FormTable()
    for key, node in schema["properties"].items():
        value = document.get(key)
        if value is None:
            continue
        if is_pairs(node):
            made.pairs[key] = [(name, str(each)) for name, each in value.items()]
        elif is_rows(node) or is_table(node):
            rows = value if is_rows(node) else [value]
            made.tables[key] = [from_document(below(node), row) for row in rows]
        else:
            made.values[key] = _typed(value)
    return made


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def from_form(schema: Schema, form: Typed, prefix: str = "") -> FormTable:
    """Return what was typed, of the keys that the grammar knows."""
    made, there = FormTable(), frozenset(form.getlist(AT))
    for key, node in schema["properties"].items():
        name = prefix + key
        if is_pairs(node):
            made.pairs[key] = list(_pairs_in(form, name))
        elif is_rows(node) or is_table(node):
            rows = [f"{name}.{n}" for n in range(_count(there, name))]
            made.tables[key] = [from_form(below(node), form, f"{row}.") for row in rows]
        else:
            made.values[key] = form.get(name, "").strip()
    made.pairs = {key: rows for key, rows in made.pairs.items() if rows}
    made.tables = {key: rows for key, rows in made.tables.items() if rows}
    return made


def _count(there: frozenset[str], name: str) -> int:
    count = 0
    while f"{name}.{count}" in there:
        count += 1
    return count


def _pairs_in(form: Typed, name: str) -> Iterator[tuple[str, str]]:
    count = 0
    while f"{name}.{count}.key" in form:
        row = f"{name}.{count}"
        yield form[f"{row}.key"].strip(), form.get(f"{row}.value", "").strip()
        count += 1


def to_document(schema: Schema, table: FormTable, path: Path = ()) -> dict[str, Any]:
    """Return the document that was typed; what is no number stays text, which the loader refuses in words.

    Raises:
        GrammarError: two free keys of one name.
    """
    made: dict[str, Any] = {}
    for key, node in schema["properties"].items():
        if typed := table.values.get(key):
            made[key] = _value(node, typed)
        if rows := table.tables.get(key):
            single = is_table(node)
            found = [
                to_document(below(node), row, (*path, key, *(() if single else (n,))))
                for n, row in enumerate(rows)
            ]
            made[key] = found[0] if single else found
        if pairs := [pair for pair in table.pairs.get(key, []) if any(pair)]:
            made[key] = _mapping(node, pairs, (*path, key))
    return made


def _mapping(node: Schema, pairs: Sequence[tuple[str, str]], path: Path) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        sentence = f"there are two of the name {twice}"
        raise GrammarError("regimen", str(path[-1]), sentence, path=(*path, twice))
    return {name: _value(node["additionalProperties"], value) for name, value in pairs}


def _value(node: Schema, typed: str) -> object:
    kind = node.get("type")
    if kind == "array":
        parts = [part.strip() for part in typed.split(",")]
        return [_value(node["items"], part) for part in parts if part]
    if kind == "boolean":
        return typed == "true"
    if kind in ("integer", "number") and WHOLE.fullmatch(typed):
        return int(typed)
    return float(typed) if kind == "number" and NUMBER.fullmatch(typed) else typed


def with_row(table: FormTable, name: str, schema: Schema) -> str:
    """Add an empty table or pair where a name such as ``phase.0.windows`` says; return its own name.

    Raises:
        NotFoundError: nothing can be added there.
    """
    holder, key, node = _place(table, name.split("."), schema)
    if is_pairs(node):
        holder.pairs.setdefault(key, []).append(("", ""))
        return f"{name}.{len(holder.pairs[key]) - 1}"
    rows = holder.tables.setdefault(key, [])
    if is_rows(node) or not rows:
        rows.append(FormTable())
    return f"{name}.{len(rows) - 1}"


def without_row(table: FormTable, name: str, schema: Schema) -> None:
    """Take out the table or pair of a name such as ``phase.1``.

    Raises:
        NotFoundError: there is none.
    """
    rows, number = _rows_at(table, name, schema)
    del rows[number]


def with_row_moved(table: FormTable, name: str, schema: Schema, *, by: int) -> str:
    """Let the table of a name such as ``phase.1`` change places with one beside it; return its new name.

    Raises:
        NotFoundError: there is none, or none beside it.
    """
    rows, number = _rows_at(table, name, schema)
    other = number + by
    if not 0 <= other < len(rows):
        raise NotFoundError("row")
    rows[number], rows[other] = rows[other], rows[number]
    return f"{name.rpartition('.')[0]}.{other}"


def _rows_at(table: FormTable, name: str, schema: Schema) -> tuple[list[Any], int]:
    """Return the rows beside the one of a name, and its place among them."""
    holder, key, node = _place(table, name.split(".")[:-1], schema)
    rows: list[Any] = (holder.pairs if is_pairs(node) else holder.tables).get(key, [])
    number = name.rpartition(".")[2]
    if not ROW.fullmatch(number) or int(number) >= len(rows):
        raise NotFoundError("row")
    return rows, int(number)


def _place(table: FormTable, parts: Sequence[str], schema: Schema) -> tuple[FormTable, str, Schema]:
    """Return the table that holds a key, the key and its schema."""
    key, *rest = [*parts] or [""]
    node = schema["properties"].get(key)
    if node is None or not (is_rows(node) or is_table(node) or is_pairs(node)):
        raise NotFoundError("table")
    if not rest:
        return table, key, node
    rows = table.tables.get(key, [])
    if not ROW.fullmatch(rest[0]) or int(rest[0]) >= len(rows):
        raise NotFoundError("table")
    return _place(rows[int(rest[0])], rest[1:], below(node))


def name_at(table: FormTable, path: Path, schema: Schema) -> str:
    """Return the name of the field, or of the nearest table, that a refusal's path is about."""
    if not path:
        return ""
    key, rest = str(path[0]), path[1:]
    node = schema["properties"].get(key)
    if node is None:
        return ""
    if is_pairs(node):
        keys = [name for name, _ in table.pairs.get(key, [])]
        return f"{key}.{keys.index(str(rest[0]))}" if rest and rest[0] in keys else key
    if not (is_rows(node) or is_table(node)):
        return key
    rows = table.tables.get(key, [])
    number, rest = (rest[0] if rest else 0, rest[1:]) if is_rows(node) else (0, rest)
    if not isinstance(number, int) or number >= len(rows):
        return key
    inner = name_at(rows[number], rest, below(node))
    return f"{key}.{number}.{inner}" if inner else f"{key}.{number}"
