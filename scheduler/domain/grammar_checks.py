"""What the values of a regimen file say together: sources, anchors, and what holds of each phase."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from scheduler.domain.grammar_lines import Path
from scheduler.domain.grammar_spans import Fault, faults_of
from scheduler.domain.grammar_table import GrammarError, Table
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.requirement_rules import Before

DRAFT, MEMORY = "draft", "M"
STARTS = ("start", "prev_course", "min_gap")
GAP_STARTS = ("prev_infusion", "course_first", "course_last", "none")


def check(regimen: Regimen, top: Table) -> None:
    """Refuse a regimen whose values do not fit together.

    Raises:
        GrammarError: names the place and what is wrong.
    """
    for path, sentence in (*_of_file(regimen), *_of_sources(regimen), *_anchors(regimen.phases)):
        raise _refusal(top, path, _place(path, regimen), sentence)
    for n, phase in enumerate(regimen.phases):
        for key, sentence in (*_references(phase, regimen), *faults_of(phase)):
            raise _refusal(top, ("phase", n, *key), f"phase {phase.id}", sentence)
    for path, sentence in (*_bands(regimen.phases), *_requirements(regimen)):
        raise _refusal(top, path, _place(path, regimen), sentence)


def _refusal(top: Table, path: Path, place: str, sentence: str) -> GrammarError:
    return GrammarError(top.file, place, sentence, path=path)


def _place(path: Path, regimen: Regimen) -> str:
    if path[:1] == ("phase",) and isinstance(path[1], int):
        return f"phase {regimen.phases[path[1]].id}"
    return ".".join(str(part) for part in path)


def _of_file(regimen: Regimen) -> Iterator[Fault]:
    if regimen.status != DRAFT:
        yield ("status",), "a file enters as a draft; a pharmacist approves it in the application"
    for key, found in (
        ("regions", regimen.regions),
        ("phase", regimen.phases),
        ("visit", regimen.visits),
    ):
        if not found:
            yield (key,), "it is missing"
    for what, ids in (
        ("phase", [phase.id for phase in regimen.phases]),
        ("requirement", [rule.id for rule in regimen.requirements]),
        ("product", list(regimen.brands)),
    ):
        twice = [name for name, count in Counter(ids).items() if count > 1]
        if twice:
            last = len(ids) - 1 - ids[::-1].index(twice[0])
            key = "name" if what == "product" else "id"
            yield (what, last, key), f"there are two of the name {twice[0]}"


def _of_sources(regimen: Regimen) -> Iterator[Fault]:
    if "schedule" not in regimen.cited:
        yield ("source",), "name the source of the schedule"
    for what, key in regimen.cited.items():
        if key != MEMORY and key not in regimen.sources:
            yield ("source", what), f"{key!r} is not among the sources"


def _anchors(phases: Sequence[Phase]) -> Iterator[Fault]:
    """Yield anchors that run in a circle, then those on a phase that comes later."""
    places = {phase.id: n for n, phase in enumerate(phases)}
    on = {phase.id: phase.anchor.partition(".")[0] for phase in phases}
    for phase in phases:
        circle = _circle(phase.id, on)
        if circle:
            yield ("phase", places[phase.id], "anchor"), f"anchors run in a circle: {circle}"
    for phase in phases:
        if places.get(on[phase.id], -1) > places[phase.id]:
            path = ("phase", places[phase.id], "anchor")
            yield path, f"its anchor {on[phase.id]} comes after it: put {on[phase.id]} first"


def _circle(begin: str, on: Mapping[str, str]) -> str:
    seen = [begin]
    while on.get(seen[-1]) in on:
        seen.append(on[seen[-1]])
        if seen[-1] == begin:
            return " -> ".join(seen)
        if seen.count(seen[-1]) > 1:
            return ""  # a circle further on: told where it begins
    return ""


def _references(phase: Phase, regimen: Regimen) -> Iterator[Fault]:
    known = {each.id: each for each in regimen.phases}
    if not _exists(phase.anchor, known, STARTS) and not phase.anchor.startswith("event:"):
        yield ("anchor",), f"it is anchored on {phase.anchor}, which does not exist"
    gap = phase.min_gap
    starts = [gap.start, *(reading.start for reading in gap.readings)] if gap else []
    for start in starts:
        if not _exists(start, known, GAP_STARTS):
            yield ("min_gap", "from"), f"its minimum gap counts from {start}, which does not exist"


def _exists(name: str, known: Mapping[str, Phase], words: Iterable[str]) -> bool:
    phase_id, _, number = name.partition(".")
    if name in words or (phase_id == "prev_course" and number == "last"):
        return True
    phase = known.get(phase_id)
    if phase is None or number in ("", "last"):
        return phase is not None
    most = len(phase.dose_offsets) * (phase.run.days if phase.run else 1)
    return number.isdecimal() and 1 <= int(number) <= (most or int(number))


def _bands(phases: Sequence[Phase]) -> Iterator[Fault]:
    """Yield phases for overlapping weights that would follow the same anchor side by side."""
    chosen = [(n, phase) for n, phase in enumerate(phases) if phase.by_weight]
    for (_, one), (n, other) in combinations(chosen, 2):
        beside = (one.anchor, one.kind, one.clinical) == (other.anchor, other.kind, other.clinical)
        same = (one.indications, one.regions) == (other.indications, other.regions)
        low, high = sorted((one, other), key=lambda phase: phase.kg_from or 0)
        if beside and same and (low.kg_below is None or low.kg_below > (high.kg_from or 0)):
            yield ("phase", n, "select"), f"its weight band overlaps that of {one.id}"


def _requirements(regimen: Regimen) -> Iterator[Fault]:
    for n, rule in enumerate(regimen.requirements):
        if (rule.before is Before.NUMBERED) != bool(rule.numbers or rule.from_dose):
            sentence = "numbers or from_dose belong to before = numbered, and to nothing else"
            yield ("requirement", n, "numbers"), sentence
        if rule.max_age is not None and rule.max_age_hours is not None:
            yield ("requirement", n, "max_age"), "say the age in days or in hours, not both"
    for n, visit in enumerate(regimen.visits):
        if visit.phase and visit.phase not in {phase.id for phase in regimen.phases}:
            yield ("visit", n, "when"), f"{visit.phase!r} is no phase and no range such as 1..3"
