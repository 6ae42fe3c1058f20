"""Visits that no longer fit where they are: which of them must move, and new places inside their windows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from scheduler.domain.capacity import over_capacity, place, remove
from scheduler.domain.offers import Offer, rank, rank_course, stay_of
from scheduler.domain.refusals import Refusal
from scheduler.domain.series_places import SeriesDose, SeriesPlace, place_series
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import Weights
from scheduler.domain.wishes import DayState, Wish

NEAR = Weights(peak=0.5, mean=0.1, slot=1.0, day=16.0, weekday=8.0)
"""A moved patient wants the old day and time: a day away weighs as four hours on the same day."""

TRIES = 8
"""How often the search begins anew with the visits first that found no place."""

WEIGHED = 8
"""Of the visits that would relieve a crowded quarter hour, so many are tried for the cheapest move."""

EASE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a visit stands now."""

    visit: object
    day: date
    slot: int
    profile: VisitProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Movable:
    """A visit, or the days of a course, which move whole.

    Args:
        key: Anything that names it.
        stands: Where it stands, a day each.
        wish: The days it may go to, its present day as ``due``, its present start as wished time.
        not_on: Days on which the patient is here for something else.
        must: It cannot stay; otherwise it moves only to relieve a day that is over capacity.
    """

    key: object
    stands: tuple[Standing, ...]
    wish: Wish
    not_on: frozenset[date] = frozenset()
    must: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """Where a visit goes, an offer for each of its days."""

    movable: Movable
    visits: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """A visit that cannot stay and has no other place inside its window, and why."""

    movable: Movable
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """What would put days right.

    Args:
        moved: The visits that move.
        left: Those that cannot stay and cannot move.
        over: By what days remain over capacity.
    """

    moved: tuple[NewPlace, ...] = ()
    left: tuple[LeftBehind, ...] = ()
    over: Mapping[date, tuple[Refusal, ...]] = field(default_factory=dict)


def replan(days: Iterable[DayState], visits: Sequence[Movable]) -> Replan:
    """Return new places for all visits that must move, and for few others where a day is too full.

    Nothing goes outside its window or below its not-before, and no day gets fuller than it may be.
    """
    state = {day.day: day for day in days}
    crowded = {day for day, each in state.items() if over_capacity(each.load, each.limits)}
    going = [visit for visit in visits if visit.must]
    for visit in going:
        _take_out(state, visit)
    going += _relief(state, [visit for visit in visits if not visit.must])
    placed, left = _placed(going, state)
    for new in placed:
        _put_in(state, new)
    for behind in left:
        if not behind.movable.must:
            _back(state, behind.movable)
    over = {
        day: refusals
        for day in sorted(crowded)
        if (refusals := over_capacity(state[day].load, state[day].limits))
    }
    return Replan(moved=placed, left=tuple(each for each in left if each.movable.must), over=over)


def _relief(state: dict[date, DayState], visits: Sequence[Movable]) -> list[Movable]:
    """Return few visits whose going takes days back within their limits, and take them out."""
    chosen: list[Movable] = []
    for day in sorted(state):
        here = [visit for visit in visits if any(each.day == day for each in visit.stands)]
        while over_capacity(state[day].load, state[day].limits):
            open_to = [visit for visit in here if visit not in chosen]
            best = _best_relief(state, day, open_to)
            if best is None:
                break
            _take_out(state, best)
            chosen.append(best)
    return [visit for visit in chosen if not _stays_after_all(state, visit)]


def _best_relief(
    state: dict[date, DayState], day: date, visits: Sequence[Movable]
) -> Movable | None:
    """Return the visit that relieves the day most for the shortest move; None when none can go."""
    relief = [(_relieves(state[day], visit, day), visit) for visit in visits]
    useful = sorted((each for each in relief if each[0]), key=lambda each: -each[0])
    found: list[tuple[float, Movable]] = []
    for size, visit in useful:
        if len(found) == WEIGHED:
            break
        score = _score(state, visit)
        if score is not None:
            found.append((size / (EASE + score), visit))
    return max(found, key=lambda each: each[0])[1] if found else None


def _relieves(state: DayState, visit: Movable, day: date) -> int:
    excess = np.maximum(state.load.counts.astype(np.int32) - state.limits.allowed, 0)
    own = state.load.counts - _without(state, visit, day).load.counts
    return int(np.minimum(excess, own).sum())


