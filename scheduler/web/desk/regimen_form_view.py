"""A regimen form as its page shows it: what is filled and needed first, the rest folded, the fault beside its field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scheduler.web.desk.regimen_form import (
    FormTable,
    Schema,
    below,
    is_pairs,
    is_rows,
    is_table,
)
from scheduler.web.desk.regimen_form_words import (
    HIDDEN,
    KEY_AND_VALUE,
    TABLES,
    hint_of,
    label_of,
)

MARKED = frozenset({"window", "windows", "min_gap", "run", "spread", "missed", "order_range"})
"""Tables whose values are refused together, such as a window that is wider than the interval."""

PLACES = {key: place for place, key in enumerate(TABLES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShown:
    """One field: kind is text, choice or check; ``in_refused`` is the table around it if that is refused."""

    name: str
    label: str
    hint: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    needed: bool = False
    fault: str = ""
    in_refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One table: its fields, those not used yet, the tables inside it, and the ways it can be moved."""

    name: str
    title: str
    fields: tuple[FieldShown, ...]
    more: tuple[FieldShown, ...]
    groups: tuple["GroupShown", ...]
    fault: str = ""
    is_new: bool = False
    moves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShown:
    """The tables of one key: ``add`` is the word on the button, empty where one is there already."""

    name: str
    title: str
    add: str
    rows: tuple[RowShown, ...] = ()
    pairs: tuple[tuple[FieldShown, FieldShown], ...] = ()
    fault: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class RegimenForm:
    """Builds the shown form from what was typed, and where a refusal is about.

    Args:
        at: The name of the field or table that is refused.
        fault: Why.
    """

    schema: Schema
    at: str = ""
    fault: str = ""

    def shown(self, table: FormTable) -> RowShown:
        """Return the whole form as one row without a name."""
        return self._row("", "", "", table, self.schema)

    def _fault(self, name: str) -> str:
        return self.fault if name and name == self.at else ""

    def _row(self, name: str, key: str, title: str, table: FormTable, schema: Schema) -> RowShown:
        fields = tuple(self._fields(name, key, table, schema))
        used = [each for each in fields if each.needed or each.value or each.fault or not name]
        return RowShown(
            name=name,
            title=title,
            fields=tuple(used),
            more=tuple(each for each in fields if each not in used),
            groups=tuple(self._groups(name, table, schema)),
            fault=self._fault(name),
            is_new=table.is_empty,
        )

    def _fields(
        self, name: str, table_key: str, table: FormTable, schema: Schema
    ) -> Iterator[FieldShown]:
        needed = schema.get("required", ())
        for key, node in schema["properties"].items():
            if is_pairs(node) or is_rows(node) or is_table(node) or (not name and key in HIDDEN):
                continue
            own = f"{name}.{key}" if name else key
            options = tuple(node.get("enum", ()))
            yield FieldShown(
                name=own,
                label=label_of(table_key, key),
                hint=hint_of(table_key, key),
                kind="choice" if options else "check" if node.get("type") == "boolean" else "text",
                value=table.values.get(key, ""),
                options=options,
                needed=key in needed,
                fault=self._fault(own),
                in_refused=self._refused_around(name, table_key, table.values.get(key, "")),
            )

    def _refused_around(self, name: str, table_key: str, value: str) -> str:
        """Return the name of the refused table of a few values that a filled field belongs to."""
        return name if value and table_key in MARKED and self._fault(name) else ""

    def _groups(self, name: str, table: FormTable, schema: Schema) -> Iterator[GroupShown]:
        known, needed = schema["properties"], schema.get("required", ())
        for key, node in sorted(known.items(), key=lambda each: _place(each[0])):
            own = f"{name}.{key}" if name else key
            if is_pairs(node):
                yield self._free(own, key, table.pairs.get(key, []))
            elif is_rows(node) or is_table(node):
                rows = table.tables.get(key, [])
                yield self._tables(own, key, rows, node, needed=is_table(node) and key in needed)

    def _free(self, name: str, key: str, pairs: Sequence[tuple[str, str]]) -> GroupShown:
        title, single = TABLES.get(key, (key, key))
        shown = tuple(self._pair(f"{name}.{n}", key, pair) for n, pair in enumerate(pairs))
        return GroupShown(name=name, title=title, add=single, pairs=shown, fault=self._fault(name))

    def _tables(
        self, name: str, key: str, rows: Sequence[FormTable], node: Schema, *, needed: bool
    ) -> GroupShown:
        title, single = TABLES.get(key, (key, key))
        titles = [
            title if is_table(node) else _titled(single, row, n) for n, row in enumerate(rows)
        ]
        shown = tuple(
            replace(
                self._row(f"{name}.{n}", key, titles[n], row, below(node)),
                moves=_moves(n, len(rows)),
            )
            for n, row in enumerate(rows)
        )
        return GroupShown(
            name=name,
            title=title,
            add="" if is_table(node) and rows else single,
            rows=shown,
            fault=self._fault(name),
            needed=needed,
        )

    def _pair(self, name: str, key: str, pair: tuple[str, str]) -> tuple[FieldShown, FieldShown]:
        words = KEY_AND_VALUE.get(key, ("Name", "Value"))
        first, second = (
            FieldShown(name=f"{name}.{part}", label=word, hint="", kind="text", value=value)
            for part, word, value in zip(("key", "value"), words, pair, strict=True)
        )
        fault = self._fault(name)
        if fault:
            first = FieldShown(
                name=first.name,
                label=first.label,
                hint="",
                kind="text",
                value=first.value,
                fault=fault,
            )
        return first, second


def _place(key: str) -> int:
    return PLACES.get(key, len(PLACES))


def _moves(number: int, count: int) -> tuple[str, ...]:
    """Return where a row can go among its neighbors."""
    return (*(("up",) if number else ()), *(("down",) if number < count - 1 else ()))


def _titled(single: str, row: FormTable, number: int) -> str:
    named = row.values.get("id") or row.values.get("name") or row.values.get("when")
    return f"{single} {named or number + 1}"


def spoken_name(table: FormTable, name: str, schema: Schema) -> str:
    """Return a name such as ``phase.1.window.0.late`` as the page says it: "Phase maintenance, Window, Later"."""
    words: list[str] = []
    around, parts = "", name.split(".") if name else []
    while parts:
        key = parts.pop(0)
        node = schema["properties"].get(key, {})
        number = int(parts.pop(0)) if parts and parts[0].isdecimal() else 0
        rows = table.tables.get(key, [])
        title, single = TABLES.get(key, ("", ""))
        if is_rows(node) and number < len(rows):
            title = _titled(single, rows[number], number)
        words.append(title or label_of(around, key))
        if not rows or not (is_rows(node) or is_table(node)):
            break
        table, schema, around = rows[number], below(node), key
    return ", ".join(words)
