"""Reading what surrounds the doses of a regimen file: requirements, limits, checks, vaccines, premedication."""

import re

from scheduler.domain.dates import Interval, parse_interval
from scheduler.domain.grammar_table import Table
from scheduler.domain.requirement_rules import (
    Before,
    LimitRule,
    Monitor,
    Premedication,
    RequirementRule,
    Vaccine,
)

LIMITS = ("lifetime_dose", "course_dose", "count", "exposure")
UNTIL = re.compile(r"open|last_dose(\+P(\d+[YMWD])+)?")
DAYS = re.compile(r"(\d+)(\.\.(\d+)?)?")


def requirements_in(top: Table) -> tuple[RequirementRule, ...]:
    """Return what must be met before doses."""
    return tuple(_requirement(table) for table in top.tables("requirement"))


def limits_in(top: Table) -> tuple[LimitRule, ...]:
    """Return lifetime and course limits."""
    return tuple(_limit(table) for table in top.tables("limit"))


def monitors_in(top: Table) -> tuple[Monitor, ...]:
    """Return the checks that go on beside and after treatment."""
    return tuple(_monitor(table) for table in top.tables("monitor"))


def vaccines_in(top: Table) -> tuple[Vaccine, ...]:
    """Return how long before the first dose vaccines must be done."""
    return tuple(_vaccine(table) for table in top.tables("vaccine"))


def premedication_in(top: Table) -> tuple[Premedication, ...]:
    """Return what is given before the infusion, and on which doses or course days."""
    return tuple(_premedication(table) for table in top.tables("premedication"))


def _requirement(table: Table) -> RequirementRule:
    return table.finish(
        RequirementRule(
            id=table.taken("id", str),
            what=table.taken("what", str),
            what_es=table.taken("what_es", str, ""),
            before=Before(table.one_of("before", tuple(Before))),
            numbers=table.counts("numbers"),
            from_dose=table.taken("from_dose", int, None),
            at_chair=table.flag("at_chair"),
            max_age=table.span("max_age"),
            max_age_hours=table.taken("max_age_hours", int, None),
            valid_for=table.span("valid_for"),
            not_within=_not_within(table),
            between=table.flag("between"),
            may_be_not_needed=table.flag("may_be_not_needed"),
        )
    )


def _not_within(table: Table) -> tuple[tuple[str, Interval], ...]:
    events = table.mapping("not_within", str)
    try:
        return tuple((event, parse_interval(text)) for event, text in events.items())
    except ValueError as error:
        table.refuse("not_within", str(error))


def _limit(table: Table) -> LimitRule:
    return table.finish(
        LimitRule(
            kind=table.one_of("kind", LIMITS),
            value=table.needed_decimal("value"),
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
            at=table.spans("at"),
            every=table.span("every"),
            start=table.one_of("from", ("first_dose", "last_dose")),
            until=_until(table),
        )
    )


def _until(table: Table) -> str:
    text: str = table.taken("until", str, "open")
    if not UNTIL.fullmatch(text):
        table.refuse("until", f"{text!r} is none of open, last_dose, last_dose+P48M")
    return text


def _vaccine(table: Table) -> Vaccine:
    return table.finish(Vaccine(kind=table.taken("kind", str), lead=table.needed_span("lead")))


def _premedication(table: Table) -> Premedication:
    match = DAYS.fullmatch(table.taken("when", str, "1.."))
    if match is None:
        table.refuse("when", "say which doses or course days have it, such as 1..3 or 1..")
    first = int(match[1])
    last = first if match[2] is None else int(match[3]) if match[3] else None
    return table.finish(Premedication(what=table.taken("what", str), first=first, last=last))
