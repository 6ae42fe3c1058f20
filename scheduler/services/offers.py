"""Times to offer for a dose, why a wished one is refused, and the next ones after a lost race."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from scheduler.domain import offers as ranking
from scheduler.domain.errors import DomainError
from scheduler.domain.hours import Closed
from scheduler.domain.ids import AppointmentId, DoseId
from scheduler.domain.offers import Offer
from scheduler.domain.refusals import Refusal
from scheduler.domain.timing import Instant, days_between, instant_at, local_day
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Wish
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.days import day_states
from scheduler.services.wishes import read_time, read_weekdays

HORIZON = timedelta(days=90)
LATER = timedelta(days=28)
COURSE_RUNS_ON = timedelta(days=10)


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
    """

    dose_id: DoseId
    limit: int = 5
    weekdays: frozenset[int] | None = None
    times: tuple[time, ...] | None = None
    wish_day: date | None = None
    wish_time: time | None = None
    without: tuple[AppointmentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTimes:
    """One day of an offer: instants in UTC, times on the center's clock."""

    day: date
    starts: time
    ends: time
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A time that can be booked.

    Args:
        day: The (first) day.
        starts: The start on the center's clock.
        ends: When the patient can go home.
        starts_at: The start as an instant.
        ends_at: The end as an instant.
        reasons: Short phrases ("on the due day").
        visits: Every day of it; one unless it is a course.
        outside_window: Whether role and reason are needed.
    """

    day: date
    starts: time
    ends: time
    starts_at: Instant
    ends_at: Instant
    reasons: tuple[str, ...] = ()
    visits: tuple[VisitTimes, ...] = ()
    outside_window: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRefused:
    """A wished time that is not to be had, and why, in sentences."""

    day: date
    at: time | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """The days of a dose: the rule's, its window, the hard not-before and from what it counts."""

    due_on: date
    earliest: date
    latest: date
    not_before: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferList:
    """What a desk sees when it looks for a time; ``minutes`` are the patient's, one per day."""

    offers: tuple[OfferLine, ...]
    window: WindowFacts
    minutes: tuple[int, ...]
    refusals: tuple[WishRefused, ...] = field(default=())


def offers_for_dose(uow: UnitOfWork, wanted: OffersWanted, *, now: Instant) -> OfferList:
    """Return the best times for a dose inside its window; beyond it, marked, when there are none.

    Raises:
        NotFoundError: there is no such dose here.
        NotBookableError, AlreadyBookedError: the dose takes no booking now.
    """
    with uow:
        target = bookable(uow, wanted.dose_id, but=wanted.without)
        facts = facts_of(uow, target.center_id)
        wish = wish_of(target, wanted, local_day(now, facts.zone))
        profiles = target.profiles(wish.first_day)
        offers = _search(uow, facts, wish, profiles, wanted, now=now)
        if not offers:
            later = replace(wish, earliest=wish.first_day, latest=wish.latest + LATER)
            offers = _search(uow, facts, later, profiles, wanted, now=now)
        return OfferList(
            offers=tuple(marked(offer, target) for offer in offers),
            window=window_of(target),
            minutes=tuple(profile.chair_minutes for profile in profiles),
            refusals=_wish_refused(uow, target, wanted, now=now),
        )


def window_of(target: Bookable) -> WindowFacts:
    """Return the days of a dose as a desk sees them."""
    first, floor = target.first, target.floor
    return WindowFacts(
        due_on=first.due_on,
        earliest=first.earliest,
        latest=first.latest,
        not_before=floor.day if floor else None,
        why=floor.why if floor else "",
    )


def wish_of(target: Bookable, wanted: OffersWanted, today: date) -> Wish:
    """Return what a dose and its patient ask for; an overdue dose asks for the next days."""
    dose, plan = target.first, target.plan
    floor = target.floor.day if target.floor else dose.earliest
    earliest = max(dose.earliest, today)
    latest = dose.latest if dose.latest >= max(earliest, floor) else max(earliest, floor) + LATER
    due = wanted.wish_day or (dose.due_on if dose.latest >= today else today)
    at = read_time(plan.wished_time)
    times = wanted.times if wanted.times is not None else ((at,) if at else ())
    weekdays = wanted.weekdays
    return Wish(
        earliest=earliest,
        latest=min(latest, max(earliest, floor) + HORIZON),
        due=due,
        not_before=floor,
        weekdays=read_weekdays(plan.wished_weekdays) if weekdays is None else weekdays,
        times=(wanted.wish_time,) if wanted.wish_time else times,
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


def lines_of(
    facts: CenterFacts,
    states: Sequence[DayState],
    wish: Wish,
    profiles: Sequence[VisitProfile],
    *,
    limit: int,
) -> list[OfferLine]:
    """Return the best offers on these days, as a desk reads them."""
    if len(profiles) == 1:
        found = [(offer,) for offer in ranking.rank(states, wish, profiles[0], limit=limit)]
    else:
        courses = ranking.rank_course(states, wish, profiles, limit=limit)
        found = [course.visits for course in courses]  # type: ignore[misc]  # runs of any length
    return [line_of(facts, visits, profiles) for visits in found]


def line_of(
    facts: CenterFacts, visits: Sequence[Offer], profiles: Sequence[VisitProfile]
) -> OfferLine:
    """Return an offer, one per day of it, as a desk reads it."""
    times = tuple(_times(facts, *pair) for pair in zip(visits, profiles, strict=True))
    first = times[0]
    return OfferLine(
        day=first.day,
        starts=first.starts,
        ends=first.ends,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        reasons=visits[0].reasons,
        visits=times,
    )


def _times(facts: CenterFacts, offer: Offer, profile: VisitProfile) -> VisitTimes:
    starts_at = instant_at(offer.day, offer.starts, facts.zone)
    return VisitTimes(
        day=offer.day,
        starts=offer.starts,
        ends=offer.ends,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=profile.chair_minutes),
    )


def marked(offer: OfferLine, target: Bookable) -> OfferLine:
    """Return the offer, marked when it lies outside the dose's window."""
    inside = target.first.earliest <= offer.day <= target.first.latest
    return offer if inside else replace(offer, outside_window=True)


def _wish_refused(
    uow: UnitOfWork, target: Bookable, wanted: OffersWanted, *, now: Instant
) -> tuple[WishRefused, ...]:
    if wanted.wish_day is None:
        return ()
    day, at = wanted.wish_day, wanted.wish_time
    sentence = why_not(uow, target, day, at, now=now, without=wanted.without)
    return (WishRefused(day=day, at=at, sentence=sentence),) if sentence else ()


def why_not(
    uow: UnitOfWork,
    target: Bookable,
    day: date,
    at: time | None,
    *,
    now: Instant,
    without: Iterable[AppointmentId] = (),
) -> str:
    """Return why a dose cannot begin on a day (and time), empty when it can."""
    facts = facts_of(uow, target.center_id)
    hours = facts.hours(day)
    if target.floor and day < target.floor.day:
        return f"{day_words(day)}: not before {day_words(target.floor.day)}, {target.floor.why}."
    if isinstance(hours, Closed):
        return f"{day_words(day)}: the center is closed, {hours.reason}."
    profile = target.profiles(day)[0]
    states = day_states(uow, target.center_id, [day], without=without, needs=profile.needs, now=now)
    if at is None:
        return "" if _any(states[day], profile) else f"{day_words(day)}: no start has room."
    try:
        refusal = ranking.why_not(states[day], profile, states[day].limits.grid.slot_at(at))
    except DomainError as off_grid:
        return str(off_grid)
    return refused(day, at, refusal) if refusal else ""


def _any(state: DayState, profile: VisitProfile) -> bool:
    wish = Wish(earliest=state.day, latest=state.day)
    return bool(ranking.rank([state], wish, profile, limit=1))


def refused(day: date, at: time, refusal: Refusal) -> str:
    """Return a refusal with its day and time in front."""
    return f"{day_words(day)}, {at:%H:%M}: {refusal.sentence}"


def day_words(day: date) -> str:
    """Return "Mar 24"."""
    return f"{day:%b} {day.day}"
