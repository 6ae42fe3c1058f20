"""Why a dose cannot begin at a time, in one sentence."""

from collections.abc import Iterable
from datetime import date, time

from scheduler.domain import offers as ranking
from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import DomainError
from scheduler.domain.hours import Closed
from scheduler.domain.ids import AppointmentId
from scheduler.domain.refusals import Refusal
from scheduler.domain.timing import Instant, minute_of, time_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, Elsewhere, Wish
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable
from scheduler.services.center_facts import facts_of
from scheduler.services.days import day_states
from scheduler.services.elsewhere import elsewhere
from scheduler.services.kept_words import kept_on
from scheduler.services.offer_filters import needing


def why_not(
    uow: UnitOfWork,
    target: Bookable,
    day: date,
    at: time | None,
    *,
    now: Instant,
    without: Iterable[AppointmentId] = (),
    needs: frozenset[ChairNeed] = frozenset(),
) -> str:
    """Return why a dose cannot begin on a day (and time), in a place with these needs too; empty when it can."""
    without = tuple(without)
    facts = facts_of(uow, target.center_id)
    floor = target.hard_floor
    if floor and day < floor.day:
        return f"{day_words(day)}: not before {day_words(floor.day)}, {floor.why}."
    if isinstance(hours := facts.hours(day), Closed):
        return f"{day_words(day)}: the center is closed, {hours.reason}."
    profile = needing(target.profiles(day), needs)[0]
    states = day_states(uow, target.center_id, [day], without=without, needs=profile.needs, now=now)
    if at is None:
        return "" if _any(states[day], profile) else f"{day_words(day)}: no start has room."
    try:
        refusal = ranking.why_not(states[day], profile, states[day].limits.slot_at(at))
    except DomainError as off_grid:
        return str(off_grid)
    if refusal is None:
        return _twice(day, at, profile, _busy(uow, target, day, without))
    slot = states[day].limits.slot_at(at)
    kept = kept_on(uow, facts, states[day], (profile, slot), without=without)
    return f"{refused(day, at, refusal)}{kept}"


def _busy(
    uow: UnitOfWork, target: Bookable, day: date, but: Iterable[AppointmentId]
) -> tuple[Elsewhere, ...]:
    facts = facts_of(uow, target.center_id)
    return elsewhere(uow, facts, target.patient.id, (day, day), but=but)


def _twice(day: date, at: time, profile: VisitProfile, busy: Iterable[Elsewhere]) -> str:
    begins = minute_of(at)
    ends = begins + profile.chair_minutes
    clash = next((one for one in busy if one.day == day and one.during(begins, ends)), None)
    if clash is None:
        return ""
    span = f"{time_of(clash.begins):%-H:%M} to {time_of(clash.ends):%-H:%M}"
    return f"{day_words(day)}: the patient is in another visit from {span}."


def _any(state: DayState, profile: VisitProfile) -> bool:
    wish = Wish(earliest=state.day, latest=state.day)
    return bool(ranking.rank([state], wish, profile, limit=1))


def refused(day: date, at: time, refusal: Refusal) -> str:
    """Return a refusal with its day and time in front."""
    return f"{day_words(day)}, {at:%-H:%M}: {refusal.sentence}"


def day_words(day: date) -> str:
    """Return "Mar 24"."""
    return f"{day:%b} {day.day}"
