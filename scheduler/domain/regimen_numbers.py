"""A regimen as a list of numbers in words, each with its basis and source, as a pharmacist signs them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from scheduler.domain.phase_numbers import phase_numbers
from scheduler.domain.regimen import Basis, Regimen
from scheduler.domain.requirement_rules import Before, LimitRule, RequirementRule
from scheduler.domain.rule_numbers import CENTER, MEMORY, RuleNumber, cite, spoken_interval
from scheduler.domain.visit_rules import VisitRule

__all__ = ["RuleNumber", "grouped", "numbers_of", "spoken_interval", "visit_words"]

BEFORE = {
    Before.FIRST: "before the first dose",
    Before.EACH: "before each dose",
    Before.EACH_COURSE: "before each course",
}

LIMIT_NAMES = {
    "lifetime_dose": "Lifetime dose",
    "course_dose": "Course dose",
    "count": "Count",
    "exposure": "Earlier treatment",
}


def numbers_of(rule: Regimen, cited: Mapping[str, str]) -> tuple[RuleNumber, ...]:
    """Return all numbers of a regimen in reading order.

    Args:
        rule: The regimen.
        cited: The file's table ``source``: which source each number comes from.
    """
    return (
        *(number for phase in rule.phases for number in phase_numbers(phase, cited)),
        *(
            number
            for n, visit in enumerate(rule.visits, 1)
            for number in _of_visit(n, visit, cited)
        ),
        *_overhead(rule),
        *(_needed(need, cited) for need in rule.requirements),
        *_limits(rule, cited),
        *_beside(rule, cited),
        *_watched_again(rule, cited),
        *_premedication(rule, cited),
    )


def _of_visit(n: int, visit: VisitRule, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    minutes, group = visit.minutes, f"Chair time, {visit_words(visit)}"
    steps = (
        ("premedication", "Premedication", minutes.premedication, ("premed",)),
        ("infusion", "Infusion", minutes.infusion, ("infusion",)),
        ("observation", "Observation", minutes.observation, ("observe", "observation")),
    )
    for item, name, length, keys in steps:
        source = next((cited[key] for key in keys if key in cited), MEMORY)
        yield RuleNumber(
            item=f"visit{n}.{item}",
            group=group,
            name=name,
            words=f"{length} min",
            basis=Basis.LABEL,
            source=source,
        )
    for name, shorter in visit.alternatives:
        yield RuleNumber(
            item=f"visit{n}.{name}",
            group=group,
            name=f"When the order says “{name.replace('_', ' ')}”",
            words=f"infusion {shorter.infusion} min, observation {shorter.observation} min",
            basis=Basis.LABEL,
            source=cite(cited, "shorter", "infusion"),
        )


def _overhead(rule: Regimen) -> Iterator[RuleNumber]:
    for minutes in [visit.minutes for visit in rule.visits][:1]:
        yield RuleNumber(
            item="visit.overhead",
            group="Chair time, every visit",
            name="Around it",
            words=f"intake {minutes.intake}, IV start {minutes.iv_start},"
            f" discharge {minutes.discharge}, turnover {minutes.turnover} min",
            basis=Basis.POLICY,
            source=CENTER,
        )


def visit_words(visit: VisitRule) -> str:
    """Return for which doses a visit is, in words."""
    if visit.phase:
        words = visit.phase.replace("_", " ")
    else:
        what = "course day" if visit.of_course else "dose"
        single = visit.last == visit.first
        until = "" if single else " on" if visit.last is None else f" to {visit.last}"
        words = f"{what} {visit.first}{until}"
    asked = visit.requires.replace("_", " ")
    return f"{words}, when the order says “{asked}”" if asked else words


def _needed(need: RequirementRule, cited: Mapping[str, str]) -> RuleNumber:
    asked = [str(number) for number in need.numbers]
    asked += [f"{need.from_dose} and each later one"] if need.from_dose else []
    numbered = f"before dose {', '.join(asked)}"
    parts = [BEFORE.get(need.before, numbered), "at the chair" if need.at_chair else ""]
    age = need.max_age or need.valid_for
    parts.append(f"at most {spoken_interval(age)} old" if age else "")
    parts.append(f"at most {need.max_age_hours} hours old" if need.max_age_hours else "")
    parts.append("after the dose before" if need.between else "")
    parts += [
        f"not within {spoken_interval(span)} of {event.replace('-', ' ')}"
        for event, span in need.not_within
    ]
    return RuleNumber(
        item=f"requirement.{need.id}",
        group="Requirements",
        name=need.what[:1].upper() + need.what[1:],
        words=", ".join(filter(None, parts)),
        basis=Basis.PRACTICE if need.at_chair else Basis.LABEL,
        source=cite(cited, need.id.split("-", maxsplit=1)[0], "screening", "gates"),
    )


def _limits(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    for each in rule.limits:
        where = each.region or "all"
        yield RuleNumber(
            item=f"limit.{each.kind}.{where}",
            group="Limits",
            name=f"{LIMIT_NAMES[each.kind]}{f', {each.region}' if each.region else ''}",
            words=_most(each) + (", then blocked" if each.blocks else ", then for review"),
            basis=Basis.LABEL,
            source=cite(cited, f"limit_{each.region.lower()}"),
        )


def _most(limit: LimitRule) -> str:
    if limit.kind == "exposure":
        return "for nobody who had it before"
    return f"{limit.value.normalize():f} {limit.unit or 'courses'}"


def _beside(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    for check in rule.monitors:
        every = f"every {spoken_interval(check.every)}, " if check.every else ""
        first = ", ".join(spoken_interval(span) for span in check.at)
        every = f"after {first}, then {every}" if first else every
        start, until = check.start.replace("_", " "), check.until.replace("_", " ")
        yield RuleNumber(
            item=f"monitor.{check.id}",
            group="Checks that go on",
            name=check.what,
            words=f"{every}from the {start}, until {until}",
            basis=Basis.LABEL,
            source=cite(cited, check.id, "labs"),
        )
    for vaccine in rule.vaccines:
        yield RuleNumber(
            item=f"vaccine.{vaccine.kind}",
            group="Vaccines",
            name=vaccine.kind.capitalize(),
            words=f"at least {spoken_interval(vaccine.lead)} before the first dose",
            basis=Basis.LABEL,
            source=cite(cited, "vaccines", "vaccine"),
        )


def _premedication(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    of_course = any(phase.run for phase in rule.phases)
    for n, each in enumerate(rule.premedication, 1):
        what = "course day" if of_course else "dose"
        until = f"to {each.last}" if each.last else "on"
        single = f"{what} {each.first}" if each.last == each.first else ""
        yield RuleNumber(
            item=f"premedication.{n}",
            group="Premedication",
            name=each.what[:1].upper() + each.what[1:],
            words=single or f"{what} {each.first} {until}",
            basis=Basis.LABEL,
            source=cite(cited, "premed"),
        )


def _watched_again(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    if rule.watched_again_after is not None:
        yield RuleNumber(
            item="visit.watched_again",
            group="Chair time, every visit",
            name="Watched again",
            words=f"counted as new after more than {spoken_interval(rule.watched_again_after)}"
            " without a dose",
            basis=Basis.LABEL,
            source=cited.get("watched_again", MEMORY),
        )


def grouped(numbers: Sequence[RuleNumber]) -> tuple[tuple[str, tuple[RuleNumber, ...]], ...]:
    """Return the numbers by heading, in order."""
    runs = groupby(numbers, key=lambda number: number.group)
    return tuple((group, tuple(run)) for group, run in runs)
