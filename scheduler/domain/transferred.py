"""A treatment of courses that began elsewhere: which doses of it were given there, and what is left here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from scheduler.domain.doses import GivenFact, OrderFacts
from scheduler.domain.regimen import Phase
from scheduler.domain.slots import Setting
from scheduler.domain.taking_part import all_phases_for, loading_doses, phases_for

BETWEEN_COURSES = timedelta(days=28)
"""Earlier doses farther apart than this are of different courses of consecutive days; no regimen has its courses
that near to each other."""


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


def beginning_of(setting: Setting) -> Beginning:
    """Return where an order enters its regimen: at the start, past the loading doses, or amid courses."""
    rule, order = setting.regimen, setting.order
    phases = phases_for(rule, order)
    if not order.continuing:
        return Beginning(setting=setting, phases=phases, ordinal=1, here=1)
    whole = all_phases_for(rule, order)
    elsewhere = _elsewhere(setting, whole)
    if elsewhere:
        return _amid_courses(setting, whole, elsewhere)
    known = max(loading_doses(rule, order), len(setting.earlier))
    first = order.first_ordinal or known + 1
    return Beginning(setting=setting, phases=phases, ordinal=first, here=first)


def _elsewhere(setting: Setting, phases: Sequence[Phase]) -> dict[int, GivenFact]:
    """Return the doses before the order by their place in a treatment that ends by itself; of others none."""
    order = setting.order
    if any(phase.every for phase in phases):
        return {}
    before = [fact for fact in setting.earlier if fact.day <= order.first_day]
    courses = list(_courses(phases, order))
    over = _begins_with_asked(order, sum(size for size, _ in courses))
    return dict(_numbered(before, [(size, over or last) for size, last in courses]))


def _begins_with_asked(order: OrderFacts, before_it: int) -> bool:
    """Say whether an order asked from its beginning for a phase that comes when all others are over."""
    return bool(order.phase) and (order.first_ordinal is None or order.first_ordinal > before_it)


def _amid_courses(
    setting: Setting, phases: Sequence[Phase], elsewhere: Mapping[int, GivenFact]
) -> Beginning:
    """Return the beginning at which the doses elsewhere are the first ones.

    The first dose here keeps the ordinal that a stored plan gave it, whatever is said later of the doses before it.
    """
    order, before_it = setting.order, sum(size for size, _ in _courses(phases, setting.order))
    known = before_it if _begins_with_asked(order, before_it) else max(elsewhere)
    here = order.first_ordinal or known + 1
    shift = here - known - 1
    given = {ordinal + shift: fact for ordinal, fact in elsewhere.items()}
    # days of a course of which nothing is told are not to come
    untold = frozenset(range(1 + shift, here)) - given.keys()
    entered = _as_given(setting, given, (setting.facts.skipped - given.keys()) | untold)
    return Beginning(setting=entered, phases=phases, ordinal=1 + shift, here=here)


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
