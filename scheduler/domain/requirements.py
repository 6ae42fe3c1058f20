"""What a dose needs and how it stands on the day of its visit: results by age, the order by its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.clinical_events import ClinicalEvent, event_words, sample_too_near
from scheduler.domain.dates import Interval, due
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.requirement_rules import Before, RequirementRule
from scheduler.domain.roles import Role


class Kind(StrEnum):
    """What a requirement is about; each has its icon."""

    ORDER = "order"
    AUTHORIZATION = "authorization"
    REMS = "rems"
    LAB = "lab"
    SUPPLY = "supply"
    AT_CHAIR = "at_chair"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementState:
    """What is known of one requirement.

    Args:
        code: The rule's id.
        status: Where it stands.
        result_on: Day of the sample or document.
        valid_until: Last day on which it holds.
    """

    code: str
    status: RequirementStatus
    result_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a dose needs, and how it stands on the visit's day.

    Args:
        code: Names the rule, or order, authorization, supply, rems.
        what: In words.
        status: Met, missing, or between.
        sentence: What is wrong, in words; empty when nothing is.
        needed_by: The day before which it should be cleared.
        roles: Who may clear it.
    """

    code: str
    kind: Kind
    what: str
    status: RequirementStatus
    sentence: str = ""
    needed_by: date | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def missing(self) -> bool:
        """Whether it stands in the way; what is checked at the chair does so only on the day."""
        settled = (RequirementStatus.MET, RequirementStatus.NOT_NEEDED)
        return self.kind is not Kind.AT_CHAIR and self.status not in settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All needs of a dose on a day."""

    needs: tuple[Need, ...]

    @property
    def missing(self) -> tuple[Need, ...]:
        """What stands in the way, most urgent first."""
        missing = (need for need in self.needs if need.missing)
        return tuple(sorted(missing, key=lambda need: need.needed_by or date.max))

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way before the day."""
        return not self.missing


def requirement_need(
    rule: RequirementRule,
    state: RequirementState | None,
    *,
    on: date,
    previous: date | None = None,
    events: Sequence[ClinicalEvent] = (),
) -> Need:
    """Return how one requirement stands on the day of a visit.

    Freshness is judged for that day: a result that was good for March can be too old for April.

    Args:
        rule: What the regimen asks for.
        state: What is known of it.
        on: The visit's day.
        previous: The day of the dose before, given, booked or planned.
        events: What happened to the patient; a sample soon after some of it says nothing.
    """
    status = state.status if state else RequirementStatus.NEEDED
    sentence = ""
    if status is RequirementStatus.MET and state is not None:
        sentence = (
            _too_near(rule, state, events)
            or _too_old(rule, state, on)
            or _before_last(rule, state, previous)
        )
        status = RequirementStatus.NEEDED if sentence else status
    elif status not in (RequirementStatus.NOT_NEEDED, RequirementStatus.MET):
        sentence = f"{_what(rule)}: {WORDS[status]}{_not_until(rule, on, events)}"
    kind = Kind.AT_CHAIR if rule.at_chair else Kind.REMS if "rems" in rule.id else Kind.LAB
    return Need(
        code=rule.id,
        kind=kind,
        what=rule.what,
        status=status,
        sentence="" if rule.at_chair else sentence,
        needed_by=on - rule.lead,
        roles=rule.roles,
    )


WORDS = {
    RequirementStatus.NEEDED: "missing",
    RequirementStatus.REQUESTED: "requested, no result yet",
    RequirementStatus.TO_REVIEW: "result to review",
    RequirementStatus.FAILED: "not passed",
}


def _what(rule: RequirementRule) -> str:
    return rule.what[:1].upper() + rule.what[1:]


def spoken(day: date, on: date) -> str:
    """Return "March 3", with its year when that is not the visit's."""
    return f"{day:%B} {day.day}" + (f", {day.year}" if day.year != on.year else "")


