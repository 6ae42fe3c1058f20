"""Reading a regimen file: every key known, every number with its basis, or a refusal that names it."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from scheduler.domain.grammar_phases import phases_of
from scheduler.domain.grammar_rules import (
    limits_in,
    monitors_in,
    premedication_in,
    requirements_in,
    vaccines_in,
)
from scheduler.domain.grammar_table import GrammarError, Table
from scheduler.domain.grammar_visits import visit_rules
from scheduler.domain.regimen import Product, Regimen

__all__ = ["GrammarError", "regimen_from"]


def regimen_from(document: Mapping[str, Any], *, file: str) -> Regimen:
    """Return the regimen of one parsed TOML document.

    Raises:
        GrammarError: names the file, the place in it and what is wrong.
    """
    top = Table(document, file, "")
    sources = top.taken("sources", dict, {})
    regimen = Regimen(
        id=top.taken("id", str),
        version=top.taken("version", int, 1),
        ingredient=top.taken("ingredient", str),
        title=top.taken("title", str),
        title_es=top.taken("title_es", str, ""),
        route=top.taken("route", str),
        regions=tuple(top.taken("regions", list)),
        indications=tuple(top.taken("indications", list, [])),
        status=top.taken("status", str),
        label_date=top.taken("label_date", str),
        products=tuple(_product(table) for table in top.tables("product")),
        phases=phases_of(top, file),
        visits=visit_rules(top),
        requirements=requirements_in(top),
        limits=limits_in(top),
        monitors=monitors_in(top),
        vaccines=vaccines_in(top),
        premedication=premedication_in(top),
        variant_of=top.taken("variant_of", str, ""),
        sources=MappingProxyType(dict(sources)),
    )
    _check_sources(top, regimen)
    top.done()
    return regimen


def _check_sources(top: Table, regimen: Regimen) -> None:
    cited = top.taken("source", dict)
    if "schedule" not in cited:
        top.refuse("source", "name the source of the schedule")
    for what, key in cited.items():
        if key != "M" and key not in regimen.sources:
            top.refuse(f"source.{what}", f"{key!r} is not among the sources")


def _product(table: Table) -> Product:
    return table.finish(
        Product(
            name=table.taken("name", str),
            vials=tuple(Decimal(str(size)) for size in table.taken("vials", list, [])),
            billing_unit=table.taken("billing_unit", str, ""),
            rems_program=table.taken("rems_program", str, ""),
        )
    )
