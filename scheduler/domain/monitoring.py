"""Checks that go on beside and after treatment, vaccines before it, and samples that say something."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from scheduler.domain.dates import Interval, due, not_before, parse_interval
from scheduler.domain.doses import PlannedDose
from scheduler.domain.requirement_rules import Monitor, RequirementRule
from scheduler.domain.requirements import oldest_allowed

NONE = Interval()


def check_days(monitor: Monitor, anchor: date, count: int) -> tuple[date, ...]:
    """Return the first ``count`` due days of a check, each counted from the anchor.

    The anchor is the day of the first or of the last dose, as the check's ``start`` says.
    """
    days = [due(anchor, span, 1) for span in monitor.at[:count]]
    base = monitor.at[-1] if monitor.at else NONE
    while monitor.every is not None and len(days) < count:
        more = monitor.every.times(len(days) - len(monitor.at) + 1)
        days.append(
            due(anchor, Interval(months=base.months + more.months, days=base.days + more.days), 1)
        )
    return tuple(days)


def checks_end(monitor: Monitor, last_dose: date) -> date | None:
    """Return the last day of a check that ends some time after the last dose; None when it stays open."""
    _, plus, span = monitor.until.partition("+")
    return due(last_dose, parse_interval(span), 1) if plus else None


def last_vaccine_day(start: date, lead: Interval) -> date:
    """Return the last day on which a vaccine may be given before the first dose."""
    return due(start, Interval(months=-lead.months, days=-lead.days), 1)


def sample_days(rule: RequirementRule, events: Mapping[str, date]) -> tuple[date, ...]:
    """Return for each known event the first day on which a sample says something again."""
    spans = dict(rule.not_within)
    return tuple(not_before(day, spans[event]) for event, day in events.items() if event in spans)


def needed_days(rule: RequirementRule, doses: Sequence[PlannedDose]) -> tuple[date, ...]:
    """Return the due days of the doses that need a requirement."""
    return tuple(dose.due for dose in doses if rule in dose.requirements)


def result_window(
    rule: RequirementRule, dose: PlannedDose, before: PlannedDose | None
) -> tuple[date | None, date]:
    """Return the first and the last day on which a result serves a dose."""
    if rule.between and before is not None:
        return before.given or before.due, dose.due
    return oldest_allowed(rule, dose.due), dose.due


def review_from(since: date, gap: Interval) -> date:
    """Return the first day on which the time since a dose is longer than the review gap."""
    return due(since, gap, 1) + timedelta(days=1)