def _too_old(rule: RequirementRule, state: RequirementState, on: date) -> str:
    last = fresh_until(rule, state)
    if last is None or last >= on:
        return ""
    of = f" of {spoken(state.result_on, on)}" if state.result_on else ""
    oldest = oldest_allowed(rule, on)
    if oldest is None or state.result_on is None or state.result_on >= oldest:
        until = spoken(last, on)
        return f"{_what(rule)}{of} holds until {until}: needs one that holds on {spoken(on, on)}"
    return (
        f"{_what(rule)}{of} is too old for {spoken(on, on)}: needs one from {spoken(oldest, on)} on"
    )


def _too_near(
    rule: RequirementRule, state: RequirementState, events: Sequence[ClinicalEvent]
) -> str:
    """Say that a sample was taken too soon after an event to say anything."""
    if state.result_on is None:
        return ""
    near = sample_too_near(rule.not_within, events, state.result_on)
    if near is None:
        return ""
    of, event = spoken(state.result_on, near.free_from), near.event
    return (
        f"{_what(rule)} of {of} says nothing: {event_words(event.name)} on"
        f" {spoken(event.day, near.free_from)}; needs one from {spoken(near.free_from, event.day)} on"
    )


def _not_until(rule: RequirementRule, on: date, events: Sequence[ClinicalEvent]) -> str:
    """Say from when on a sample says something again, where that is too late for the visit."""
    near = sample_too_near(rule.not_within, events, None)
    if near is None or near.free_from <= on - rule.lead:
        return ""
    event = near.event
    return (
        f"; after {event_words(event.name)} on {spoken(event.day, on)} a sample says something"
        f" from {spoken(near.free_from, on)} on"
    )


def _before_last(rule: RequirementRule, state: RequirementState, previous: date | None) -> str:
    """Say that a result is from before the last dose, where each dose needs one of its own."""
    if previous is None or state.result_on is None or not is_for_one_dose(rule, state):
        return ""
    if state.result_on > previous:
        return ""
    of = spoken(state.result_on, previous)
    return f"{_what(rule)} of {of} was for the dose before: needs one after {spoken(previous, previous)}"


def is_for_one_dose(rule: RequirementRule, state: RequirementState) -> bool:
    """Say whether a result serves the next dose alone: each dose asks, and nothing says how long it holds."""
    if "rems" in rule.id:
        return False  # a program says itself how long it holds
    ages = rule.max_age or rule.valid_for or rule.max_age_hours or state.valid_until
    return rule.between or (rule.before in (Before.EACH, Before.EACH_COURSE) and not ages)


def fresh_until(rule: RequirementRule, state: RequirementState) -> date | None:
    """Return the last day on which a result holds; None when it does not age."""
    ends = [state.valid_until] if state.valid_until else []
    if state.result_on is not None:
        spans = [span for span in (rule.max_age, rule.valid_for) if span is not None]
        ends += [due(state.result_on, span, 1) for span in spans]
        if rule.max_age_hours is not None:
            ends.append(state.result_on + timedelta(days=rule.max_age_hours // 24))
    return min(ends, default=None)


def oldest_allowed(rule: RequirementRule, on: date) -> date | None:
    """Return the first day from which a result is fresh enough for a visit.

    A day that the month lacks rolls: three months before 31 May is 1 March, because a result of 28 February
    is three months old on 28 May already.
    """
    if rule.max_age_hours is not None:
        return on - timedelta(days=rule.max_age_hours // 24)
    span = rule.max_age or rule.valid_for
    if span is None:
        return None
    day = due(on, Interval(months=-span.months, days=-span.days), 1)
    return day if due(day, span, 1) >= on else day + timedelta(days=1)


def order_need(valid_until: date, *, on: date) -> Need:
    """Return whether the prescriber's order still holds on the day."""
    held = valid_until >= on
    return Need(
        code="order",
        kind=Kind.ORDER,
        what=f"Order, to {valid_until:%b} {valid_until.day}, {valid_until.year}",
        status=RequirementStatus.MET if held else RequirementStatus.NEEDED,
        sentence=""
        if held
        else f"The order ends on {valid_until:%B} {valid_until.day}, before this visit: ask the prescriber for a new one",
        needed_by=on - timedelta(days=7),
        roles=frozenset({Role.FRONT_DESK, Role.PHARMACIST}),
    )
