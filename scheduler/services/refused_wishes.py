"""A wished time that is not to be had: why, and the nearest that are, within the window and what binds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.hours import Closed
from scheduler.domain.ids import AppointmentId
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import TimesOf, Wish
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable
from scheduler.services.center_facts import facts_of
from scheduler.services.next_offers import AROUND, nearest_to
from scheduler.services.offer_lines import OfferLine
from scheduler.services.why_not import day_words, why_not

MIDDAY = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRefused:
    """A wished time that is not to be had, why, in sentences, and the nearest that are."""

    day: date
    at: time | None
    sentence: str
    nearest: tuple[OfferLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedTime:
    """A day, and a start on it, that somebody asks for.

    Args:
        needs: What the place must offer beside what the patient's record asks for.
        without: Visits and kept places that would be gone then.
    """

    day: date
    at: time | None
    needs: frozenset[ChairNeed] = frozenset()
    without: tuple[AppointmentId, ...] = ()


def why_refused(
    uow: UnitOfWork, target: Bookable, wish: Wish, wished: WishedTime, *, now: Instant
) -> str:
    """Return why a wished time cannot be offered, empty when it can; ``wish`` holds window and what binds."""
    facts = facts_of(uow, target.center_id)
    if wished.day < local_day(now, facts.zone):
        return f"{_dated(wished.day)} is over."
    floor = target.hard_floor
    harder = (floor and wished.day < floor.day) or isinstance(facts.hours(wished.day), Closed)
    ruled_out = "" if harder else _ruled_out(target, wish, wished)
    return ruled_out or why_not(
        uow, target, wished.day, wished.at, now=now, without=wished.without, needs=wished.needs
    )


def nearest_to_wished(
    uow: UnitOfWork,
    target: Bookable,
    wish: Wish,
    profiles: Sequence[VisitProfile],
    wished: WishedTime,
    *,
    now: Instant,
) -> tuple[OfferLine, ...]:
    """Return the free times nearest to the wished one that every condition of ``wish`` allows."""
    around = min(max(wished.day, wish.first_day), wish.latest)
    near = replace(
        wish,
        earliest=max(wish.first_day, around - AROUND),
        latest=min(wish.latest, around + AROUND),
        aim=None,
        near=around,
        weekdays=frozenset(),
        times=(wished.at or MIDDAY,),
        times_of=TimesOf.ASKED,
    )
    return nearest_to(uow, target, near, profiles, now=now, without=wished.without)


def _ruled_out(target: Bookable, wish: Wish, wished: WishedTime) -> str:
    """Return what rules the time out before anybody looks for room."""
    day, at = wished.day, wished.at
    in_window = target.earliest <= day <= target.latest
    if not in_window and not wish.first_day <= day <= wish.latest:
        window = f"{day_words(target.earliest)} to {_dated(target.latest)}"
        return f"{_dated(day)} is outside the window, {window}."
    if wish.only_weekdays and day.weekday() not in wish.only_weekdays:
        return f"{day_words(day)} is not on a weekday that was asked for."
    if at and ((wish.not_earlier or at) > at or (wish.not_later or at) < at):
        return f"{at:%-H:%M} is outside the hours that were asked for."
    return ""


def _dated(day: date) -> str:
    return f"{day_words(day)}, {day.year}"
