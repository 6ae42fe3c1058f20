"""The next offers after a place was lost, the nearest first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from scheduler.domain import offers as ranking
from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId
from scheduler.domain.timing import Instant, days_between, local, local_day
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import Wish
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable
from scheduler.services.center_facts import facts_of
from scheduler.services.days import day_states
from scheduler.services.elsewhere import elsewhere
from scheduler.services.offer_lines import COURSE_RUNS_ON, OfferLine, line_of, lines_of, marked
from scheduler.services.why_not import day_words

AROUND = timedelta(days=10)


def next_offers(
    uow: UnitOfWork,
    target: Bookable,
    starts_at: Instant,
    *,
    now: Instant,
    limit: int = 3,
    without: Iterable[AppointmentId] = (),
) -> tuple[OfferLine, ...]:
    """Return the free times nearest to one that was just refused, nearest first.

    ``without`` are visits or kept places that would be gone then.
    """
    facts = facts_of(uow, target.center_id)
    day = local_day(starts_at, facts.zone)
    wish = _near(target, local(starts_at, facts.zone), local_day(now, facts.zone))
    return nearest_to(
        uow, target, wish, target.profiles(day), now=now, limit=limit, without=without
    )


def nearest_to(
    uow: UnitOfWork,
    target: Bookable,
    wish: Wish,
    profiles: Sequence[VisitProfile],
    *,
    now: Instant,
    limit: int = 3,
    without: Iterable[AppointmentId] = (),
) -> tuple[OfferLine, ...]:
    """Return the free times that come nearest to a wish, within its days and hours, nearest first."""
    facts = facts_of(uow, target.center_id)
    last = wish.latest + (COURSE_RUNS_ON if len(profiles) > 1 else timedelta(0))
    if last < wish.first_day:
        return ()
    without = tuple(without)
    busy = elsewhere(uow, facts, target.patient.id, (wish.first_day, last), but=without)
    wish = replace(wish, elsewhere=busy)
    days = days_between(wish.first_day, last)
    needs = profiles[0].needs
    found_days = day_states(uow, facts.id, days, without=without, needs=needs, now=now)
    states = list(found_days.values())
    if len(profiles) > 1:
        return tuple(lines_of(facts, states, wish, profiles, limit=limit))
    found = ranking.nearest(states, wish, profiles[0], limit=limit)
    return tuple(marked(line_of(facts, (offer,), profiles), target) for offer in found)


def _near(target: Bookable, at: datetime, today: date) -> Wish:
    day, floor = at.date(), target.hard_floor
    first = max(target.earliest, today, day - AROUND)
    return Wish(
        earliest=min(first, day),
        latest=max(min(target.latest, day + AROUND), day),
        due=target.first.due_on,
        near=day,
        not_before=max(floor.day if floor else first, today),
        times=(at.time().replace(tzinfo=None, fold=0),),
    )


def with_offers(
    uow: UnitOfWork, error: NoCapacityError, target: Bookable, starts_at: Instant, *, now: Instant
) -> NoCapacityError:
    """Return a refusal that carries the next three offers and names the nearest."""
    offers = next_offers(uow, target, starts_at, now=now)
    nearest = f" Nearest: {_nearest(offers[0], starts_at)}." if offers else ""
    again = type(error)(f"{error}{nearest}", field=error.field)
    again.offers = offers
    return again


def _nearest(offer: OfferLine, starts_at: Instant) -> str:
    at = f"{offer.starts:%-H:%M}"
    same_day = offer.starts_at.date() == starts_at.date()
    return at if same_day else f"{day_words(offer.day)}, {at}"
