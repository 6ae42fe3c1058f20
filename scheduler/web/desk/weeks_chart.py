"""The weeks ahead as bars: what is booked, what is planned on top, and the line at which a week is full."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.look_ahead import WeekAhead

WIDTH, HEIGHT = 1000, 150
TOP = 1.2
GAP = 3.0
LABEL_GAP = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """A week's bar in SVG units; ``look`` says whether it holds, ``words`` what a reader is told."""

    x: float
    width: float
    booked_y: float
    booked_height: float
    planned_y: float
    planned_height: float
    look: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMark:
    """Where a month begins."""

    x: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksChart:
    """All of it."""

    width: int
    height: int
    bars: tuple[WeekBar, ...]
    months: tuple[MonthMark, ...]
    full_y: float
    label: str


def draw_weeks(weeks: Sequence[WeekAhead], full: float) -> WeeksChart:
    """Draw each week's share of its scarcest measure; ``full`` is where a week counts as full."""
    step = WIDTH / max(1, len(weeks))
    bars = tuple(_bar(week, at * step, step) for at, week in enumerate(weeks))
    short = [week for week in weeks if week.short]
    crowded = [week for week in weeks if not week.holds]
    words = f"{len(weeks)} weeks: {len(crowded)} too full as planned, {len(short)} even when spread"
    return WeeksChart(
        width=WIDTH,
        height=HEIGHT,
        bars=bars,
        months=_months(weeks, step),
        full_y=_y(full),
        label=words,
    )


def _bar(week: WeekAhead, x: float, step: float) -> WeekBar:
    booked, needed = min(week.booked, TOP), min(week.needed, TOP)
    look = "ch-over" if week.short else "ch-watch" if week.holds else "ch-wait"
    words = f"{week.monday:%b} {week.monday.day}: {round(100 * week.needed)} % of {week.scarcest}"
    return WeekBar(
        x=round(x + GAP / 2, 1),
        width=round(step - GAP, 1),
        booked_y=_y(booked),
        booked_height=round(booked / TOP * HEIGHT, 1),
        planned_y=_y(needed),
        planned_height=round(max(0.0, needed - booked) / TOP * HEIGHT, 1),
        look=look,
        words=words,
    )


def _y(share: float) -> float:
    return round(HEIGHT - share / TOP * HEIGHT, 1)


def _months(weeks: Sequence[WeekAhead], step: float) -> tuple[MonthMark, ...]:
    marks: list[MonthMark] = []
    seen: set[tuple[int, int]] = set()
    for at, week in enumerate(weeks):
        month = (week.monday.year, week.monday.month)
        if month not in seen and (not marks or at * step - marks[-1].x >= LABEL_GAP):
            marks.append(MonthMark(x=round(at * step, 1), words=f"{week.monday:%b}"))
        seen.add(month)
    return tuple(marks)
