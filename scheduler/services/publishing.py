"""Publishing clinic days: from the working day before, chairs stay as they are and every visit has its nurse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.domain.hours import DayHours
from scheduler.domain.ids import CenterId
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, SkippedTimeError, instant_at, local, local_day
from scheduler.persistence import days as stored
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of, limits_on
from scheduler.services.center_limits import PUBLISH_AT
from scheduler.services.days import lock_day, stays_of
from scheduler.services.nurse_days import find_nurses

LONGEST_PAUSE = 14
"""Days that a center is closed in a row at most, for a day to be published on the open day before it."""


def publish_due(uow: UnitOfWork, *, now: Instant) -> int:
    """Publish the days with visits whose hour has come, in every center; returns how many.

    A day's hour is the center's (15:00 unless it chose another) on the open day before. From then on only a
    person changes a chair, and each visit has its nurse; who is out later is found anew by a person.
    """
    with uow:
        count = 0
        for center in organizations.centers(uow):
            for day in list(_due(uow, facts_of(uow, center.id), now)):
                _publish(uow, center.id, day, now=now)
                count += 1
        uow.commit()
        return count


def _due(uow: UnitOfWork, facts: CenterFacts, now: Instant) -> Iterator[date]:
    today = local_day(now, facts.zone)
    coming = [today + timedelta(days=n) for n in range(LONGEST_PAUSE + 1)]
    open_days = [day for day in coming if isinstance(facts.hours(day), DayHours)]
    rows = [row for row in stored.stored_days(uow, facts.id, open_days) if not row.published_at]
    waiting = [row.day for row in rows if publishes_at(facts, row.day) <= now]
    stays = stays_of(uow, facts, waiting)
    yield from (day for day in waiting if any(stay.kept_until is None for stay in stays[day]))


def publishes_at(facts: CenterFacts, day: date) -> Instant:
    """Return when a day is published."""
    before = [day - timedelta(days=n) for n in range(1, LONGEST_PAUSE + 1)]
    opened = [each for each in before if isinstance(facts.hours(each), DayHours)]
    on = opened[0] if opened else before[0]
    limits = limits_on(facts, on)
    try:
        return instant_at(on, limits.publish_at if limits else PUBLISH_AT, facts.zone)
    except SkippedTimeError:  # set by hand in the database: the page takes no hour of the night
        return instant_at(on, PUBLISH_AT, facts.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """When chairs and nurses of a day were settled, or will be, on the center's clock."""

    at: datetime
    done: bool


def settled(uow: UnitOfWork, center_id: CenterId, day: date) -> Settled:
    """Say whether a day is published, and when."""
    with uow:
        facts = facts_of(uow, center_id)
        rows = stored.stored_days(uow, center_id, [day])
        published = rows[0].published_at if rows else None
        at = local(published or publishes_at(facts, day), facts.zone)
        return Settled(at=at, done=published is not None)


def _publish(uow: UnitOfWork, center_id: CenterId, day: date, *, now: Instant) -> None:
    find_nurses(uow, center_id, day, anew=False, now=now, actor=WORKER)
    lock_day(uow, center_id, day).row.published_at = now
    uow.audit(WORKER, "published", "center", center_id, at=now, after=day.isoformat())
