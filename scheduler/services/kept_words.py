"""Saying until when a place that is kept for somebody on the phone stands in the way."""

from collections.abc import Iterable, Sequence

from scheduler.domain.capacity import DayLimits, DayLoad, refuse, remove
from scheduler.domain.ids import AppointmentId
from scheduler.domain.timing import local
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState
from scheduler.persistence.days import StoredStay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts
from scheduler.services.day_frames import counted
from scheduler.services.days import stays_of

Asked = tuple[VisitProfile, int]
"""A visit and the slot in which it is to start."""


def kept_on(
    uow: UnitOfWork,
    facts: CenterFacts,
    state: DayState,
    asked: Asked,
    *,
    without: Iterable[AppointmentId] = (),
) -> str:
    """Return the same of a day that was only looked at; its visits are read once."""
    key = ("kept places", facts.id, state.day)
    if key not in uow.memo:
        uow.memo[key] = stays_of(uow, facts, [state.day])[state.day]
    gone, stays = set(without), uow.memo[key]
    held = [stay for stay in stays if stay.kept_until is not None and stay.id not in gone]
    return kept_words(facts, state.limits, state.load, held, asked) if held else ""


def kept_words(
    facts: CenterFacts, limits: DayLimits, load: DayLoad, held: Sequence[StoredStay], asked: Asked
) -> str:
    """Return until when kept places alone refuse a start, as a sentence; empty when they do not.

    Args:
        facts: The center's settings.
        limits: What the day allows.
        load: What it uses, kept places counted.
        held: The places that are kept on it.
        asked: What was refused.
    """
    for profile, slot in counted(facts, limits.grid, held):
        load = remove(load, limits, profile, slot)
    if not held or refuse(load, limits, *asked):
        return ""
    until = max(stay.kept_until for stay in held if stay.kept_until is not None)
    return f" A place is kept for another patient until {local(until, facts.zone):%-H:%M}."
