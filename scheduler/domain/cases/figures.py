"""What cases ask beside the dates of doses: minutes, vaccines, requirements, checks, premedication."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain.cases.case import Answer, CaseError, Inputs
from scheduler.domain.cases.keys import day_of, events_in, question_of
from scheduler.domain.cases.question import Known
from scheduler.domain.dates import parse_interval
from scheduler.domain.monitoring import (
    check_days,
    checks_end,
    last_vaccine_day,
    needed_days,
    result_window,
    sample_days,
)
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import Before, Monitor, RequirementRule
from scheduler.domain.visit_rules import VisitMinutes

FIRST_DOSE = ("start", "given1")
LAST_DOSE = ("ended", "last", "given")
LAST_DAY = re.compile(r"ended|last|given\d*|course\d+_last")
OVERHEAD = {"intake": "intake", "iv": "iv_start", "discharge": "discharge", "turnover": "turnover"}


def minutes(regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the patient's and the chair's minutes of each distinct visit, in order."""
    overhead = {name: inputs.take(key) for key, name in OVERHEAD.items()}
    given = {name: int(value) for name, value in overhead.items() if value}
    leads = [int(lead) for lead in inputs.take("premed").split("|") if lead]
    inputs.done()
    found: dict[str, None] = {}
    for n, visit in enumerate(_visits(regimen)):
        timed = replace(visit, **given)
        if leads and len(leads) > 1:
            timed = replace(timed, premedication=leads[min(n, len(leads) - 1)])
        elif leads:
            timed = replace(timed, premedication=leads[0])
        found[f"{timed.patient_minutes};{timed.chair_minutes}"] = None
    return Answer(parts=tuple(found))


def vaccines(regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the last permitted day before the start, for each lead in the order of the keys."""
    start = day_of(inputs.need("start"))
    leads = [parse_interval(lead) for lead in inputs.rest().values()]
    leads = leads or [vaccine.lead for vaccine in regimen.vaccines]
    return Answer(parts=tuple(str(last_vaccine_day(start, lead)) for lead in leads))


def requirement(
    regimen: Regimen, _region: str, inputs: Inputs, _known: Known, detail: str
) -> Answer:
    """Answer with the first permitted day of a sample after each event."""
    events = events_in(inputs)
    inputs.done()
    rule = _rule(regimen, detail)
    unknown = set(events) - {name for name, _ in rule.not_within}
    if unknown or not events:
        raise CaseError(f"{detail} says nothing of {', '.join(unknown) or 'no event'}")
    return Answer(parts=tuple(str(day) for day in sample_days(rule, events)))


def requirement_doses(
    regimen: Regimen, region: str, inputs: Inputs, known: Known, detail: str
) -> Answer:
    """Answer with the due days of the doses that need a requirement."""
    count = int(inputs.take("n") or 0)
    rule = _rule(regimen, detail)
    question = question_of(regimen, region, inputs, known)
    doses = question.series().doses
    first = question.regimen.phases[0]
    if rule.before is Before.EACH and first.offsets:  # an endless list is nobody's question
        count = count or len(first.dose_offsets)
    days = needed_days(rule, doses[: count or None])
    return Answer(parts=tuple(str(day) for day in days))


def requirement_window(
    regimen: Regimen, region: str, inputs: Inputs, known: Known, detail: str
) -> Answer:
    """Answer with the earliest and the latest day of a result for the n-th dose."""
    name, _, ordinal = detail.rpartition(":")
    doses = question_of(regimen, region, inputs, known).series().doses
    place = next((n for n, dose in enumerate(doses) if dose.ordinal == int(ordinal)), None)
    if place is None:
        raise CaseError(f"there is no dose {ordinal}")
    before = doses[place - 1] if place else None
    earliest, latest = result_window(_rule(regimen, name), doses[place], before)
    return Answer(earliest=earliest, latest=latest)


def first_unmet(regimen: Regimen, region: str, inputs: Inputs, known: Known, detail: str) -> Answer:
    """Answer with the due day of the first dose after a requirement has lapsed."""
    until, rule = day_of(inputs.need("valid_until")), _rule(regimen, detail)
    doses = question_of(regimen, region, inputs, known).series().doses
    day = next((day for day in needed_days(rule, doses) if day > until), None)
    return Answer(parts=(str(day),))


def monitor(regimen: Regimen, _region: str, inputs: Inputs, _known: Known, detail: str) -> Answer:
    """Answer with the first n due days of a check."""
    count, rule = int(inputs.need("n")), _monitor(regimen, detail)
    names = FIRST_DOSE if rule.start == "first_dose" else LAST_DOSE
    anchor = next((inputs.take(name) for name in names if inputs.has(name)), "")
    inputs.done()
    if not anchor:
        raise CaseError(f"{names[0]} is missing")
    days = check_days(rule, day_of(anchor), count)
    return Answer(parts=tuple(str(day) for day in days))


def monitor_until(
    regimen: Regimen, _region: str, inputs: Inputs, _known: Known, detail: str
) -> Answer:
    """Answer with the last day of a check, for each last day of a course."""
    found = [checks_end(_monitor(regimen, detail), day) for day in _listed_days(inputs)]
    return Answer(parts=tuple(str(day) if day else "open" for day in found))


def premedication_days(
    regimen: Regimen, _region: str, inputs: Inputs, _known: Known, detail: str
) -> Answer:
    """Answer with the days of a course that have a premedication."""
    first, _, last = inputs.need("course").partition("..")
    inputs.done()
    rule = next((each for each in regimen.premedication if each.what.startswith(detail)), None)
    if rule is None:
        raise CaseError(f"the regimen has no premedication {detail}")
    days = [
        day_of(first) + timedelta(days=n) for n in range((day_of(last) - day_of(first)).days + 1)
    ]
    return Answer(parts=tuple(str(day) for day in days[rule.first - 1 : rule.last]))


def _visits(regimen: Regimen) -> Iterator[VisitMinutes]:
    """Yield the visits as written, then the shorter ones that an order may name."""
    for rule in regimen.visits:
        yield rule.minutes
    for rule in regimen.visits:
        for _, shorter in rule.alternatives:
            yield shorter


def _rule(regimen: Regimen, name: str) -> RequirementRule:
    found = next((rule for rule in regimen.requirements if rule.id == name), None)
    if found is None:
        raise CaseError(f"the regimen has no requirement {name}")
    return found


def _monitor(regimen: Regimen, name: str) -> Monitor:
    found = next((each for each in regimen.monitors if each.id == name), None)
    if found is None:
        raise CaseError(f"the regimen has no check {name}")
    return found


def _listed_days(inputs: Inputs) -> Iterator[date]:
    """Yield the days of a list such as course1_last=DAY|course2_last=DAY."""
    for name, value in inputs.rest().items():
        for part in f"{name}={value}".split("|"):
            key, _, day = part.rpartition("=")
            if not LAST_DAY.fullmatch(key or name):
                raise CaseError(f"nobody knows {key}")
            yield day_of(day)
