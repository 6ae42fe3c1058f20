"""The effect of limits on a sample day: its curves as they are, and as they would be under other limits."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.capacity import DayLoad, load_of, over_capacity
from scheduler.domain.curve import CurvePoint, curve
from scheduler.domain.ids import CenterId
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.persistence import days as stored
from scheduler.persistence.days import StoredDay, StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.center_limits import SetLimits, require_sound, with_limits
from scheduler.services.day_frames import counted, frame_on
from scheduler.services.days import stays_of

LOOKS_AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDay:
    """A day under present and other limits.

    Args:
        day: The fullest of the coming weeks, or the next open one.
        visits: How many are booked on it.
        now: Its curve under the limits in force.
        then: Its curve under the others; empty when none are asked about.
        over: By what the day would be over capacity, in sentences.
    """

    day: date
    visits: int
    now: tuple[CurvePoint, ...]
    then: tuple[CurvePoint, ...] = ()
    over: tuple[str, ...] = ()


def sample_day(
    uow: UnitOfWork, center_id: CenterId, asked: SetLimits | None, *, now: Instant
) -> SampleDay | None:
    """Return the effect of limits on the fullest day of the coming weeks; None without an open day.

    Raises:
        InvalidError: limits that cannot be.
    """
    if asked is not None:
        require_sound(asked)
    with uow:
        facts = facts_of(uow, center_id)
        first = local_day(now, facts.zone)
        if asked is not None:
            first = max(first, asked.effective_from)
        days = days_between(first, first + LOOKS_AHEAD)
        stays = stays_of(uow, facts, days)
        chosen = _fullest(facts, days, stays)
        if chosen is None:
            return None
        rows = {row.day: row for row in stored.stored_days(uow, center_id, [chosen])}
        return _drawn(facts, chosen, rows.get(chosen), stays[chosen], asked)


def _fullest(
    facts: CenterFacts, days: tuple[date, ...], stays: dict[date, list[StoredStay]]
) -> date | None:
    frames = {day: frame_on(facts, None, day) for day in days}
    open_days = [day for day, frame in frames.items() if frame and not frame.closed]
    return max(open_days, key=lambda day: (len(stays[day]), -day.toordinal()), default=None)


def _drawn(
    facts: CenterFacts,
    day: date,
    row: StoredDay | None,
    stays: list[StoredStay],
    asked: SetLimits | None,
) -> SampleDay:
    present, _ = _curve(facts, day, row, stays)
    then: tuple[CurvePoint, ...] = ()
    over: tuple[str, ...] = ()
    if asked is not None:
        then, over = _curve(with_limits(facts, asked, facts.limits), day, row, stays)
    return SampleDay(day=day, visits=len(stays), now=present, then=then, over=over)


def _curve(
    facts: CenterFacts, day: date, row: StoredDay | None, stays: list[StoredStay]
) -> tuple[tuple[CurvePoint, ...], tuple[str, ...]]:
    frame = frame_on(facts, row, day)
    if frame is None:
        return (), ()
    load: DayLoad = load_of(frame.limits, counted(facts, frame.limits.grid, stays))
    over = tuple(refusal.sentence for refusal in over_capacity(load, frame.limits))
    return curve(load, frame.limits), over
