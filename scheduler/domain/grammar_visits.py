"""The visits of a regimen file: minutes of each step, for which doses."""

import re
from dataclasses import replace

from scheduler.domain.grammar_table import Table
from scheduler.domain.regimen import Basis
from scheduler.domain.visit_rules import VisitMinutes, VisitRule

RANGE = re.compile(r"(course\.day )?(\d+)(\.\.(\d+)?)?")


def visit_rules(top: Table) -> tuple[VisitRule, ...]:
    """Return the visit rules; the overheads hold for each."""
    table = top.needed_sub("overhead")
    overhead = VisitMinutes(
        intake=table.taken("intake", int),
        iv_start=table.taken("iv_start", int),
        premedication=0,
        infusion=0,
        observation=0,
        discharge=table.taken("discharge", int),
        turnover=table.taken("turnover", int),
    )
    table.one_of("basis", tuple(Basis))
    table.done()
    return tuple(_rule(visit, overhead) for visit in top.tables("visit"))


def _rule(table: Table, overhead: VisitMinutes) -> VisitRule:
    when = table.taken("when", str)
    minutes = replace(
        overhead,
        premedication=table.taken("premedication", int),
        infusion=table.taken("infusion", int),
        observation=table.taken("observation", int),
    )
    alternatives = tuple(
        (option.taken("requires", str), _alternative(option, minutes))
        for option in table.tables("alternative")
    )
    requires = table.taken("requires", str, "")
    table.done()
    match = RANGE.fullmatch(when)
    if match is None:
        return VisitRule(minutes=minutes, phase=when, requires=requires, alternatives=alternatives)
    first = int(match[2])
    last = first if match[3] is None else int(match[4]) if match[4] else None
    return VisitRule(
        minutes=minutes,
        first=first,
        last=last,
        of_course=bool(match[1]),
        requires=requires,
        alternatives=alternatives,
    )


def _alternative(table: Table, minutes: VisitMinutes) -> VisitMinutes:
    return table.finish(
        replace(
            minutes,
            infusion=table.taken("infusion", int, minutes.infusion),
            observation=table.taken("observation", int, minutes.observation),
        )
    )
