"""Old and new dates of a plan on one scale, and in words: what moves, what is freed, what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.domain.counting import counted
from scheduler.domain.timing import local_day
from scheduler.services.recalculating import DoseDates, RecalculationLine
from scheduler.web.desk.timeline_view import DoseFact, DoseLook, Timeline, draw_timeline
from scheduler.web.words import days_words, short_day

NEAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalculationShown:
    """A proposal as its page draws it.

    Args:
        words: What moves, in one sentence.
        bookings: A sentence for each visit that no longer fits: what is freed and what is needed.
    """

    words: str
    bookings: tuple[str, ...]
    old: Timeline
    new: Timeline


def shown(
    lines: Sequence[RecalculationLine], zone: ZoneInfo, today: date
) -> RecalculationShown | None:
    """Return old and new drawn on the same scale; None when no date would change."""
    near = lines[:NEAR]
    if not near:
        return None
    span = _span([each for line in near for each in (line.old, line.new)])
    return RecalculationShown(
        words=_words(lines),
        bookings=tuple(_booking(line, zone, today) for line in lines if line.asks),
        old=draw_timeline([_fact(x, x.old, zone) for x in near], today, span=span),
        new=draw_timeline([_fact(x, x.new, zone) for x in near], today, span=span),
    )


def _span(dates: Sequence[DoseDates]) -> tuple[date, date]:
    return min(each.earliest for each in dates), max(each.latest for each in dates)


def _fact(line: RecalculationLine, dates: DoseDates, zone: ZoneInfo) -> DoseFact:
    booked = local_day(line.booked_at, zone) if line.booked_at else None
    return DoseFact(
        label=str(line.ordinal),
        look=DoseLook.BOOKED if booked else DoseLook.PLANNED,
        at=booked or dates.planned_on or dates.due_on,
        due=dates.due_on,
        earliest=dates.earliest,
        latest=dates.latest,
    )


def _words(lines: Sequence[RecalculationLine]) -> str:
    shifts = {(line.new.due_on - line.old.due_on).days for line in lines}
    doses = f"{counted(len(lines), 'dose')}, {lines[0].ordinal} to {lines[-1].ordinal}"
    if shifts == {0}:
        return f"{doses}: the due days stay, windows or hard limits change."
    if len(shifts) > 1:
        least, most = min(shifts), max(shifts)
        return f"{doses}: between {least} and {most} days later."
    days = shifts.pop()
    return f"{doses}: all {counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}."


def _booking(line: RecalculationLine, zone: ZoneInfo, today: date) -> str:
    booked = local_day(line.booked_at, zone) if line.booked_at else line.old.due_on
    window = days_words(line.new.earliest, line.new.latest, today)
    return (
        f"Dose {line.ordinal}: moving it frees its place on {short_day(booked, today)}"
        f" and needs one on {window}."
    )
