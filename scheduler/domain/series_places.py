"""A place for every dose of a series, each on top of those before it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter

from scheduler.domain.capacity import place
from scheduler.domain.no_offers import no_place
from scheduler.domain.offers import Offer, rank, rank_course, stay_of
from scheduler.domain.refusals import Refusal
from scheduler.domain.scoring import Costs
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import LEVEL, Weights
from scheduler.domain.wishes import DayState, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDose:
    """One dose of a series to be placed.

    Args:
        key: Anything that names the dose.
        wish: Its window and wishes.
        visits: Its profile; several for a course of consecutive days.
        days_after_previous: Hard: at least so many days after the day of the dose before it.
        not_on: Days on which the patient is here for something else.
    """

    key: object
    wish: Wish
    visits: tuple[VisitProfile, ...]
    days_after_previous: int | None = None
    not_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlace:
    """Where a dose of a series goes, or why it cannot.

    Args:
        key: The dose.
        visits: One offer per day of the dose; empty when refused.
        refusal: Why not, when refused.
    """

    key: object
    visits: tuple[Offer, ...] = ()
    refusal: Refusal | None = None


def place_series(
    doses: Sequence[SeriesDose],
    days: Sequence[DayState],
    *,
    weights: Weights = LEVEL,
    crowding: Mapping[date, float] | None = None,
    explained: bool = True,
) -> tuple[SeriesPlace, ...]:
    """Return a place or a refusal for each dose, in order, each placed on top of those before it.

    Looks ahead: no dose is put so late that the next one's window would be over, as long as there is
    another place for it, and days that will overflow are avoided. All or nothing, or the doses that fit:
    the caller decides.

    Args:
        doses: In order.
        days: The open days.
        weights: What a step away from the ideal costs.
        crowding: By how many chairs days will overflow once all that others plan on them is booked.
        explained: Give each place its reasons.
    """
    state = {day.day: day for day in sorted(days, key=attrgetter("day"))}
    ascending = list(state)
    places: list[SeriesPlace] = []
    last: date | None = None
    costs = _costs(doses, state, ascending, weights, crowding)
    for dose, in_time in zip(doses, _last_in_time(doses), strict=True):
        wish = _after(dose, last)
        near = [
            state[day] for day in _from_first_day(ascending, wish, dose) if day not in dose.not_on
        ]
        soon = replace(wish, latest=max(wish.first_day, min(wish.latest, in_time)))
        visits = _find(near, soon, dose.visits, costs, explained) or _find(
            near, wish, dose.visits, costs, explained
        )
        for offer, profile in zip(visits, dose.visits, strict=False):
            state[offer.day] = _taken(state[offer.day], offer, profile, dose.key)
            costs.forget(offer.day)
        refusal = None if visits else no_place(list(state.values()), wish, dose.visits)
        places.append(SeriesPlace(key=dose.key, visits=visits, refusal=refusal))
        last = visits[-1].day if visits else last
    return tuple(places)


def _last_in_time(doses: Sequence[SeriesDose]) -> list[date]:
    """Return for each dose the last day that still leaves the next ones a day of their windows."""
    last: list[date] = []
    following: SeriesDose | None = None
    for dose in reversed(doses):
        latest = dose.wish.latest
        if last and following is not None and following.days_after_previous is not None:
            run = timedelta(days=len(dose.visits) - 1)
            latest = min(latest, last[-1] - timedelta(days=following.days_after_previous) - run)
        last.append(latest)
        following = dose
    return last[::-1]


def _costs(
    doses: Sequence[SeriesDose],
    state: dict[date, DayState],
    ascending: Sequence[date],
    weights: Weights,
    crowding: Mapping[date, float] | None,
) -> Costs:
    """Return what the starts of single visits cost on every day of their windows."""
    costs = Costs(weights, crowding)
    windows: dict[VisitProfile, set[date]] = defaultdict(set)
    for dose in doses:
        if len(dose.visits) == 1:
            windows[dose.visits[0]].update(_from_first_day(ascending, dose.wish, dose))
    for profile, days in windows.items():
        costs.of([state[day] for day in days], profile)
    return costs


def _from_first_day(ascending: Sequence[date], wish: Wish, dose: SeriesDose) -> Sequence[date]:
    """Return the days that matter to a dose; a course may run on beyond the last one."""
    first = bisect_left(ascending, wish.first_day)
    single = len(dose.visits) == 1
    return ascending[first : bisect_right(ascending, wish.latest) if single else None]


def _after(dose: SeriesDose, last: date | None) -> Wish:
    if last is None or dose.days_after_previous is None:
        return dose.wish
    soonest = last + timedelta(days=dose.days_after_previous)
    return replace(dose.wish, not_before=max(soonest, dose.wish.not_before or soonest))


def _find(
    days: Sequence[DayState],
    wish: Wish,
    visits: Sequence[VisitProfile],
    costs: Costs,
    explained: bool,  # noqa: FBT001 - handed on
) -> tuple[Offer, ...]:
    if len(visits) == 1:
        return rank(days, wish, visits[0], limit=1, costs=costs, explained=explained)
    courses = rank_course(days, wish, visits, limit=1, weights=costs.weights)
    return courses[0].visits if courses else ()


def _taken(day: DayState, offer: Offer, profile: VisitProfile, key: object) -> DayState:
    load = place(day.load, day.limits, profile, offer.slot)
    if day.seating is None:
        return replace(day, load=load)
    stay = stay_of(day, profile, offer.slot, name=(key, offer.day))
    seating = replace(day.seating, stays=(*day.seating.stays, stay))
    return replace(day, load=load, seating=seating)
