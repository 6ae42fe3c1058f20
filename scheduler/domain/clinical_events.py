"""Clinical events that dates and samples count from: plasma exchange, IVIG, vaccines, a relapse."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from scheduler.domain.dates import Interval, not_before
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import Vaccine

VACCINE = "vaccine-"
ANY_KIND = "any"
WORDS = MappingProxyType(
    {
        "plasma-exchange": "plasma exchange",
        "ivig": "IVIG",
        "relapse-order": "relapse order",
        "relapse-onset": "relapse onset",
        "vaccine-any": "vaccine",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalEvent:
    """Something that happened to a patient on a day, by the name that regimens give it."""

    name: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TooNear:
    """An event that is too near: from which day on it no longer stands in the way."""

    event: ClinicalEvent
    span: Interval
    free_from: date


def event_words(name: str) -> str:
    """Return "plasma exchange", "live vaccine"."""
    if name in WORDS:
        return WORDS[name]
    kind = name.removeprefix(VACCINE)
    return f"{kind} vaccine" if kind != name else name.replace("-", " ")


def dates_named(regimen: Regimen) -> tuple[str, ...]:
    """Return the events that a regimen's days count from: of its anchors and windows."""
    anchors = [p.anchor for p in regimen.phases if p.anchor.startswith("event:")]
    windows = [phase.window.event for phase in regimen.phases]
    names = [*(anchor.removeprefix("event:") for anchor in anchors), *filter(None, windows)]
    return tuple(dict.fromkeys(names))


def events_named(regimen: Regimen) -> tuple[str, ...]:
    """Return all events that bear on a regimen: on its days, its samples and its first dose."""
    samples = [name for rule in regimen.requirements for name, _ in rule.not_within]
    vaccines = [f"{VACCINE}{rule.kind}" for rule in regimen.vaccines]
    return tuple(dict.fromkeys([*dates_named(regimen), *samples, *vaccines]))


def bearings(regimen: Regimen, event: ClinicalEvent) -> tuple[tuple[str, date | None], ...]:
    """Return what counts from an event under a regimen: in words, and from which day on it is free again.

    None where the plan's own days count from it.
    """
    found: list[tuple[str, date | None]] = []
    if event.name in dates_named(regimen):
        found.append(("days of the plan", None))
    for rule in regimen.requirements:
        near = sample_too_near(rule.not_within, (event,), None)
        if near is not None:
            found.append((rule.what, near.free_from))
    vaccines = _vaccinations(regimen.vaccines, (event,))
    found += [("first dose", near.free_from) for near in vaccines]
    return tuple(found)


def latest(events: Iterable[ClinicalEvent]) -> Mapping[str, date]:
    """Return the last day of each event, by name."""
    days: dict[str, date] = {}
    for event in sorted(events, key=lambda event: event.day):
        days[event.name] = event.day
    return MappingProxyType(days)


def sample_too_near(
    not_within: Sequence[tuple[str, Interval]],
    events: Iterable[ClinicalEvent],
    taken_on: date | None,
) -> TooNear | None:
    """Return the event after which a sample said nothing yet, the one that lasts longest; None when it counts.

    A sample of the event's own day may be older or younger than it, so it does not count. Without a sample
    it is the event that lasts longest.
    """
    spans = dict(not_within)
    found = [_near(event, spans[event.name]) for event in events if event.name in spans]
    if taken_on is not None:
        found = [each for each in found if each.event.day <= taken_on < each.free_from]
    return max(found, key=lambda each: each.free_from, default=None)


def vaccine_too_near(
    vaccines: Iterable[Vaccine], events: Iterable[ClinicalEvent], first_dose: date
) -> TooNear | None:
    """Return the vaccine after which the first dose comes too soon, the one that lasts longest."""
    found = _vaccinations(vaccines, tuple(events))
    late = [each for each in found if each.event.day <= first_dose < each.free_from]
    return max(late, key=lambda each: each.free_from, default=None)


def _vaccinations(
    vaccines: Iterable[Vaccine], events: Sequence[ClinicalEvent]
) -> Iterator[TooNear]:
    for rule in vaccines:
        for event in events:
            of_any = rule.kind == ANY_KIND and event.name.startswith(VACCINE)
            if of_any or event.name == f"{VACCINE}{rule.kind}":
                yield _near(event, rule.lead)


def _near(event: ClinicalEvent, span: Interval) -> TooNear:
    return TooNear(event=event, span=span, free_from=not_before(event.day, span))
