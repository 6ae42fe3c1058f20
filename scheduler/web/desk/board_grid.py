"""Where things stand on the board: quarter hours to columns, widths and thirds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

SLOT = 15
HOUR = 60
FEWEST_SLOTS = 8
MOST_SLOTS = 96
WORKDAY = (7 * HOUR + 30, 17 * HOUR + 30)


@dataclass(frozen=True, slots=True)
class Place:
    """Column (from 0) and width in slots: the classes ``c-N`` and ``w-N``."""

    column: int
    width: int

    @property
    def end(self) -> int:
        """First column after it."""
        return self.column + self.width


@dataclass(frozen=True, slots=True)
class Now:
    """The now line: column, third of the slot, and the time on its flag."""

    column: int
    third: int
    words: str


@dataclass(frozen=True, slots=True)
class HourMark:
    """A full hour on the axis."""

    column: int
    width: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The quarter hours of one day that are drawn.

    Args:
        day: Whose minutes are counted.
        first: First minute of the day that is drawn.
        slots: How many quarter hours.
    """

    day: date
    first: int
    slots: int

    @property
    def to_hour(self) -> int:
        """Slots before the first full hour: the class ``o-N``."""
        return -self.first % HOUR // SLOT

    def minute(self, at: datetime) -> int:
        """Return minutes from the grid's start; another day's time lies before or behind."""
        days = (at.date() - self.day).days
        return (days * 24 + at.hour) * HOUR + at.minute - self.first

    def place(self, begins: datetime, ends: datetime) -> Place | None:
        """Return the slots a span touches, cut to the grid; None when it lies outside."""
        column = max(0, self.minute(begins) // SLOT)
        end = min(self.slots, -(-self.minute(ends) // SLOT))
        return Place(column, end - column) if end > column else None

    def now(self, at: datetime) -> Now | None:
        """Return where the now line stands, None when it is not on this day's grid."""
        minute = self.minute(at)
        if not 0 <= minute < self.slots * SLOT:
            return None
        return Now(minute // SLOT, minute % SLOT // 5, f"{at.hour}:{at.minute:02d}")

    def hours(self) -> tuple[HourMark, ...]:
        """Return the full hours that have room for their words."""
        columns = range(self.to_hour, self.slots - 1, HOUR // SLOT)
        return tuple(
            HourMark(column, min(4, self.slots - column), self.clock(column)) for column in columns
        )

    def clock(self, column: int) -> str:
        """Return the wall time at which a column begins."""
        minute = self.first + column * SLOT
        return f"{minute // HOUR % 24}:{minute % HOUR:02d}"


def make_grid(day: date, spans: Iterable[tuple[datetime, datetime]]) -> Grid:
    """Return a grid that holds opening hours and every visit; an empty day shows a working day."""
    known = [(_minute(day, begins), _minute(day, ends)) for begins, ends in spans] or [WORKDAY]
    first = max(0, min(begins for begins, _ in known) // SLOT)
    last = -(-max(ends for _, ends in known) // SLOT)
    slots = min(max(last - first, FEWEST_SLOTS), MOST_SLOTS - first)
    return Grid(day=day, first=first * SLOT, slots=slots)


def _minute(day: date, at: datetime) -> int:
    days = (at.date() - day).days
    return min(max((days * 24 + at.hour) * HOUR + at.minute, 0), 24 * HOUR)