def _score(state: dict[date, DayState], visit: Movable) -> float | None:
    """Return what the visit's best other place costs, None when it has none."""
    tried = dict(state)
    _take_out(tried, visit)
    days = [each for day, each in tried.items() if day not in visit.not_on]
    profiles = [each.profile for each in visit.stands]
    if len(profiles) > 1:
        courses = rank_course(days, visit.wish, profiles, limit=1, weights=NEAR)
        return courses[0].score if courses else None
    offers = rank(days, visit.wish, profiles[0], limit=1, weights=NEAR)
    return offers[0].score if offers else None


def _stays_after_all(state: dict[date, DayState], visit: Movable) -> bool:
    """Put a visit back when the others' going was enough."""
    tried = dict(state)
    _back(tried, visit)
    days = {each.day for each in visit.stands} & state.keys()
    if any(over_capacity(tried[day].load, tried[day].limits) for day in days):
        return False
    state.update(tried)
    return True


def _placed(
    going: Sequence[Movable], state: Mapping[date, DayState]
) -> tuple[tuple[NewPlace, ...], tuple[LeftBehind, ...]]:
    """Place all, those with least choice first; who finds no place comes first in the next try."""
    order = sorted(going, key=lambda visit: (-len(visit.stands), _choice(visit, state)))
    best = _in_order(order, state)
    for _ in range(TRIES):
        refused = {id(visit) for visit, where in best if not where.visits}
        if not refused:
            break
        order = [v for v in order if id(v) in refused] + [v for v in order if id(v) not in refused]
        best = min(best, _in_order(order, state), key=_badness)
    moved = [NewPlace(movable=visit, visits=where.visits) for visit, where in best if where.visits]
    left = [
        LeftBehind(movable=visit, refusal=where.refusal)
        for visit, where in best
        if where.refusal is not None
    ]
    return tuple(moved), tuple(left)


def _choice(visit: Movable, state: Mapping[date, DayState]) -> int:
    return sum(visit.wish.allows(day) for day in state)


def _in_order(
    order: Sequence[Movable], state: Mapping[date, DayState]
) -> list[tuple[Movable, SeriesPlace]]:
    doses = [
        SeriesDose(
            key=visit.key,
            wish=visit.wish,
            visits=tuple(each.profile for each in visit.stands),
            not_on=visit.not_on,
        )
        for visit in order
    ]
    return list(zip(order, place_series(doses, list(state.values()), weights=NEAR), strict=True))


def _badness(tried: Sequence[tuple[Movable, SeriesPlace]]) -> tuple[int, float]:
    refused = sum(not where.visits for _, where in tried)
    return refused, sum(offer.score for _, where in tried for offer in where.visits)


def _take_out(state: dict[date, DayState], visit: Movable) -> None:
    for day in {each.day for each in visit.stands} & state.keys():
        state[day] = _without(state[day], visit, day)


def _without(state: DayState, visit: Movable, day: date) -> DayState:
    """Return the day without the visit, in counts and chairs."""
    load, gone = state.load, set()
    for each in visit.stands:
        if each.day == day:
            load = remove(load, state.limits, each.profile, each.slot)
            gone.add(each.visit)
    if state.seating is None:
        return replace(state, load=load)
    stays = tuple(stay for stay in state.seating.stays if stay.id not in gone)
    return replace(state, load=load, seating=replace(state.seating, stays=stays))


def _back(state: dict[date, DayState], visit: Movable) -> None:
    for each in visit.stands:
        _add(state, each.day, each, each.slot)


def _put_in(state: dict[date, DayState], new: NewPlace) -> None:
    for offer, each in zip(new.visits, new.movable.stands, strict=True):
        _add(state, offer.day, each, offer.slot)


def _add(state: dict[date, DayState], day: date, each: Standing, slot: int) -> None:
    if day not in state:
        return
    on = state[day]
    load = place(on.load, on.limits, each.profile, slot)
    if on.seating is None:
        state[day] = replace(on, load=load)
        return
    stay = stay_of(on, each.profile, slot, name=each.visit)
    seating = replace(on.seating, stays=(*on.seating.stays, stay))
    state[day] = replace(on, load=load, seating=seating)
