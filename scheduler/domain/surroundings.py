"""What surrounds a series of doses: requirements with their dates, checks that go on, visits and limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scheduler.domain.clinical_events import ANY_KIND
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Preparation, Series
from scheduler.domain.limits import counted_towards, limits_for, opening
from scheduler.domain.monitoring import check_days, checks_end, last_vaccine_day, result_window
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import LimitRule, Monitor, RequirementRule, Vaccine
from scheduler.domain.requirements import oldest_allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementDates:
    """A requirement of one dose: a result serves it from ``earliest`` (None: however old) to ``latest``."""

    ordinal: int
    rule: RequirementRule
    earliest: date | None
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeStart:
    """Something to be done by a day before the first dose; a result serves it from ``since`` on (None: however old)."""

    what: str
    day: date
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDates:
    """A check that goes on: its first days, and its last day (None: open)."""

    rule: Monitor
    days: tuple[date, ...]
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """How far a limit reaches.

    Args:
        opening: What counted before the first dose of the plan.
        allowed: How many doses of the plan stay within it.
        first_over: The ordinal of the first dose over it; None when none is in sight.
    """

    rule: LimitRule
    opening: Decimal
    allowed: int
    last_due: date | None
    first_over: int | None


def requirement_dates(doses: Sequence[PlannedDose]) -> tuple[RequirementDates, ...]:
    """Return the requirements of each dose, with the days between which a result serves its planned day."""
    found = []
    for n, dose in enumerate(doses):
        before = doses[n - 1] if n else None
        on = replace(dose, due=dose.planned or dose.due)
        for rule in dose.requirements:
            earliest, latest = result_window(rule, on, before)
            found.append(
                RequirementDates(ordinal=dose.ordinal, rule=rule, earliest=earliest, latest=latest)
            )
    return tuple(found)


def before_start(
    regimen: Regimen,
    order: OrderFacts,
    doses: Sequence[PlannedDose],
    preparations: Sequence[Preparation],
) -> tuple[BeforeStart, ...]:
    """Return what is to be done before the first dose, by when; nothing once it was given, or on treatment already."""
    first = next((dose for dose in doses if dose.ordinal == 1), None)
    if first is None or first.given is not None or order.continuing:
        return ()
    day = first.planned or first.due
    found = [
        *(BeforeStart(what=each.what, day=each.day) for each in preparations),
        *(
            BeforeStart(
                what=f"{rule.kind} vaccine" if rule.kind != ANY_KIND else "vaccine", day=last
            )
            for rule, last in vaccine_dates(regimen, day)
        ),
        *(
            BeforeStart(what=rule.what, day=day - rule.lead, since=oldest_allowed(rule, day))
            for rule in first.requirements
            if not rule.at_chair
        ),
    ]
    return tuple(sorted(found, key=lambda each: each.day))


def vaccine_dates(regimen: Regimen, first: date) -> tuple[tuple[Vaccine, date], ...]:
    """Return the last day of each kind of vaccine before the first dose."""
    return tuple((rule, last_vaccine_day(first, rule.lead)) for rule in regimen.vaccines)


def check_dates(
    regimen: Regimen, doses: Sequence[PlannedDose], count: int
) -> tuple[CheckDates, ...]:
    """Return the checks that go on, each with its first days, counted from the first or the last given dose."""
    if not doses:
        return ()
    given = [dose for dose in doses if dose.given is not None]
    first, last = _day(doses[0]), _day(given[-1] if given else doses[-1])
    found = []
    for rule in regimen.monitors:
        until = checks_end(rule, last)
        anchor = last if rule.start == "last_dose" else first
        days = check_days(rule, anchor, count)
        kept = tuple(day for day in days if until is None or day <= until)
        found.append(CheckDates(rule=rule, days=kept, until=until))
    return tuple(found)


def limit_uses(
    regimen: Regimen, order: OrderFacts, facts: Facts, series: Series
) -> tuple[LimitUse, ...]:
    """Return how far each limit of the order's region reaches."""
    found, doses = [], series.doses
    for rule in limits_for(regimen, order):
        counted = list(counted_towards(rule, regimen, order, doses, facts, before=series.elsewhere))
        stop = next((n for n, each in enumerate(counted) if each.over(rule)), None)
        within = doses[:stop]
        found.append(
            LimitUse(
                rule=rule,
                opening=opening(rule, regimen, order, facts),
                allowed=len(within),
                last_due=within[-1].due if within else None,
                first_over=None if stop is None else doses[stop].ordinal,
            )
        )
    return tuple(found)


def _day(dose: PlannedDose) -> date:
    return dose.given or dose.planned or dose.due
