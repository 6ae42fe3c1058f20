"""What a change of a center's settings does to booked days: by what they are over capacity, and whom it affects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.capacity import DayLimits, DayLoad, over_capacity
from scheduler.domain.hours import Closed
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.refusals import Refusal
from scheduler.domain.timing import Instant, local, local_day, minute_of
from scheduler.persistence import center_setup, settings_marks
from scheduler.persistence import days as stored
from scheduler.persistence.days import StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of, forget
from scheduler.services.day_frames import counted, frame_on, load_from
from scheduler.services.days import lock_days, stays_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedPatient:
    """A visit that no longer fits, and whose it is."""

    appointment_id: AppointmentId
    name: str
    starts: time


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEffect:
    """A booked day that is over capacity under the new settings: by what, and who is affected."""

    day: date
    sentences: tuple[str, ...]
    patients: tuple[AffectedPatient, ...]


Counted = tuple[DayLoad, DayLimits]
"""What a day uses and allows."""


def counted_anew(
    uow: UnitOfWork, center_id: CenterId, since: date, *, now: Instant
) -> tuple[DayEffect, ...]:
    """Count the booked days from a day on under settings that were just changed; visits stay.

    Every such day is locked and written, so that boards show it anew, and nothing is half counted.

    Returns:
        The days that are over capacity or hold visits outside the hours, in order.
    """
    uow.session.flush()
    settings_marks.draw(uow.session, [center_id])  # also for what was removed by a statement
    forget(uow, center_id)
    facts = facts_of(uow, center_id)
    first = max(since, local_day(now, facts.zone))
    days = lock_days(uow, center_id, center_setup.stored_from(uow, center_id, first))
    for locked in days.values():
        locked.store()
    return _effects(uow, facts, {day: (on.load, on.limits) for day, on in days.items()})


def days_over(uow: UnitOfWork, center_id: CenterId, *, now: Instant) -> tuple[DayEffect, ...]:
    """Return the booked days from today on that are over capacity, or hold visits outside the hours."""
    with uow:
        facts = facts_of(uow, center_id)
        first = local_day(now, facts.zone)
        asked = center_setup.stored_from(uow, center_id, first)
        rows = {row.day: row for row in stored.stored_days(uow, center_id, asked)}
        stays = stays_of(uow, facts, asked)
        found: dict[date, Counted] = {}
        for day, row in rows.items():
            frame = frame_on(facts, row, day)
            if frame is not None:
                visits = counted(facts, frame.limits.grid, stays[day])
                found[day] = load_from(frame, row, visits), frame.limits
        return _effects(uow, facts, found)


def _effects(
    uow: UnitOfWork, facts: CenterFacts, days: dict[date, Counted]
) -> tuple[DayEffect, ...]:
    stays = stays_of(uow, facts, list(days))
    found: list[tuple[date, list[str], list[StoredStay]]] = []
    for day, (load, limits) in days.items():
        visits = [stay for stay in stays[day] if stay.kept_until is None]
        words, hit = _look(facts, day, over_capacity(load, limits), visits)
        if words:
            found.append((day, words, hit))
    names = center_setup.names_of(uow, [stay.id for _, _, hit in found for stay in hit])
    return tuple(_effect(facts, *each, names) for each in found)


def _look(
    facts: CenterFacts, day: date, exceeded: Sequence[Refusal], stays: Sequence[StoredStay]
) -> tuple[list[str], list[StoredStay]]:
    outside = [stay for stay in stays if _is_outside(facts, day, stay)]
    words = [refusal.sentence for refusal in exceeded]
    if outside and not exceeded:
        words.append(f"{_visits(len(outside))} outside the opening hours.")
    hit = [stay for stay in stays if stay in outside or _in_any(facts, stay, exceeded)]
    return words, hit


def _visits(count: int) -> str:
    return "A visit lies" if count == 1 else f"{count} visits lie"


def _is_outside(facts: CenterFacts, day: date, stay: StoredStay) -> bool:
    hours = facts.hours(day)
    if isinstance(hours, Closed):
        return True
    begins, ends = local(stay.starts_at, facts.zone), local(stay.ends_at, facts.zone)
    early = minute_of(begins.time()) < minute_of(hours.opens)
    return early or minute_of(ends.time()) > minute_of(hours.closes)


def _in_any(facts: CenterFacts, stay: StoredStay, exceeded: Sequence[Refusal]) -> bool:
    begins = local(stay.starts_at, facts.zone).time()
    free = local(stay.chair_free_at, facts.zone).time()
    return any(begins <= refusal.at < free for refusal in exceeded)


def _effect(
    facts: CenterFacts,
    day: date,
    words: Sequence[str],
    hit: Sequence[StoredStay],
    names: dict[AppointmentId, str],
) -> DayEffect:
    return DayEffect(
        day=day,
        sentences=tuple(words),
        patients=tuple(
            AffectedPatient(
                appointment_id=stay.id,
                name=names[stay.id],
                starts=local(stay.starts_at, facts.zone).time(),
            )
            for stay in hit
        ),
    )
