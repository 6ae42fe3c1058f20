"""Reading a regimen file: every key known, every number with its basis, or a refusal that names file and line."""

import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scheduler.domain.grammar_bounds import require_bounded, require_readable
from scheduler.domain.grammar_checks import check
from scheduler.domain.grammar_lines import line_of
from scheduler.domain.grammar_phases import phases_in
from scheduler.domain.grammar_rules import (
    limits_in,
    monitors_in,
    premedication_in,
    requirements_in,
    vaccines_in,
)
from scheduler.domain.grammar_table import GrammarError, Table
from scheduler.domain.grammar_visits import visit_rules
from scheduler.domain.programs import Subject
from scheduler.domain.regimen import Product, Regimen

__all__ = ["GrammarError", "read_regimen", "regimen_from", "regimen_from_text", "stored_regimen"]

AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)")


def stored_regimen(text: str, *, file: str) -> Regimen:
    """Return the regimen of a text that was checked when it was loaded: a plan keeps it, whatever is refused since.

    Raises:
        GrammarError: a key or value that cannot be read at all.
    """
    return read_regimen(Table(tomllib.loads(text), file))


def regimen_from_text(text: str, *, file: str) -> Regimen:
    """Return the regimen of a TOML text.

    Raises:
        GrammarError: names the file, the line, the place and what is wrong.
    """
    try:
        return regimen_from(_parsed(text, file), file=file)
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        sentence = f"it is no TOML: {AT_LINE.sub('', str(error))}"
        raise GrammarError(file, "", sentence, line=int(found[1]) if found else 1) from error
    except GrammarError as error:
        raise error.at(error.line or line_of(text, error.path)) from error


def _parsed(text: str, file: str) -> dict[str, Any]:
    require_readable(text, file=file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (
        RecursionError,
        ValueError,
    ):  # brackets within brackets; a number of thousands of digits
        raise GrammarError(file, "", "something in it is nested too deeply, or too large") from None


def regimen_from(document: Mapping[str, Any], *, file: str) -> Regimen:
    """Return the regimen of one parsed TOML document.

    Raises:
        GrammarError: names the file, the place in it and what is wrong.
    """
    require_bounded(document, file=file)
    top = Table(document, file)
    regimen = read_regimen(top)
    check(regimen, top)
    return regimen


def read_regimen(top: Table) -> Regimen:
    """Return the regimen of a table, every key taken; what its values say together is checked elsewhere."""
    return top.finish(
        Regimen(
            id=top.taken("id", str),
            version=top.taken("version", int, 1),
            ingredient=top.taken("ingredient", str),
            title=top.taken("title", str),
            title_es=top.taken("title_es", str, ""),
            route=top.taken("route", str),
            regions=top.texts("regions"),
            indications=top.texts("indications"),
            status=top.taken("status", str),
            label_date=top.taken("label_date", str),
            variant_of=top.taken("variant_of", str, ""),
            watched_again_after=top.span("watched_again_after"),
            visits=visit_rules(top),
            products=tuple(_product(table) for table in top.tables("product")),
            phases=phases_in(top),
            requirements=requirements_in(top),
            limits=limits_in(top),
            monitors=monitors_in(top),
            vaccines=vaccines_in(top),
            premedication=premedication_in(top),
            cited=MappingProxyType(dict(top.mapping("source", str, needed=True))),
            sources=MappingProxyType(dict(top.mapping("sources", str))),
        )
    )


def _product(table: Table) -> Product:
    return table.finish(
        Product(
            name=table.taken("name", str),
            vials=table.decimals("vials"),
            billing_unit=table.taken("billing_unit", str, ""),
            rems_program=table.taken("rems_program", str, ""),
            biosimilar_of=table.taken("biosimilar_of", str, ""),
            rems_enrols=_enrols(table),
        )
    )


def _enrols(table: Table) -> tuple[Subject, ...]:
    """Return who enrols in the product's program; where the file does not say, the patient does."""
    words = table.texts("rems_enrols") or (Subject.PATIENT.value,)
    unknown = [word for word in words if word not in tuple(Subject)]
    if unknown:
        table.refuse("rems_enrols", f"{unknown[0]!r} is none of {', '.join(Subject)}")
    return tuple(Subject(word) for word in words)
