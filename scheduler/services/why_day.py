"""Why a visit cannot start in any slot of a day: one answer a slot, for the board."""

from dataclasses import dataclass
from datetime import date, time

from scheduler.domain import offers as ranking
from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import Closed
from scheduler.domain.ids import CenterId, DoseId
from scheduler.domain.timing import MINUTES_OF_A_DAY, Instant
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.center_facts import CenterFacts, facts_of, limits_on
from scheduler.services.days import day_states
from scheduler.services.kept_words import kept_on
from scheduler.services.why_not import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAsked:
    """What is asked: a dose, or a visit of some length.

    Args:
        day: On which day.
        dose_id: The dose that would be given; None asks for a visit of ``minutes``.
        minutes: Chair time, all steps included.
    """

    center_id: CenterId
    day: date
    dose_id: DoseId | None = None
    minutes: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAnswer:
    """A start: what refuses it, in one sentence; empty when it has room."""

    at: time
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDay:
    """Every start of a day, or why the whole day is out of question; ``minutes`` are the patient's."""

    minutes: int
    answers: tuple[SlotAnswer, ...]
    closed: str = ""


def why_on_day(uow: UnitOfWork, asked: WhyAsked, *, now: Instant) -> WhyDay:
    """Return for each slot of a day whether a visit can start in it, and what refuses it if not.

    Raises:
        InvalidError: no visit is that long.
        NotFoundError, NotBookableError, AlreadyBookedError: as for offers, when a dose is named.
    """
    if not 1 <= asked.minutes < MINUTES_OF_A_DAY:
        raise InvalidError("A visit takes 1 to 1439 minutes.", field="minutes")
    with uow:
        target = bookable(uow, asked.dose_id) if asked.dose_id else None
        facts = facts_of(uow, target.center_id if target else asked.center_id)
        profile = target.profiles(asked.day)[0] if target else _plain(facts, asked)
        closed = _closed(facts, asked.day, target)
        states = day_states(uow, facts.id, [asked.day], needs=profile.needs, now=now)
        state = states.get(asked.day)
        answers = _answers(uow, facts, state, profile) if state and not closed else ()
        return WhyDay(minutes=profile.chair_minutes, answers=answers, closed=closed)


def _plain(facts: CenterFacts, asked: WhyAsked) -> VisitProfile:
    """Return an ordinary visit of a length: intake, IV start and the rest as the center plans them."""
    limits = limits_on(facts, asked.day)
    iv_start = min(limits.iv_minutes if limits else 10, asked.minutes)
    intake = min(limits.intake_minutes if limits else 15, asked.minutes - iv_start)
    return VisitProfile(
        intake=intake,
        iv_start=iv_start,
        infusion=asked.minutes - intake - iv_start,
        turnover=limits.turnover_minutes if limits else 15,
    )


def _closed(facts: CenterFacts, day: date, target: Bookable | None) -> str:
    hours = facts.hours(day)
    if isinstance(hours, Closed):
        return f"The center is closed: {hours.reason}."
    floor = target.hard_floor if target else None
    if floor and day < floor.day:
        return f"The dose must not be given before {day_words(floor.day)}: {floor.why}."
    return ""


def _answers(
    uow: UnitOfWork, facts: CenterFacts, state: DayState, profile: VisitProfile
) -> tuple[SlotAnswer, ...]:
    grid = state.limits.grid
    found = []
    for slot in range(grid.slots):
        refusal = ranking.why_not(state, profile, slot)
        kept = kept_on(uow, facts, state, (profile, slot)) if refusal else ""
        words = f"{refusal.sentence}{kept}" if refusal else ""
        found.append(SlotAnswer(at=grid.at(slot), sentence=words))
    return tuple(found)
