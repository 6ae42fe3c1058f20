"""Ready to treat: what is missing for a dose on a day, by when, and who can clear it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.dates import Interval, due
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.requirement_rules import RequirementRule
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
        return tuple(need for need in self.needs if need.missing)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way before the day."""
        return not self.missing


def readiness(
    rules: Sequence[RequirementRule],
    states: Mapping[str, RequirementState],
    *,
    on: date,
    more: Iterable[Need] = (),
) -> Readiness:
    """Return how the needs of a dose stand on the day of its visit.

    Freshness is judged for that day: a result that was good for March can be too old for April.

    Args:
        rules: The regimen's requirements of this dose.
        states: What is known, by the rule's id.
        on: The visit's day.
        more: Order, authorization, REMS and supply, judged elsewhere.
    """
    return Readiness(needs=(*more, *(_need(rule, states.get(rule.id), on) for rule in rules)))


def _need(rule: RequirementRule, state: RequirementState | None, on: date) -> Need:
    status = state.status if state else RequirementStatus.NEEDED
    sentence = ""
    if status is RequirementStatus.MET and state is not None:
        sentence = _too_old(rule, state, on)
        status = RequirementStatus.NEEDED if sentence else status
    elif status not in (RequirementStatus.NOT_NEEDED, RequirementStatus.MET):
        sentence = f"{rule.what}: {WORDS[status]}"
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


def _too_old(rule: RequirementRule, state: RequirementState, on: date) -> str:
    last = fresh_until(rule, state)
    if last is None or last >= on:
        return ""
    when = f"{state.result_on:%B} {state.result_on.day}" if state.result_on else "before"
    sentence = f"{rule.what}: of {when}, too old for {on:%B} {on.day}"
    oldest = oldest_allowed(rule, on)
    return f"{sentence}; needs one from {oldest:%B} {oldest.day} on" if oldest else sentence


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
