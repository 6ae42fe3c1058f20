"""Judging a dose that has its days: status and reasons, and what goes to review."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.clinical_events import ClinicalEvent, event_words, vaccine_too_near
from scheduler.domain.dates import Interval, due
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, GivenFact
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.reason_words import ELSEWHERE
from scheduler.domain.slots import Before, Setting, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBefore:
    """The hard day before which a dose must not be given, and from which dose it counts."""

    day: date
    reason: Reason


def judged(
    slot: Slot,
    setting: Setting,
    before: Before,
    floor: NotBefore | None,
    days: tuple[date, date, date | None],
) -> tuple[DoseStatus, tuple[Reason, ...]]:
    """Return a dose's status and reasons from its days: earliest, latest and planned."""
    earliest, latest, planned = days
    reasons = [slot.reason]
    status = DoseStatus.OK
    if planned is None:
        status = DoseStatus.CONFLICT
        reasons.append(Reason(why=Why.NO_OPEN_DAY, day=earliest, other=latest))
    elif planned != max(slot.due, earliest):
        reasons.append(Reason(why=Why.MOVED, day=max(slot.due, earliest), other=planned))
    if floor is not None:
        reasons.append(floor.reason)
        if planned is not None and planned > slot.due and planned > _window_ends(slot):
            status = DoseStatus.LATE
            reasons.append(Reason(why=Why.HELD_BACK, day=floor.day))
    if status is DoseStatus.OK and planned is not None and planned > latest:
        status = DoseStatus.LATE
        reasons.append(Reason(why=Why.NO_RUN_IN_TIME, day=latest))
    review = _review(slot, setting, before) or _vaccinated(slot, setting, planned)
    if review is not None:
        return DoseStatus.REVIEW, (*reasons, review)
    return status, tuple(reasons)


def _window_ends(slot: Slot) -> date:
    return due(slot.due, slot.phase.window_of(slot.ordinal).late, 1)


def _review(slot: Slot, setting: Setting, before: Before) -> Reason | None:
    last = setting.given.get(slot.ordinal - 1)
    if last is not None and last.outcome is GivenOutcome.PART and slot.ordinal not in setting.given:
        return Reason(why=Why.PARTIAL)
    exposed = any(setting.elsewhere(slot.ordinal)) and not setting.order.continuing
    if exposed and slot.ordinal == 1 and slot.phase.kind == "induction":
        return Reason(why=Why.EARLIER_EXPOSURE)
    before_kg = setting.order.weight_before_kg
    if before_kg is not None and not slot.phase.holds_kg(before_kg):
        return None if slot.ordinal in setting.given else Reason(why=Why.OTHER_BAND)
    gap = slot.phase.review_gap
    since = _last_given(setting, slot.ordinal) if gap is not None else None
    if gap is None or since is None or slot.due <= due(since.day, gap, 1):
        return None
    return None if _between(before, since) else _long_gap(gap, since)


def _vaccinated(slot: Slot, setting: Setting, planned: date | None) -> Reason | None:
    """Return the vaccine after which a first dose that is to come would be too soon."""
    first = slot.ordinal == 1 and slot.ordinal not in setting.given
    if not first or not setting.facts.events or setting.order.continuing:
        return None
    events = [ClinicalEvent(name=name, day=day) for name, day in setting.facts.events.items()]
    near = vaccine_too_near(setting.regimen.vaccines, events, planned or slot.due)
    if near is None:
        return None
    unit, count = near.span.counted
    what = event_words(near.event.name)
    return Reason(
        why=Why.VACCINE,
        day=near.free_from,
        other=near.event.day,
        count=count,
        unit=unit,
        what=what,
    )


def _last_given(setting: Setting, ordinal: int) -> GivenFact | None:
    if not setting.given and not setting.earlier:
        return None
    given = [fact for number, fact in setting.given.items() if number < ordinal]
    elsewhere = setting.elsewhere(ordinal)
    return max([*given, *elsewhere], key=lambda fact: fact.day, default=None)


def _between(before: Before, since: GivenFact) -> bool:
    return any(dose.given is None and dose.due > since.day for dose in before.doses)


def _long_gap(gap: Interval, since: GivenFact) -> Reason:
    what = named(since)
    unit, count = gap.counted
    return Reason(why=Why.LONG_GAP, count=count, unit=unit, what=what)


def named(fact: GivenFact) -> str:
    """Return how a reason names a given dose."""
    return ELSEWHERE if fact.ordinal is None else f"dose {fact.ordinal}"
