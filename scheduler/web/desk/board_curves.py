"""The curves under the board: bars per quarter hour, the limit as a stepped line, what is over it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.web.desk.board_facts import CurveFact
from scheduler.web.desk.board_grid import SLOT, Grid
from scheduler.web.words import number

WIDTH = 10
HEIGHT = 100
GAP = 0.8
HEADROOM = 1.2
TAG_SLOTS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the SVG, in its own units."""

    look: str
    x: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Over:
    """A quarter hour above its limit: where, when, how much, of what."""

    column: int
    at: str
    used: str
    allowed: str
    unit: str
    excess: float

    @property
    def words(self) -> str:
        """As the tag says it: "9.4 of 9 at 13:15"."""
        return f"{self.used} of {self.allowed} at {self.at}"

    @property
    def tag_column(self) -> int:
        """Where the tag begins, beside the bar."""
        return self.column + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One row under the board."""

    name: str
    now: str
    label: str
    width: int
    bars: tuple[Bar, ...]
    limit: str
    over: tuple[Over, ...]
    worst: Over | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """A line of the same numbers as a table."""

    at: str
    cells: tuple[str, ...]


def draw_curve(fact: CurveFact, grid: Grid, minute_now: int | None, offset: int) -> Curve:
    """Draw one measure.

    Args:
        fact: Used and allowed per quarter hour.
        grid: The board's columns.
        minute_now: Minutes from the grid's start to now; None on another day, where all bars are to come.
        offset: Column of the grid in which the fact's first value stands.
    """
    used = _shifted(fact.used, offset, grid.slots)
    allowed = _shifted(fact.allowed, offset, grid.slots)
    top = HEADROOM * max((*used, *allowed, 1))
    over = _over(fact.unit, used, allowed, grid)
    column = minute_now // SLOT if minute_now is not None else None
    return Curve(
        name=fact.name,
        now=_now_words(used, allowed, column),
        label=_label(fact.name, used, allowed, over),
        width=grid.slots * WIDTH,
        bars=tuple(
            _bar(at, value, allowed[at], top, column) for at, value in enumerate(used) if value > 0
        ),
        limit=_stepped(allowed, top),
        over=over,
        worst=max(_coming(over, column), key=lambda one: one.excess, default=None),
    )


def table(curves: Sequence[CurveFact], grid: Grid, offset: int) -> tuple[CurveRow, ...]:
    """Return the same numbers as a table, one line per quarter hour."""
    shifted = [
        (_shifted(fact.used, offset, grid.slots), _shifted(fact.allowed, offset, grid.slots))
        for fact in curves
    ]
    return tuple(
        CurveRow(
            at=grid.clock(column),
            cells=tuple(f"{number(u[column])} of {number(a[column])}" for u, a in shifted),
        )
        for column in range(grid.slots)
    )


def over_sentence(curves: Sequence[Curve], column_now: int, cause: str) -> tuple[str, str]:
    """Return the line above the board: "Over capacity at 13:15." and what is over; empty when nothing is.

    Only quarter hours from ``column_now`` on: nobody can change the past.
    """
    coming = [over for curve in curves for over in curve.over if over.column >= column_now]
    if not coming:
        return "", ""
    first = min(over.column for over in coming)
    here = [f"{over.unit} {over.used} of {over.allowed}" for over in coming if over.column == first]
    later = len({over.column for over in coming if over.column != first})
    more = f", and {later} more quarter hour{'s' if later > 1 else ''}" if later else ""
    because = f" ({cause})" if cause else ""
    at = next(over.at for over in coming if over.column == first)
    what = ", ".join(here)
    return f"Over capacity at {at}.", f"{what[0].upper()}{what[1:]}{because}{more}."


def _coming(over: Sequence[Over], column_now: int | None) -> list[Over]:
    return [one for one in over if column_now is None or one.column >= column_now]


def _shifted(values: Sequence[float], offset: int, slots: int) -> tuple[float, ...]:
    padded = (0.0,) * max(0, offset) + tuple(values[max(0, -offset) :])
    return (padded + (0.0,) * slots)[:slots]


def _over(
    unit: str, used: Sequence[float], allowed: Sequence[float], grid: Grid
) -> tuple[Over, ...]:
    return tuple(
        Over(column, grid.clock(column), number(value), number(limit), unit, value - limit)
        for column, (value, limit) in enumerate(zip(used, allowed, strict=True))
        if value > limit
    )


def _bar(at: int, value: float, limit: float, top: float, column_now: int | None) -> Bar:
    past = column_now is not None and at < column_now
    look = "ch-over" if value > limit else "ch-past" if past else "ch-bar"
    height = value / top * HEIGHT
    return Bar(look, f"{at * WIDTH + GAP:.1f}", f"{HEIGHT - height:.1f}", f"{height:.1f}")


def _stepped(allowed: Sequence[float], top: float) -> str:
    path, last = "", None
    for at, limit in enumerate(allowed):
        y = f"{HEIGHT - limit / top * HEIGHT:.1f}"
        if last is None:
            path = f"M0 {y}"
        elif y != last:
            path += f"H{at * WIDTH}V{y}"
        last = y
    return f"{path}H{len(allowed) * WIDTH}" if path else ""


def _now_words(used: Sequence[float], allowed: Sequence[float], column: int | None) -> str:
    if column is None or not 0 <= column < len(used):
        return f"most {number(max(used, default=0))} of {number(max(allowed, default=0))}"
    return f"now {number(used[column])} of {number(allowed[column])}"


def _label(name: str, used: Sequence[float], allowed: Sequence[float], over: Sequence[Over]) -> str:
    most, limit = number(max(used, default=0)), number(max(allowed, default=0))
    words = f"{name} per quarter hour, at most {most} of {limit}"
    return f"{words}, over the limit at {', '.join(one.at for one in over)}" if over else words
