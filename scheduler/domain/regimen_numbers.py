"""A regimen as a list of numbers in words, each with its basis and source, as a pharmacist signs them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from scheduler.domain.dates import Interval
from scheduler.domain.dose_reasons import spoken_span
from scheduler.domain.regimen import Amount, Basis, Phase, Regimen
from scheduler.domain.requirement_rules import Before, RequirementRule
from scheduler.domain.visit_rules import VisitRule

MEMORY = "M"
CENTER = "center"
LATE = {
    "never": "the dates stay",
    "always": "the next ones count from the given day",
    "outside_window": "the next ones count from the given day when it lies outside the window",
}
BEFORE = {
    Before.FIRST: "before the first dose",
    Before.EACH: "before each dose",
    Before.EACH_COURSE: "before each course",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNumber:
    """One number of a regimen.

    Args:
        item: Its stable name, such as ``maintenance.window``.
        group: Under which heading it stands.
        name: What it is.
        words: The number, in words.
        basis: Where it comes from.
        source: A key of the regimen's sources, ``M`` (from memory, verify) or ``center``.
    """

    item: str
    group: str
    name: str
    words: str
    basis: Basis
    source: str

    @property
    def from_memory(self) -> bool:
        """Whether nobody has named a source yet."""
        return self.source == MEMORY

    @property
    def to_confirm(self) -> bool:
        """Whether a pharmacist confirms it by itself before the regimen is approved."""
        return self.from_memory or self.basis in (Basis.POLICY, Basis.PRACTICE)

    @property
    def value(self) -> str:
        """What a confirmation holds for: the same number, basis and source."""
        return f"{self.words} [{self.basis.value}, {self.source}]"


def numbers_of(rule: Regimen, cited: Mapping[str, str]) -> tuple[RuleNumber, ...]:
    """Return all numbers of a regimen in reading order.

    Args:
        rule: The regimen.
        cited: The file's table ``source``: which source each number comes from.
    """
    return (
        *(number for phase in rule.phases for number in _of_phase(phase, cited)),
        *(
            number
            for n, visit in enumerate(rule.visits, 1)
            for number in _of_visit(n, visit, cited)
        ),
        *_overhead(rule),
        *(_needed(need, cited) for need in rule.requirements),
        *_limits(rule, cited),
        *_beside(rule, cited),
    )


def spoken_interval(span: Interval) -> str:
    """Return "6 months", "24 weeks" or "14 days", as the label writes it."""
    if span.months:
        return spoken_span(span.months, "months")
    if span.weeks_written and span.days % 7 == 0:
        return spoken_span(span.days // 7, "weeks")
    return spoken_span(span.days, "days")


def _cite(cited: Mapping[str, str], *keys: str) -> str:
    """Return the source of the first of some names that is cited, else the schedule's."""
    return next((cited[key] for key in keys if key in cited), cited.get("schedule", MEMORY))


def _own(cited: Mapping[str, str], basis: Basis, *keys: str) -> str:
    named = next((cited[key] for key in keys if key in cited), "")
    return named or (CENTER if basis is Basis.POLICY else _cite(cited))


