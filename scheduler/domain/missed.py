"""Missed doses: each phase says what becomes of one, and a plan's pauses hold what is not given yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.dates import Calendar, due
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import DoseStatus, Facts, PlannedDose
from scheduler.domain.regimen import MissedAction
from scheduler.domain.slots import Before, Setting, Slot

SEARCH_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """What becomes of a missed dose: its new day (None: a person decides), its status, and why."""

    day: date | None
    status: DoseStatus
    reason: Reason


def falls_out(slot: Slot, setting: Setting) -> bool:
    """Say whether a dose is not given any more; its ordinal stays used and the next keeps its own."""
    if slot.ordinal in setting.facts.skipped:
        return True
    if not is_missed(slot, setting):
        return False
    rule = slot.phase.missed
    if rule.action is MissedAction.GIVE_UNTIL:
        return _until(slot, setting, slot.due) is None
    return rule.action is MissedAction.SKIP


def is_missed(slot: Slot, setting: Setting) -> bool:
    """Say whether a dose is known not to have been given on its day."""
    return slot.ordinal in setting.facts.missed and slot.ordinal not in setting.given


def catch_up(slot: Slot, setting: Setting, before: Before, planned: date | None) -> CatchUp:
    """Return what becomes of a missed dose that does not fall out."""
    rule, missed_on = slot.phase.missed, planned or slot.due
    if rule.action is MissedAction.MANUAL:
        candidate = first_open_after(_course_ends(slot, before, missed_on), setting.calendar)
        reason = Reason(why=Why.NO_CATCH_UP, day=missed_on, other=candidate)
        return CatchUp(day=None, status=DoseStatus.MANUAL, reason=reason)
    if rule.action is MissedAction.GIVE_UNTIL and rule.until is not None:
        last = due(slot.due, rule.until, 1)
        day = _until(slot, setting, missed_on) or _until(slot, setting, slot.due)
        reason = Reason(why=Why.GIVE_UNTIL, day=missed_on, other=last)
        return CatchUp(day=day, status=DoseStatus.LATE, reason=reason)
    day = first_open_after(missed_on, setting.calendar)
    reason = Reason(why=Why.AS_SOON_AS_POSSIBLE, day=missed_on)
    return CatchUp(day=day, status=DoseStatus.LATE, reason=reason)


def first_open_after(day: date, calendar: Calendar) -> date | None:
    """Return the first open day after a day, or None when none is near."""
    days = (day + timedelta(days=n) for n in range(1, SEARCH_DAYS))
    return next((each for each in days if calendar.is_open(each)), None)


def _until(slot: Slot, setting: Setting, missed_on: date) -> date | None:
    """Return the open day on which a missed dose may still be given, or None."""
    if slot.phase.missed.until is None:
        return None
    day = first_open_after(missed_on, setting.calendar)
    return day if day and day <= due(slot.due, slot.phase.missed.until, 1) else None


def _course_ends(slot: Slot, before: Before, missed_on: date) -> date:
    """Return the last day of the course that a missed day belongs to."""
    mine = [d for d in before.doses if (d.phase, d.course) == (slot.phase.id, slot.course)]
    first = next((d.given or d.planned for d in mine if d.course_day == 1), None) or missed_on
    left = timedelta(days=slot.run_days - (slot.course_day or 1))
    return max(first + timedelta(days=slot.run_days - 1), missed_on + left)


def with_pauses(doses: Sequence[PlannedDose], facts: Facts) -> tuple[PlannedDose, ...]:
    """Return the doses of a plan: held while it is on hold or a check was not passed, none after its end."""
    if facts.ended is None and facts.held_from is None and not facts.failed:
        return tuple(doses)
    ended, marked = facts.ended, []
    failed = set(facts.failed)
    for dose in doses:
        if dose.given is None and ended is not None and dose.due > ended:
            continue
        reason = _holds(dose, facts, failed)
        marked.append(_held(dose, reason) if reason else dose)
    return tuple(marked)


def _holds(dose: PlannedDose, facts: Facts, failed: set[str]) -> Reason | None:
    if dose.given is not None:
        return None
    since = facts.held_from
    if since is not None and (dose.planned or dose.due) >= since:
        return Reason(why=Why.ON_HOLD, day=since)
    rule = next((rule for rule in dose.requirements if rule.id in failed), None)
    if rule is None:
        return None
    failed.remove(rule.id)  # the next dose that needs it waits; later ones are asked in their turn
    return Reason(why=Why.NOT_PASSED, what=rule.what)


def _held(dose: PlannedDose, reason: Reason) -> PlannedDose:
    return replace(dose, status=DoseStatus.HOLD, reasons=(*dose.reasons, reason))
