"""A plan on one time line as numbers for SVG: given, booked, planned, windows, today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.web.words import short_day

WIDTH = 1000
MARGIN = 20
LETTER = 6.6
MONTHS_SHOWN = 10


class DoseLook(StrEnum):
    """How a dose is drawn: facts filled, booked outlined, planned dashed."""

    GIVEN = "given"
    PART = "part"
    NOT_GIVEN = "none"
    BOOKED = "booked"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseFact:
    """One dose of a plan.

    Args:
        label: Above it, its ordinal.
        at: Given day, booked day or planned day, whichever is known first in this order.
        not_before: Drawn when it has a day; usually only for the next dose.
    """

    label: str
    look: DoseLook
    at: date
    due: date
    earliest: date | None = None
    latest: date | None = None
    not_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A dose as drawn; x and window in SVG units, words under it when there is room."""

    label: str
    look: DoseLook
    x: float
    label_x: float
    due_x: float | None
    window: tuple[float, float] | None
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line with its words."""

    x: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole line; ``not_before`` and ``today`` carry their words."""

    width: int
    marks: tuple[Mark, ...]
    months: tuple[Tick, ...]
    today: Tick | None
    not_before: Tick | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Days to SVG units between two days."""

    first: date
    last: date
    width: int = WIDTH

    def x(self, day: date) -> float:
        """Return where a day stands; days outside stand at the margin."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(MARGIN + min(max(share, 0.0), 1.0) * (self.width - 2 * MARGIN), 1)

    def holds(self, day: date) -> bool:
        """Say whether the day lies between both ends."""
        return self.first <= day <= self.last


def draw_timeline(
    doses: Sequence[DoseFact], today: date, *, span: tuple[date, date] | None = None
) -> Timeline:
    """Draw the doses of one plan on one line, today marked; ``span`` makes two lines share a scale."""
    days = [day for dose in doses for day in _days(dose)] + [today, *(span or ())]
    scale = scale_over(days)
    bound = next((dose.not_before for dose in doses if dose.not_before), None)
    return Timeline(
        width=WIDTH,
        marks=marks_of(doses, scale, today),
        months=months_of(scale),
        today=Tick(scale.x(today), "today"),
        not_before=_tick(scale, bound, today),
        label=_label(doses, today),
    )


def scale_over(days: Sequence[date]) -> Scale:
    """Return a scale with a little room on both sides of some days."""
    spread = max((max(days) - min(days)).days // 40, 3)
    return Scale(first=min(days) - timedelta(days=spread), last=max(days) + timedelta(days=spread))


def _tick(scale: Scale, bound: date | None, today: date) -> Tick | None:
    if bound is None or not scale.holds(bound):
        return None
    return Tick(scale.x(bound), f"not before {short_day(bound, today)}")


def _days(dose: DoseFact) -> list[date]:
    return [day for day in (dose.at, dose.due, dose.earliest, dose.latest) if day]


def marks_of(doses: Sequence[DoseFact], scale: Scale, today: date) -> tuple[Mark, ...]:
    """Return doses as drawn; labels and words only where there is room."""
    marks, label_end, words_end = [], 0.0, 0.0
    for dose in doses:
        x = scale.x(dose.at)
        words = _words(dose, today)
        begins = min(max(x - len(words) * LETTER / 2, 0), WIDTH - len(words) * LETTER)
        words = words if begins > words_end else ""
        words_end = begins + len(words) * LETTER + 8 if words else words_end
        label = dose.label if x - label_end > len(dose.label) * LETTER + 4 else ""
        label_end = x if label else label_end
        marks.append(_mark(dose, scale, words, label))
    return tuple(marks)


def _mark(dose: DoseFact, scale: Scale, words: str, label: str) -> Mark:
    x = scale.x(dose.at)
    window = None
    if dose.earliest and dose.latest:
        window = scale.x(dose.earliest), max(scale.x(dose.latest), scale.x(dose.earliest) + 2)
    half = len(words) * LETTER / 2
    anchor = "start" if x < half else "end" if x > WIDTH - half else "middle"
    return Mark(
        label=label,
        look=dose.look,
        x=x,
        label_x=x,
        due_x=scale.x(dose.due) if dose.due != dose.at else None,
        window=window,
        words=words,
        anchor=anchor,
    )


def _words(dose: DoseFact, today: date) -> str:
    kind = {
        DoseLook.GIVEN: "given",
        DoseLook.PART: "part",
        DoseLook.NOT_GIVEN: "not given",
        DoseLook.BOOKED: "booked",
        DoseLook.PLANNED: "due",
    }[dose.look]
    day = dose.due if dose.look is DoseLook.PLANNED else dose.at
    return f"{kind} {short_day(day, today)}"


def months_of(scale: Scale) -> tuple[Tick, ...]:
    """Return the months of a scale, as many as can be read."""
    firsts, day = [], scale.first.replace(day=1)
    while day <= scale.last:
        if scale.holds(day):
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    every = -(-len(firsts) // MONTHS_SHOWN)
    step = next((n for n in (1, 2, 3, 6, 12, 24) if n >= every), 24)
    shown = [day for day in firsts if (day.year * 12 + day.month - 1) % step == 0]
    return tuple(_month(scale.x(day), f"{day:%b %Y}") for day in shown)


def _month(x: float, words: str) -> Tick:
    return Tick(x, words if x + len(words) * LETTER + 4 < WIDTH else "")


def _label(doses: Sequence[DoseFact], today: date) -> str:
    given = sum(dose.look in (DoseLook.GIVEN, DoseLook.PART) for dose in doses)
    booked = [dose for dose in doses if dose.look is DoseLook.BOOKED]
    following = f"; next booked {short_day(booked[0].at, today)}" if booked else ""
    return f"Plan on one line: {given} of {len(doses)} doses given{following}. The table says the same."