def _of_phase(phase: Phase, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    def number(what: str, name: str, words: str, basis: Basis, source: str) -> RuleNumber:
        group = phase.id.replace("_", " ").capitalize()
        item = f"{phase.id}.{what}"
        return RuleNumber(
            item=item, group=group, name=name, words=words, basis=basis, source=source
        )

    own = "maintenance" if phase.kind == "maintenance" else "schedule"
    yield number("when", "Doses", _when(phase), Basis.LABEL, _cite(cited, own))
    if phase.amounts:
        amounts = "; then ".join(_amount(each) for each in phase.amounts)
        yield number("amount", "Amount", amounts, Basis.LABEL, _cite(cited, "tiers"))
    span = f"{spoken_interval(phase.window.early)} before to {spoken_interval(phase.window.late)}"
    words = f"{span} after the due day"
    basis = phase.window.basis
    yield number("window", "Window", words, basis, _own(cited, basis, "window"))
    if (gap := phase.min_gap) is not None:
        words = f"{spoken_interval(gap.span)} after {_spoken_anchor(gap.start)}"
        named = ("min_gap", "floor", "floor_new", "min_interval_practice")
        yield number("gap", "Not before", words, gap.basis, _own(cited, gap.basis, *named))
    if phase.review_gap is not None:
        words = f"more than {spoken_interval(phase.review_gap)} since the last dose"
        yield number("review", "For review", words, Basis.PRACTICE, _cite(cited, "gap"))
    late = LATE[phase.reanchor.value]
    yield number("late", "A late dose", late, Basis.LABEL, _cite(cited, "missed"))


def _when(phase: Phase) -> str:
    asked = "; only when the prescriber asks for it" if phase.clinical else ""
    run = f", {phase.run.days} days in a row" if phase.run else ""
    if phase.every is not None:
        return f"every {spoken_interval(phase.every)}, counted from {_spoken_anchor(phase.anchor)}{run}{asked}"
    if phase.spread is not None:
        return f"{phase.spread.count} doses within {phase.spread.within} days{asked}"
    days = ", ".join(
        f"day {span.days + 1}" if not span.months else spoken_interval(span)
        for span in phase.offsets
    )
    return f"{days}, counted from {_spoken_anchor(phase.anchor)}{run}{asked}"


def _spoken_anchor(anchor: str) -> str:
    plain = {
        "start": "the first day",
        "prev_infusion": "the last given dose",
        "course_last": "the last day of the course before",
        "course_first": "the first day of the course before",
        "min_gap": "the end of the minimum gap",
    }
    if anchor in plain:
        return plain[anchor]
    phase, _, number = anchor.removeprefix("event:").partition(".")
    words = phase.replace("_", " ")
    return f"{words}, {'last' if number == 'last' else 'dose ' + number}" if number else words


def _amount(amount: Amount) -> str:
    most = f", at most {amount.maximum.normalize():f} {amount.unit}" if amount.maximum else ""
    if not amount.tiers:
        per = f"/{amount.per}" if amount.per else ""
        return f"{amount.value.normalize():f} {amount.unit}{per}{most}"
    bands = (
        f"{tier.value.normalize():f} {amount.unit}{f'/{tier.per}' if tier.per else ''}"
        f" from {tier.kg_from.normalize():f} kg"
        for tier in amount.tiers
    )
    return ", ".join(bands) + most


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
    return RuleNumber(
        item=f"requirement.{need.id}",
        group="Requirements",
        name=need.what[:1].upper() + need.what[1:],
        words=", ".join(filter(None, parts)),
        basis=Basis.PRACTICE if need.at_chair else Basis.LABEL,
        source=_cite(cited, need.id.split("-", maxsplit=1)[0], "screening", "gates"),
    )


def _limits(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    for each in rule.limits:
        where = each.region or "all"
        yield RuleNumber(
            item=f"limit.{each.kind}.{where}",
            group="Limits",
            name=f"{each.kind.replace('_', ' ').capitalize()}{f', {each.region}' if each.region else ''}",
            words=f"{each.value.normalize():f} {each.unit}".strip()
            + (", then blocked" if each.blocks else ", then for review"),
            basis=Basis.LABEL,
            source=_cite(cited, f"limit_{each.region.lower()}"),
        )


def _beside(rule: Regimen, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    for check in rule.monitors:
        every = f"every {spoken_interval(check.every)}, " if check.every else ""
        start, until = check.start.replace("_", " "), check.until.replace("_", " ")
        yield RuleNumber(
            item=f"monitor.{check.id}",
            group="Checks that go on",
            name=check.what,
            words=f"{every}from the {start}, until {until}",
            basis=Basis.LABEL,
            source=_cite(cited, check.id, "labs"),
        )
    for vaccine in rule.vaccines:
        yield RuleNumber(
            item=f"vaccine.{vaccine.kind}",
            group="Vaccines",
            name=vaccine.kind.capitalize(),
            words=f"at least {spoken_interval(vaccine.lead)} before the first dose",
            basis=Basis.LABEL,
            source=_cite(cited, "vaccines", "vaccine"),
        )


def grouped(numbers: Sequence[RuleNumber]) -> tuple[tuple[str, tuple[RuleNumber, ...]], ...]:
    """Return the numbers by heading, in order."""
    runs = groupby(numbers, key=lambda number: number.group)
    return tuple((group, tuple(run)) for group, run in runs)
