"""What the placing of a dose starts from: the series' setting, and the slot that rule and anchors give it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dates import Calendar
from scheduler.domain.dose_reasons import Reason
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.regimen import Phase, Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What does not change while a series is walked."""

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]
    given: Mapping[int, GivenFact]
    earlier: tuple[GivenFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A dose that has its due day and wants the rest.

    Args:
        index: Its place in the phase, from 0.
        run_first: The first day of its course, when it belongs to one.
        span_ends: The last day of the span that a number of doses must fall into.
    """

    phase: Phase
    ordinal: int
    index: int
    amount_index: int
    due: date
    reason: Reason
    course: int | None = None
    course_day: int | None = None
    run_days: int = 1
    run_first: date | None = None
    span_ends: date | None = None
