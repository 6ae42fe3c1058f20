"""Planning 130 doses beside a bare loop that finds the same days, and a center's plans under a new version."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from random import Random

import holidays
from dateutil.relativedelta import relativedelta

from scheduler.bench.speed import Measured, interleaved
from scheduler.domain.dates import OpenDays
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose, Series
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from scheduler.services.regimens import shipped_regimens

DOSES, TIMES, PLANS, GUIDANCE_MS = 130, 60, 850, 2000
START, HORIZON = date(2026, 1, 5), timedelta(days=730)
EARLY, LATE = 3, 7
Days = list[tuple[date, date | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """How long a center's plans take under a new version of their regimens."""

    plans: int
    moved: int
    ms: float
    guidance_ms: int = GUIDANCE_MS


def measure_planning() -> Measured:
    """Measure 130 doses every 28 days beside a relativedelta loop.

    Raises:
        RuntimeError: the two do not find the same days.
    """
    rule, calendar = _regimen("natalizumab-iv"), federal_days()
    starts = [START + timedelta(days=number) for number in range(TIMES + 5)]
    for start in starts:
        found = [(dose.due, dose.planned) for dose in _planned(rule, start, calendar)]
        if found != bare_days(start, calendar):
            raise RuntimeError(f"the bare loop finds other days from {start} on")

    def ours(number: int) -> None:
        _planned(rule, starts[number], calendar)

    def bare(number: int) -> None:
        bare_days(starts[number], calendar)

    # processor time: what the neighbours on the machine do counts for neither
    return interleaved("130 doses", "-", ours, bare, TIMES, read_clock=time.process_time)


def bare_days(start: date, calendar: OpenDays) -> Days:
    """Return due and planned days by a plain loop: the nearest open day in the window, a tie to the later."""
    found: Days = []
    for k in range(DOSES):
        day = start + relativedelta(weeks=4 * k)
        near = day if calendar.is_open(day) else None
        for n in range(1, LATE + 1):
            if near is not None:
                break
            later, sooner = day + timedelta(days=n), day - timedelta(days=n)
            if calendar.is_open(later):
                near = later
            elif n <= EARLY and calendar.is_open(sooner):
                near = sooner
        found.append((day, near))
    return found


def replan_center() -> Replanned:
    """Measure a center's plans under the old and a new version of every regimen, and count doses that move."""
    random = Random(850)  # noqa: S311 - patients of a measurement
    calendar, rules = federal_days(), _repeating()
    plans = [_patient(random, random.choice(rules), calendar) for _ in range(PLANS)]
    began = time.perf_counter()
    moved = 0
    for rule, order, facts in plans:
        until = order.first_day + HORIZON
        old, new = (
            resolve(each, order, facts, calendar, {}, until=until) for each in (rule, _later(rule))
        )
        moved += _differ(old, new)
    return Replanned(plans=PLANS, moved=moved, ms=round((time.perf_counter() - began) * 1000, 1))


def federal_days() -> OpenDays:
    """Return Monday to Friday without federal holidays."""
    return OpenDays(closed=frozenset(holidays.country_holidays("US", years=range(2024, 2040))))


def as_plain(planning: Measured, center: Replanned) -> dict[str, object]:
    """Return both as plain values."""
    return {"planning": asdict(planning) | {"held": planning.held}, "center": asdict(center)}


def _planned(rule: Regimen, start: date, calendar: OpenDays) -> Sequence[PlannedDose]:
    order, until = OrderFacts(first_day=start), start + timedelta(days=28 * (DOSES - 1))
    return resolve(rule, order, Facts(), calendar, {}, until=until).doses


def _regimen(regimen_id: str) -> Regimen:
    return next(rule for rule in shipped_regimens() if rule.id == regimen_id)


def _repeating() -> list[Regimen]:
    return [rule for rule in shipped_regimens() if any(p.every for p in rule.phases)]


def _patient(
    random: Random, rule: Regimen, calendar: OpenDays
) -> tuple[Regimen, OrderFacts, Facts]:
    """Return a patient some way into treatment: up to eight doses given, now and then a few days late."""
    order = OrderFacts(first_day=START + timedelta(days=random.randrange(365)))
    planned = resolve(rule, order, Facts(), calendar, {}, until=order.first_day + HORIZON)
    given = tuple(
        GivenFact(
            ingredient=rule.ingredient,
            ordinal=dose.ordinal,
            day=(dose.planned or dose.due) + timedelta(days=random.choice((0, 0, 0, 1))),
        )
        for dose in planned.doses[: random.randrange(8)]
    )
    return rule, order, Facts(given=given)


def _later(rule: Regimen) -> Regimen:
    """Return a next version whose intervals are a week longer."""
    phases = tuple(
        replace(phase, every=replace(phase.every, days=phase.every.days + 7))
        if phase.every
        else phase
        for phase in rule.phases
    )
    return replace(rule, version=rule.version + 1, phases=phases)


def _differ(old: Series, new: Series) -> int:
    after = {dose.ordinal: dose.due for dose in new.doses}
    return sum(after.get(dose.ordinal) != dose.due for dose in old.doses)
