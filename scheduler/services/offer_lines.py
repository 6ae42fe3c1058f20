"""Offers as a desk reads them: wall times and instants, reasons, and whether they lie in the window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from scheduler.domain import offers as ranking
from scheduler.domain.capacity import place
from scheduler.domain.grid import CHAIRS
from scheduler.domain.offers import Offer
from scheduler.domain.timing import Instant, instant_at
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Wish
from scheduler.services.bookable import Bookable
from scheduler.services.center_facts import CenterFacts

COURSE_RUNS_ON = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTimes:
    """One day of an offer: instants in UTC, times on the center's clock."""

    day: date
    starts: time
    ends: time
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCurve:
    """Chairs in use per slot of a day without the offered visit, what it adds, and how many there are."""

    used: tuple[int, ...]
    added: tuple[int, ...]
    chairs: int


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
        curve: Chairs of its (first) day, for who draws them.
    """

    day: date
    starts: time
    ends: time
    starts_at: Instant
    ends_at: Instant
    reasons: tuple[str, ...] = ()
    visits: tuple[VisitTimes, ...] = ()
    outside_window: bool = False
    curve: OfferCurve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """The days of a dose: the rule's, its window, the hard not-before and from what it counts."""

    due_on: date
    earliest: date
    latest: date
    not_before: date | None = None
    why: str = ""


def window_of(target: Bookable) -> WindowFacts:
    """Return the days of a dose as a desk sees them."""
    floor = target.hard_floor
    return WindowFacts(
        due_on=target.first.due_on,
        earliest=target.earliest,
        latest=target.latest,
        not_before=floor.day if floor else None,
        why=floor.why if floor else "",
    )


def lines_of(
    facts: CenterFacts,
    states: Sequence[DayState],
    wish: Wish,
    profiles: Sequence[VisitProfile],
    *,
    limit: int,
) -> list[OfferLine]:
    """Return the best offers on these days, as a desk reads them."""
    found: list[tuple[Offer, ...]]
    if len(profiles) == 1:
        found = [(offer,) for offer in ranking.rank(states, wish, profiles[0], limit=limit)]
    else:
        courses = ranking.rank_course(states, wish, profiles, limit=limit)
        found = [course.visits for course in courses]
    by_day = {state.day: state for state in states}
    return [
        replace(
            line_of(facts, visits, profiles),
            curve=_curve(by_day[visits[0].day], visits[0], profiles[0]),
        )
        for visits in found
    ]


def _curve(state: DayState, offer: Offer, profile: VisitProfile) -> OfferCurve:
    limits = state.limits
    row = limits.layout.row(CHAIRS)
    used = state.load.counts[row]
    added = place(state.load, limits, profile, offer.slot).counts[row] - used
    return OfferCurve(
        used=tuple(used.tolist()),
        added=tuple(added.tolist()),
        chairs=int(limits.allowed[row].max()),
    )


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
    inside = target.earliest <= offer.day <= target.latest
    return offer if inside else replace(offer, outside_window=True)
