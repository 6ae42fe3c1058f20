"""The JSON Schema of regimen files accepts what the loader accepts, and refuses what it refuses."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.grammar_schema import schema
from scheduler.services.formulary_files import SHIPPED
from tests.factories.regimen_file import FICTIONAL, changed

FILES = sorted(SHIPPED.glob("*.toml"))
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def faults(value: Any, rule: dict[str, Any], place: str = "") -> Iterator[str]:
    """Yield what a schema of our few forms has against a value."""
    kind = rule.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (kind != "boolean" and value is True)):
        yield f"{place}: no {kind}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{place}: {value!r} is none of {rule['enum']}"
    if "pattern" in rule and not re.search(rule["pattern"], value):
        yield f"{place}: {value!r} has not the form"
    if kind == "object":
        known = rule.get("properties", {})
        yield from (
            f"{place}.{key}: missing" for key in rule.get("required", ()) if key not in value
        )
        for key, each in value.items():
            below = known.get(key, rule.get("additionalProperties"))
            if below is False:
                yield f"{place}.{key}: not known"
            else:
                yield from faults(each, below, f"{place}.{key}")
    for n, each in enumerate(value if kind == "array" else ()):
        yield from faults(each, rule["items"], f"{place}.{n}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_has_the_form_of_the_schema(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))

    assert list(faults(document, schema())) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('route = "IV"', 'route = "IV"\nspeed = 3', ".speed: not known"),
        ('reanchor = "always"', "tempo = 3", ".phase.1.tempo: not known"),
        ('late = "P7D", basis = "policy"', 'late = "P7D"', ".phase.1.window.basis: missing"),
        ('basis = "practice"', 'basis = "rumour"', ".phase.1.min_gap.basis: 'rumour' is none of"),
        ('every = "P8W"', 'every = "8 weeks"', ".phase.1.every: '8 weeks' has not the form"),
        ("infusion = 60", 'infusion = "long"', ".visit.1.infusion: no integer"),
        ('[source]\nschedule = "S1"\ntiers = "M"\n', "", ".source: missing"),
    ],
)
def test_what_the_loader_refuses_by_its_form_the_schema_refuses_too(
    old: str, new: str, says: str
) -> None:
    document = tomllib.loads(changed(old, new))

    assert any(says in fault for fault in faults(document, schema()))
    assert list(faults(tomllib.loads(FICTIONAL), schema())) == []
