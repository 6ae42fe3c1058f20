"""Reading a regimen file: every key known, every number with its basis, or a refusal that names it."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from scheduler.domain.dates import parse_interval
from scheduler.domain.grammar_phases import phases_of
from scheduler.domain.grammar_table import GrammarError, Table
from scheduler.domain.grammar_visits import visit_rules
from scheduler.domain.regimen import (
    Before,
    LimitRule,
    Monitor,
    Product,
    Regimen,
    RequirementRule,
    Vaccine,
)

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
        requirements=tuple(_requirement(table) for table in top.tables("requirement")),
        limits=tuple(_limit(table) for table in top.tables("limit")),
        monitors=tuple(_monitor(table) for table in top.tables("monitor")),
        vaccines=tuple(_vaccine(table) for table in top.tables("vaccine")),
        premedication=tuple(top.taken("premedication", list, [])),
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


def _requirement(table: Table) -> RequirementRule:
    return table.finish(
        RequirementRule(
            id=table.taken("id", str),
            what=table.taken("what", str),
            what_es=table.taken("what_es", str, ""),
            before=Before(table.one_of("before", tuple(Before))),
            numbers=tuple(table.taken("numbers", list, [])),
            at_chair=table.taken("at_chair", bool, False),  # noqa: FBT003 - a default
            max_age=table.optional("max_age", parse_interval),
            max_age_hours=table.taken("max_age_hours", int, None),
            valid_for=table.optional("valid_for", parse_interval),
            may_be_not_needed=table.taken("may_be_not_needed", bool, False),  # noqa: FBT003 - a default
        )
    )


def _limit(table: Table) -> LimitRule:
    return table.finish(
        LimitRule(
            kind=table.taken("kind", str),
            value=Decimal(str(table.taken("value", (int, float)))),
            unit=table.taken("unit", str, ""),
            region=table.taken("region", str, ""),
            blocks=table.one_of("on_exceed", ("block", "review")) == "block",
        )
    )


def _monitor(table: Table) -> Monitor:
    return table.finish(
        Monitor(
            id=table.taken("id", str),
            what=table.taken("what", str),
            every=table.optional("every", parse_interval),
            start=table.taken("from", str),
            until=table.taken("until", str),
        )
    )


def _vaccine(table: Table) -> Vaccine:
    return table.finish(
        Vaccine(kind=table.taken("kind", str), lead=parse_interval(table.taken("lead", str)))
    )
