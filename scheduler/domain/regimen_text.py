"""A regimen file written from its values: tables in the order of the grammar, small ones within their line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_of(document: Document) -> str:
    """Return the TOML text of a document of strings, numbers, booleans, lists and tables."""
    plain = {key: value for key, value in document.items() if not _is_table(value)}
    tables = {key: value for key, value in document.items() if _is_table(value)}
    lines = [*_pairs(plain)]
    for key, value in tables.items():
        rows = value if isinstance(value, list) else [value]
        head = f"[[{_key(key)}]]" if isinstance(value, list) else f"[{_key(key)}]"
        for row in rows:
            lines += ["", head, *_pairs(row)]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    rows = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return rows or isinstance(value, dict)


def _pairs(table: Document) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        inside = ", ".join(_pairs(value))
        return f"{{ {inside} }}" if inside else "{}"
    return str(value)


def _text(value: str) -> str:
    # what JSON leaves as it is, TOML does too, but for the last control character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
