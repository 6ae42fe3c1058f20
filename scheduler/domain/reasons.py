"""Why a start is offered, in short English phrases."""

from datetime import date

from scheduler.domain.grid import IV_STARTS, NURSE_LOAD
from scheduler.domain.hours import WEEKDAYS
from scheduler.domain.nursing import NURSE
from scheduler.domain.timing import minute_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import DayState, TimesOf, Wish


def reasons(day: DayState, wish: Wish, profile: VisitProfile, slot: int) -> tuple[str, ...]:
    """Return what speaks for the start and how far it is from the wish."""
    phrases = (
        "on the planned day" if wish.aim == day.day else "",
        _due(day.day, wish.due),
        _weekday(day.day, wish),
        _time(day, wish, slot),
        _able(day, profile),
        _keeps(day, profile, slot),
        _busy(day, profile, slot),
    )
    return tuple(phrase for phrase in phrases if phrase)


def _due(day: date, due: date | None) -> str:
    if due is None:
        return ""
    away = abs((day - due).days)
    if not away:
        return "on the due day"
    days = "1 day" if away == 1 else f"{away} days"
    return f"{days} {'before' if day < due else 'after'} the due day"


def _weekday(day: date, wish: Wish) -> str:
    if not wish.weekdays:
        return ""
    wished = day.weekday() in wish.weekdays
    return f"{'on the wished weekday' if wished else 'another weekday'}, {WEEKDAYS[day.weekday()]}"


def _time(day: DayState, wish: Wish, slot: int) -> str:
    if not wish.times:
        return ""
    begins = day.limits.grid.begins(slot)
    nearest = min(wish.times, key=lambda at: abs(begins - minute_of(at)))
    away = begins - minute_of(nearest)
    asked = wish.times_of is TimesOf.ASKED
    named = f"{wish.times_of}" if asked else f"{wish.times_of} ({nearest:%-H:%M})"
    if not away:
        return f"at {named}"
    return f"{_spoken(abs(away))} {'before' if away < 0 else 'after'} {named}"


def _spoken(minutes: int) -> str:
    """Return "45 minutes", from an hour on "2 h" or "6 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} minutes"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _able(day: DayState, profile: VisitProfile) -> str:
    """Name what the visit asks of its nurse, where the day counts such nurses."""
    known = set(day.limits.layout.competencies)
    words = [code.replace("_", " ") for code in sorted(profile.competencies & known)]
    return f"nurse with {' and '.join(words)} competency in" if words else ""


def _keeps(day: DayState, profile: VisitProfile, slot: int) -> str:
    """Name the slot with the last free IV start, when this start leaves it free."""
    row = day.limits.layout.row(IV_STARTS)
    used = day.load.counts[row]
    scarce = ((day.limits.allowed[row] - used == 1) & (used > 0)).nonzero()[0].tolist()
    if not scarce:
        return ""
    own = day.limits.footprint(profile).counts[row].nonzero()[0] + slot
    if set(scarce) & set(own.tolist()):
        return ""
    nearest = min(scarce, key=lambda s: abs(s - slot))
    return f"keeps {day.limits.grid.at(nearest):%-H:%M} free for starts"


def _busy(day: DayState, profile: VisitProfile, slot: int) -> str:
    """Say how busy the nurses are at most, the visit included, when there is room to spare."""
    row = day.limits.layout.row(NURSE_LOAD)
    own = day.limits.footprint(profile).counts[row]
    span = slice(slot, slot + len(own))
    used = day.load.counts[row, span] + own[: len(day.load.counts[row, span])]
    peak, allowed = int(used.max()) / NURSE, int(day.limits.allowed[row, span].max()) / NURSE
    return f"nurses at most {peak:.1f} of {allowed:.0f} busy" if peak <= 0.75 * allowed else ""
