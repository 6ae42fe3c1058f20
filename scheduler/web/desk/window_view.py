"""A dose's window as a bar: not before, earliest, due, latest, today, and the offers on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.web.desk.timeline_view import LETTER, Scale, Tick
from scheduler.web.words import short_day

WIDTH = 960
ROWS = (22, 8)
WEEKS_SHOWN = 8
SPACE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words above the bar, moved aside or up where two would meet; ``middle`` of the text."""

    middle: float
    y: int
    words: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowBar:
    """A dose's window with offers on it, for finding a time; x values in SVG units."""

    width: int
    weeks: tuple[Tick, ...]
    not_before: float | None
    earliest: float
    latest: float
    due: float
    today: float | None
    last_given: Tick | None
    offers: tuple[Tick, ...]
    labels: tuple[Label, ...]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFact:
    """What the window bar shows; ``offers`` in order of rank."""

    earliest: date
    due: date
    latest: date
    today: date
    not_before: date | None = None
    last_given: date | None = None
    offers: tuple[date, ...] = ()


def draw_window(fact: WindowFact) -> WindowBar:
    """Draw one dose's window from a little before what matters to a little after."""
    days = [fact.earliest, fact.due, fact.latest, *fact.offers]
    days += [day for day in (fact.not_before, fact.last_given) if day]
    near = min(days) - timedelta(days=60) <= fact.today <= max(days)
    first = min([*days, fact.today] if near else days)
    scale = Scale(first=first - timedelta(days=2), last=max(days) + timedelta(days=10), width=WIDTH)
    given = fact.last_given
    return WindowBar(
        width=WIDTH,
        weeks=_weeks(scale, fact.today),
        not_before=scale.x(fact.not_before) if fact.not_before else None,
        earliest=scale.x(fact.earliest),
        latest=scale.x(fact.latest),
        due=scale.x(fact.due),
        today=scale.x(fact.today) if near else None,
        last_given=Tick(scale.x(given), f"given {short_day(given, fact.today)}") if given else None,
        offers=tuple(Tick(scale.x(day), str(n)) for n, day in enumerate(fact.offers, 1)),
        labels=_labels(fact, scale, near),
        label=_window_label(fact),
    )


def _labels(fact: WindowFact, scale: Scale, near: object) -> tuple[Label, ...]:
    wanted = [
        (fact.due, "Due", "ch-text is-strong"),
        (fact.not_before, "Not before", "ch-stop"),
        (fact.latest, "Latest", "ch-text is-strong"),
        (fact.earliest, "Earliest", "ch-text is-strong"),
    ]
    placed: list[Label] = []
    for day, words, look in wanted:
        if day and (
            label := _fitting(placed, scale.x(day), f"{words} {short_day(day, fact.today)}", look)
        ):
            placed.append(label)
    if near and (label := _fitting(placed, scale.x(fact.today), "today", "ch-text")):
        placed.append(label)
    return tuple(placed)


def _fitting(placed: Sequence[Label], x: float, words: str, look: str) -> Label | None:
    half = len(words) * LETTER / 2
    middle = round(min(max(x, half), WIDTH - half), 1)
    for y in ROWS:
        if all(
            other.y != y
            or abs(other.middle - middle) > half + len(other.words) * LETTER / 2 + SPACE
            for other in placed
        ):
            return Label(middle=middle, y=y, words=words, look=look)
    return None


def _weeks(scale: Scale, today: date) -> tuple[Tick, ...]:
    monday = scale.first + timedelta(days=-scale.first.weekday() % 7)
    count = max(1, (scale.last - monday).days // 7 + 1)
    every = -(-count // WEEKS_SHOWN)
    days = [monday + timedelta(weeks=every * n) for n in range(-(-count // every))]
    return tuple(Tick(scale.x(day), short_day(day, today)) for day in days)


def _window_label(fact: WindowFact) -> str:
    bound = f"Not before {short_day(fact.not_before, fact.today)}. " if fact.not_before else ""
    return (
        f"{bound}Window: earliest {short_day(fact.earliest, fact.today)}, "
        f"due {short_day(fact.due, fact.today)}, latest {short_day(fact.latest, fact.today)}."
    )
