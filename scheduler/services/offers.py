"""Times to offer for a dose, and why a wished one is refused, with the nearest that are to be had."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from scheduler.domain.ids import AppointmentId, DoseId
from scheduler.domain.no_offers import no_place
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import TimesOf, Wish
from scheduler.persistence import reservations
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.days import day_states
from scheduler.services.due_together import bookable_together
from scheduler.services.elsewhere import elsewhere
from scheduler.services.offer_filters import NO_FILTERS, Filters, filtered, needing
from scheduler.services.offer_lines import (
    COURSE_RUNS_ON,
    OfferLine,
    WindowFacts,
    lines_of,
    marked,
    window_of,
)
from scheduler.services.refused_wishes import (
    WishedTime,
    WishRefused,
    nearest_to_wished,
    why_refused,
)
from scheduler.services.wishes import read_time, read_weekdays

HORIZON = timedelta(days=90)
LATER = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersWanted:
    """What times are asked for.

    Args:
        dose_id: The dose, or any day of a course.
        limit: How many.
        weekdays: Wished weekdays, Monday is 0; None takes the plan's.
        times: Wished starts on the center's clock; None takes the plan's.
        wish_day: A day that somebody asks for.
        wish_time: A start that somebody asks for on it.
        without: Visits that are about to move.
        filters: What no offer may break, unlike a wish.
        together: Further doses that are to share the visit.
    """

    dose_id: DoseId
    limit: int = 5
    weekdays: frozenset[int] | None = None
    times: tuple[time, ...] | None = None
    wish_day: date | None = None
    wish_time: time | None = None
    without: tuple[AppointmentId, ...] = ()
    filters: Filters = NO_FILTERS
    together: tuple[DoseId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferList:
    """What a desk sees when it looks for a time.

    Args:
        minutes: The patient's, one per day.
        why_none: Why there is no offer at all; empty when there is one.
    """

    offers: tuple[OfferLine, ...]
    window: WindowFacts
    minutes: tuple[int, ...]
    refusals: tuple[WishRefused, ...] = field(default=())
    why_none: str = ""


def offers_for_dose(uow: UnitOfWork, wanted: OffersWanted, *, now: Instant) -> OfferList:
    """Return the best times for a dose inside its window; beyond it, marked, when there are none.

    Raises:
        NotFoundError: there is no such dose here.
        NotBookableError, AlreadyBookedError: the dose takes no booking now.
        InvalidError: a filter that the center cannot answer, doses that cannot share a visit.
    """
    with uow:
        target = _target(uow, wanted)
        wanted = _but_its_own(uow, target, wanted)
        facts = facts_of(uow, target.center_id)
        wish = wish_of(target, wanted, local_day(now, facts.zone))
        span = (wish.first_day, wish.latest + LATER)
        busy = elsewhere(uow, facts, target.patient.id, span, but=wanted.without)
        wish = replace(wish, elsewhere=busy)
        profiles = needing(target.profiles(wish.first_day), wanted.filters.needs)
        wish = filtered(facts, wish, wanted.filters, profiles[0])
        offers = _search(uow, facts, wish, profiles, wanted, now=now)
        why_none = ""
        if not offers:
            later = replace(wish, earliest=wish.first_day, latest=wish.latest + LATER)
            offers = _search(uow, facts, later, profiles, wanted, now=now)
            why_none = "" if offers else _why_none(uow, facts, later, profiles)
            wish = later if offers else wish
        return OfferList(
            offers=tuple(marked(offer, target) for offer in offers),
            window=window_of(target),
            minutes=tuple(profile.chair_minutes for profile in profiles),
            refusals=_wish_refused(uow, target, wanted, wish, profiles, now=now),
            why_none=why_none,
        )


def _target(uow: UnitOfWork, wanted: OffersWanted) -> Bookable:
    if wanted.together:
        return bookable_together(uow, wanted.dose_id, wanted.together, but=wanted.without)
    return bookable(uow, wanted.dose_id, but=wanted.without)


def _but_its_own(uow: UnitOfWork, target: Bookable, wanted: OffersWanted) -> OffersWanted:
    """Count a place that is kept for this very dose as free."""
    kept = reservations.of_doses(uow, [dose.id for dose in target.doses])
    return replace(wanted, without=(*wanted.without, *(AppointmentId(row.id) for row in kept)))


def wish_of(target: Bookable, wanted: OffersWanted, today: date) -> Wish:
    """Return what a dose and its patient ask for; an overdue dose asks for the next days."""
    dose, plan = target.first, target.plan
    floor = target.hard_floor.day if target.hard_floor else target.earliest
    earliest = max(target.earliest, today)
    in_time = target.latest >= max(earliest, floor)
    latest = target.latest if in_time else max(earliest, floor) + LATER
    at = read_time(plan.wished_time)
    times = wanted.times if wanted.times is not None else ((at,) if at else ())
    weekdays = wanted.weekdays
    return Wish(
        earliest=earliest,
        latest=min(latest, max(earliest, floor) + HORIZON),
        due=dose.due_on,
        aim=dose.aim,
        near=wanted.wish_day or (today if target.latest < today else None),
        not_before=floor,
        weekdays=read_weekdays(plan.wished_weekdays) if weekdays is None else weekdays,
        times=(wanted.wish_time,) if wanted.wish_time else times,
        times_of=TimesOf.ASKED if wanted.wish_time or wanted.times is not None else TimesOf.USUAL,
    )


def _search(
    uow: UnitOfWork,
    facts: CenterFacts,
    wish: Wish,
    profiles: Sequence[VisitProfile],
    wanted: OffersWanted,
    *,
    now: Instant,
) -> list[OfferLine]:
    last = wish.latest + (COURSE_RUNS_ON if len(profiles) > 1 else timedelta(0))
    if last < wish.first_day:
        return []
    days = days_between(wish.first_day, last)
    states = day_states(
        uow, facts.id, days, without=wanted.without, needs=profiles[0].needs, now=now
    )
    return lines_of(facts, list(states.values()), wish, profiles, limit=wanted.limit)


def _why_none(
    uow: UnitOfWork, facts: CenterFacts, wish: Wish, profiles: Sequence[VisitProfile]
) -> str:
    days = day_states(uow, facts.id, days_between(wish.first_day, wish.latest))
    return no_place(list(days.values()), wish, profiles).sentence


def _wish_refused(
    uow: UnitOfWork,
    target: Bookable,
    wanted: OffersWanted,
    wish: Wish,
    profiles: Sequence[VisitProfile],
    *,
    now: Instant,
) -> tuple[WishRefused, ...]:
    if wanted.wish_day is None:
        return ()
    day, at = wanted.wish_day, wanted.wish_time
    needs, without = wanted.filters.needs, wanted.without
    wished = WishedTime(day=day, at=at, needs=needs, without=without)
    sentence = why_refused(uow, target, wish, wished, now=now)
    if not sentence:
        return ()
    nearest = nearest_to_wished(uow, target, wish, profiles, wished, now=now)
    nearest = tuple(marked(offer, target) for offer in nearest)
    return (WishRefused(day=day, at=at, sentence=sentence, nearest=nearest),)
