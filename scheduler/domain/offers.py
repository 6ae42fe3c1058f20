"""Times to offer for a dose: ranked by closeness to the wish and by what they do to the day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.domain.assignment import Stay, place_one
from scheduler.domain.capacity import refuse
from scheduler.domain.reasons import reasons
from scheduler.domain.refusals import Limit, Refusal
from scheduler.domain.scoring import Costs, Start, best_first
from scheduler.domain.timing import time_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.weights import CHOICE, EVEN, LEVEL, NEAREST, Weights
from scheduler.domain.wishes import DayState, Wish

__all__ = [
    "CourseOffer",
    "DayState",
    "Offer",
    "Wish",
    "nearest",
    "rank",
    "rank_course",
    "stay_of",
    "why_not",
]

HOUR = 60
STARTS_OF_A_RUN = 3
OWN_TIMES = 10.0
"""What it costs a course when its days cannot begin at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A start that the day can hold.

    Args:
        day: The day.
        slot: The slot of its grid.
        starts: The start on the center's clock.
        ends: When the patient can go home, on the center's clock.
        score: Lower is better.
        reasons: One short English phrase each ("on the due day").
    """

    day: date
    slot: int
    starts: time
    ends: time
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOffer:
    """Consecutive days that are booked as one."""

    visits: tuple[Offer, ...]
    score: float


def rank(
    days: Sequence[DayState],
    wish: Wish,
    profile: VisitProfile,
    *,
    limit: int = 5,
    weights: Weights | None = None,
    costs: Costs | None = None,
    explained: bool = True,
) -> tuple[Offer, ...]:
    """Return the best starts, best first: an hour apart on a day, several days shown.

    ``costs`` are what is known of these days already, by the same weights; ``explained`` gives reasons.
    """
    weights = weights or _weights(wish, limit)
    days = [day for day in days if wish.allows(day.day)]
    costs = costs or Costs(weights)
    per_day = -(-limit // 2) if len(days) > 1 else limit
    chosen = _apart(days, profile, best_first(days, wish, profile, costs), limit, per_day)
    if len(chosen) < limit:
        chosen = _apart(days, profile, best_first(days, wish, profile, costs), limit, limit)
    said = [reasons(days[n], wish, profile, slot) if explained else () for _, n, slot in chosen]
    return tuple(
        _offer(days[n], profile, slot, score, why)
        for (score, n, slot), why in zip(chosen, said, strict=True)
    )


def _weights(wish: Wish, limit: int) -> Weights:
    if limit > 1:
        return CHOICE
    return LEVEL if wish.times else EVEN


def _apart(
    days: Sequence[DayState],
    profile: VisitProfile,
    starts: Iterable[Start],
    limit: int,
    per_day: int,
) -> list[Start]:
    """Return the best starts that are an hour from each other and can really be seated."""
    chosen: list[Start] = []
    for start in starts:
        if len(chosen) == limit:
            break
        _, index, slot = start
        same_day = [other for _, day, other in chosen if day == index]
        gap = HOUR // days[index].limits.grid.slot_minutes
        apart = all(abs(slot - other) >= gap for other in same_day)
        if apart and len(same_day) < per_day and _seats(days[index], profile, slot):
            chosen.append(start)
    return chosen


def stay_of(day: DayState, profile: VisitProfile, slot: int, *, name: object = "new") -> Stay:
    """Return the stay that a visit starting in the slot would be."""
    begins = day.limits.grid.begins(slot)
    return Stay(
        id=name,
        begins=begins,
        free_at=begins + profile.occupied_minutes,
        needs=profile.needs,
    )


def _seats(day: DayState, profile: VisitProfile, slot: int) -> bool:
    if day.seating is None:
        return True
    stay = stay_of(day, profile, slot)
    return place_one(day.seating.chairs, day.seating.stays, stay) is not None


def _offer(
    day: DayState, profile: VisitProfile, slot: int, score: float, why: tuple[str, ...]
) -> Offer:
    begins = day.limits.grid.begins(slot)
    return Offer(
        day=day.day,
        slot=slot,
        starts=time_of(begins),
        ends=time_of(begins + profile.chair_minutes),
        score=score,
        reasons=why,
    )


def rank_course(
    days: Sequence[DayState],
    wish: Wish,
    visits: Sequence[VisitProfile],
    *,
    limit: int = 5,
    weights: Weights = LEVEL,
) -> tuple[CourseOffer, ...]:
    """Return the best runs of consecutive days that hold all visits, same start where possible.

    The wish's window is about the first day. A run needs every one of its days open.
    """
    by_day = {day.day: day for day in days}
    runs = [
        run for first in by_day if wish.allows(first) and (run := _run(by_day, first, len(visits)))
    ]
    costs = Costs(weights)
    offers = sorted(
        (offer for run in runs for offer in _course_offers(run, wish, visits, costs)),
        key=lambda offer: (offer.score, offer.visits[0].day, offer.visits[0].starts),
    )
    return _several_days(offers, limit)


def _run(by_day: dict[date, DayState], first: date, length: int) -> list[DayState]:
    wanted = [first + timedelta(days=n) for n in range(length)]
    return [by_day[day] for day in wanted] if all(day in by_day for day in wanted) else []


def _course_offers(
    run: Sequence[DayState], wish: Wish, visits: Sequence[VisitProfile], costs: Costs
) -> Iterator[CourseOffer]:
    """Yield the run at each common start; when there is none, each day at its own best."""
    wishes = [_of_day(wish, day.day, number) for number, day in enumerate(run)]
    tables = [
        {
            day.limits.grid.begins(slot): (score, slot)
            for score, _, slot in best_first([day], own, visit, costs)
            if _seats(day, visit, slot)
        }
        for day, own, visit in zip(run, wishes, visits, strict=True)
    ]
    common = set(tables[0]).intersection(*tables[1:])
    choices = _hour_apart({begins: [table[begins] for table in tables] for begins in common})
    penalty = 0.0
    if not common and all(tables):
        choices, penalty = [[min(table.values()) for table in tables]], OWN_TIMES
    for choice in choices:
        offers = tuple(
            _offer(day, visit, slot, score, reasons(day, own, visit, slot))
            for day, own, visit, (score, slot) in zip(run, wishes, visits, choice, strict=True)
        )
        mean = sum(offer.score for offer in offers) / len(offers)
        yield CourseOffer(visits=offers, score=mean + penalty)


def _hour_apart(choices: dict[int, list[tuple[float, int]]]) -> list[list[tuple[float, int]]]:
    """Return the few best common starts (by minute of the day) that are an hour apart."""
    chosen: list[int] = []
    for begins in sorted(choices, key=lambda at: (sum(score for score, _ in choices[at]), at)):
        if len(chosen) < STARTS_OF_A_RUN and all(abs(begins - at) >= HOUR for at in chosen):
            chosen.append(begins)
    return [choices[begins] for begins in chosen]


def _of_day(wish: Wish, day: date, number: int) -> Wish:
    """Return the wish for one day of a course: that day alone, due counted from day 1."""
    return Wish(
        earliest=day,
        latest=day,
        due=wish.due and wish.due + timedelta(days=number),
        near=wish.near and wish.near + timedelta(days=number),
        weekdays=wish.weekdays if number == 0 else frozenset(),
        times=wish.times,
        times_of=wish.times_of,
        not_earlier=wish.not_earlier,
        not_later=wish.not_later,
        elsewhere=wish.elsewhere,
    )


def _several_days(offers: Sequence[CourseOffer], limit: int) -> tuple[CourseOffer, ...]:
    """Return the best offers, one per first day before a second one of any."""
    seen: Counter[date] = Counter()
    turns: list[tuple[int, float, CourseOffer]] = []
    for offer in offers:
        first = offer.visits[0].day
        turns.append((seen[first], offer.score, offer))
        seen[first] += 1
    shown = [offer for _, _, offer in sorted(turns, key=lambda turn: turn[:2])[:limit]]
    return tuple(sorted(shown, key=lambda offer: offer.score))


def why_not(day: DayState, profile: VisitProfile, slot: int) -> Refusal | None:
    """Return why the visit cannot start in the slot, or None when it can."""
    refusal = refuse(day.load, day.limits, profile, slot)
    if refusal is None and not _seats(day, profile, slot):
        return Refusal(limit=Limit.CHAIR_ASSIGNMENT, at=day.limits.grid.at(slot))
    return refusal


def nearest(
    days: Sequence[DayState], wish: Wish, profile: VisitProfile, *, limit: int = 3
) -> tuple[Offer, ...]:
    """Return the free starts nearest to the wish's due day and times, nearest first."""
    days = [day for day in days if wish.allows(day.day)]
    found: list[Offer] = []
    for score, index, slot in best_first(days, wish, profile, Costs(NEAREST)):
        if len(found) == limit:
            break
        day = days[index]
        if _seats(day, profile, slot):
            why = reasons(day, wish, profile, slot)
            found.append(_offer(day, profile, slot, score, why))
    return tuple(found)
