"""A treatment that began elsewhere: which of its first doses or courses were given there, and what is left here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from scheduler.domain.dates import Interval, due, plus
from scheduler.domain.doses import GivenFact, OrderFacts, PlannedDose
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.slots import Setting
from scheduler.domain.taking_part import all_phases_for, loading_doses, phases_for

BETWEEN_COURSES = timedelta(days=28)
"""Earlier doses farther apart than this are of different courses, and farther than twice the longest time between
two doses of a course; no regimen has its courses that near to each other."""

OF_INTERVAL = 2
"""Doses by the interval that are looked at after loading."""

NEAR = timedelta(days=3)
"""So far, or half of a longer gap, may loading doses elsewhere lie off their days; intervals are longer by far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a series is entered.

    Args:
        setting: In which doses of a course elsewhere have their ordinals.
        ordinal: Of the first dose of ``phases``.
        here: Of the first dose that is this order's own.
    """

    setting: Setting
    phases: Sequence[Phase]
    ordinal: int
    here: int

    def elsewhere(self, doses: Iterable[PlannedDose]) -> list[PlannedDose]:
        """Return those of a series that were given before the order, with their amounts as given there."""
        given = self.setting.given
        return [
            replace(dose, amount=given[dose.ordinal].amount or dose.amount)
            for dose in doses
            if dose.ordinal < self.here and dose.ordinal in given
        ]


def beginning_of(setting: Setting) -> Beginning:
    """Return where an order enters its regimen: at the start, amid loading or courses, or past them."""
    rule, order = setting.regimen, setting.order
    phases = phases_for(rule, order)
    if not order.continuing:
        return Beginning(setting=setting, phases=phases, ordinal=1, here=1)
    whole = all_phases_for(rule, order)
    before = doses_before(setting)
    repeats = any(phase.every for phase in whole)
    elsewhere = _in_loading(before, whole, order) if repeats else _in_courses(before, whole, order)
    if elsewhere:
        return _amid(setting, whole, elsewhere)
    known = max(loading_doses(rule, order), len(setting.earlier))
    first = order.first_ordinal or known + 1
    return Beginning(setting=setting, phases=phases, ordinal=first, here=first)


def doses_before(setting: Setting) -> list[GivenFact]:
    """Return the doses elsewhere from which somebody on treatment goes on."""
    return [fact for fact in setting.earlier if fact.day <= setting.order.first_day]


def amid_loading(regimen: Regimen, order: OrderFacts, known: int, first: int) -> int:
    """Return how many loading doses there are where loading may not be over, else 0.

    Of somebody on treatment often only the last dose is told, so nothing is made of one by itself.

    Args:
        regimen: Whose loading.
        order: Of somebody on treatment, or a new start.
        known: How many doses elsewhere are known.
        first: The ordinal of the first dose here.
    """
    loading = loading_doses(regimen, order)
    placed = known > 1 and first == known + 1
    return 0 if not order.continuing or not 0 < known <= loading or placed else loading


def passed_elsewhere(order: OrderFacts, base: date, first: Interval, span: Interval) -> int:
    """Return how many doses of a grid from elsewhere were due there: of those due by the first day here, all but the last.

    Args:
        order: Of somebody on treatment.
        base: The last dose elsewhere.
        first: From it to the next dose.
        span: From each dose to the one after it.
    """
    number = 0
    while due(base, plus(first, span, number + 1), 1) <= order.first_day:
        number += 1
    return number


def _in_loading(
    before: Sequence[GivenFact], phases: Sequence[Phase], order: OrderFacts
) -> dict[int, GivenFact]:
    """Return doses before the order by their place in the loading, when no other are known and they lie as it says.

    Often only the last doses of a long treatment are told: those lie an interval apart. And loading that was broken
    off, so that two doses were due since, is not gone on with by itself.
    """
    known = len(before)
    if known <= 1:
        return {}
    days = _first_days(phases, order, before[0].day)
    if known > len(days) - OF_INTERVAL or days[known + 1] <= order.first_day:
        return {}
    gaps, asked = _gaps([fact.day for fact in before]), _gaps(days)
    near = all(abs(gap - own) <= max(NEAR, own // 2) for gap, own in zip(gaps, asked, strict=False))
    return dict(enumerate(before, start=1)) if near else {}


def _gaps(days: Sequence[date]) -> list[timedelta]:
    return [later - sooner for sooner, later in pairwise(days)]


def _first_days(phases: Sequence[Phase], order: OrderFacts, first: date) -> list[date]:
    """Return the due days of a start on a day: all of loading, and two by the interval after it."""
    known: dict[str, list[date]] = {}
    days: list[date] = []
    for phase in phases:
        name, _, number = phase.anchor.partition(".")
        there = known.get(name, [first])
        begins = there[min(int(number), len(there)) - 1] if number.isdecimal() else there[-1]
        known[phase.id] = list(_due_days(phase, order, begins))
        days += known[phase.id]
        if phase.every is not None:
            break
    return days


def _due_days(phase: Phase, order: OrderFacts, begins: date) -> Iterator[date]:
    if phase.every is not None:
        span = order.interval or phase.every
        yield from (due(begins, plus(phase.first, span, n), 1) for n in range(OF_INTERVAL))
        return
    length = phase.run.days_of(order.run_days) if phase.run else 1
    for offset in phase.dose_offsets:
        yield from (due(begins, offset, 1) + timedelta(days=n) for n in range(length))


def _in_courses(
    before: Sequence[GivenFact], phases: Sequence[Phase], order: OrderFacts
) -> dict[int, GivenFact]:
    """Return doses before the order by their place in a treatment that ends by itself.

    Where the order asked from its beginning for a phase that comes when all others are over, the known ones are the
    last of those.
    """
    courses = list(_courses(phases, order))
    before_it = sum(size for size, _ in courses)
    asked = order.phase and (order.first_ordinal is None or order.first_ordinal > before_it)
    newest = _of_this_course(before, phases, courses)
    numbered = dict(_numbered(newest, [(size, asked or last) for size, last in courses]))
    if not asked or not numbered:
        return numbered
    behind = before_it - max(numbered)
    return {ordinal + behind: fact for ordinal, fact in numbered.items()}


def _of_this_course(
    before: Sequence[GivenFact], phases: Sequence[Phase], courses: Sequence[tuple[int, bool]]
) -> Sequence[GivenFact]:
    """Return the doses elsewhere; of a treatment that is one course, only those of the newest such course."""
    if len(courses) != 1:
        return before
    size, newest = courses[0][0], list[GivenFact]()
    apart = max(BETWEEN_COURSES, 2 * _longest_step(phases))
    for fact in before:
        if newest and (len(newest) == size or fact.day - newest[-1].day > apart):
            newest = []
        newest.append(fact)
    return newest


def _longest_step(phases: Sequence[Phase]) -> timedelta:
    """Return the longest time from one dose of a course to the next."""
    first = date(2001, 1, 1)
    steps = [_gaps([due(first, span, 1) for span in phase.dose_offsets]) for phase in phases]
    return max((step for mine in steps for step in mine), default=timedelta(0))


def _amid(
    setting: Setting, phases: Sequence[Phase], elsewhere: Mapping[int, GivenFact]
) -> Beginning:
    """Return the beginning at which the doses elsewhere are the first ones of the regimen.

    The first dose here keeps the ordinal that a stored plan gave it, whatever is said later of the doses before it.
    """
    known = max(elsewhere)
    here = setting.order.first_ordinal or known + 1
    shift = here - known - 1
    given = {ordinal + shift: fact for ordinal, fact in elsewhere.items()}
    # days of a course of which nothing is told are not to come
    untold = frozenset(range(1 + shift, here)) - given.keys()
    entered = _as_given(setting, given, (setting.facts.skipped - given.keys()) | untold)
    entered = replace(entered, first=1 + shift)
    return Beginning(setting=entered, phases=phases, ordinal=entered.first, here=here)


def _as_given(
    setting: Setting, elsewhere: Mapping[int, GivenFact], skipped: frozenset[int]
) -> Setting:
    taken = set(map(id, elsewhere.values()))
    given = {**elsewhere, **setting.given}
    first_day = min(fact.day for fact in elsewhere.values())
    return replace(
        setting,
        order=replace(setting.order, continuing=False, first_day=first_day),
        facts=replace(setting.facts, skipped=skipped),
        given=given,
        earlier=tuple(fact for fact in setting.earlier if id(fact) not in taken),
        last_ordinal=max(given),
    )


def _courses(phases: Sequence[Phase], order: OrderFacts) -> Iterator[tuple[int, bool]]:
    """Yield each course's number of doses, and whether the last are told first: of days in a row; not one asked for."""
    for phase in phases:
        if phase.id == order.phase:
            continue
        if phase.run is not None:
            yield from ((phase.run.days_of(order.run_days), True) for _ in phase.dose_offsets)
        else:
            yield phase.spread.count if phase.spread else len(phase.dose_offsets), False


def _numbered(
    earlier: Sequence[GivenFact], courses: Iterable[tuple[int, bool]]
) -> Iterator[tuple[int, GivenFact]]:
    """Yield earlier doses with their ordinals.

    Of a course that is over, and of one of days in a row, the known ones are its last: often only the day on which
    it ended is told.
    """
    rest, first = list(earlier), 1
    for size, last in courses:
        count = min(size, _of_one_course(rest) if last else len(rest))
        begins = first + size - count if last else first
        yield from enumerate(rest[:count], start=begins)
        rest, first = rest[count:], first + size


def _of_one_course(earlier: Sequence[GivenFact]) -> int:
    """Return how many doses belong together with the first."""
    gaps = (later.day - sooner.day for sooner, later in pairwise(earlier))
    apart = (n for n, gap in enumerate(gaps, start=1) if gap > BETWEEN_COURSES)
    return next(apart, len(earlier))
