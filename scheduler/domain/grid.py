"""The frame of a clinic day: its slots, and what is counted in each of them, in order."""

from dataclasses import dataclass
from datetime import time
from functools import cache, cached_property

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import DayHours
from scheduler.domain.timing import minute_of, time_of

SLOT_MINUTES = (5, 10, 15)
CHAIRS, IV_STARTS, IN_CHAIRS, NURSE_LOAD, MIXING = (
    "chairs",
    "iv_starts",
    "in_chairs",
    "nurse_load",
    "mixing",
)


class OffGridError(InvalidError):
    """A start between two slots, or outside the day."""

    field = "at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The slots of a clinic day.

    Args:
        first: Minutes after midnight at which slot 0 begins.
        slot_minutes: Length of a slot: 5, 10 or 15.
        slots: How many there are.
    """

    first: int
    slot_minutes: int
    slots: int

    def __post_init__(self) -> None:
        if self.slot_minutes not in SLOT_MINUTES:
            raise InvalidError("A slot is 5, 10 or 15 minutes long.", field="slot_minutes")

    @property
    def end(self) -> int:
        """Minutes after midnight at which the last slot ends."""
        return self.begins(self.slots)

    def covering(self, other: "Grid") -> "Grid":
        """Return the grid of both days, so that new hours lose nothing that is booked.

        Raises:
            InvalidError: the slots of the two do not meet.
        """
        minutes = self.slot_minutes
        if other.slot_minutes != minutes or (other.first - self.first) % minutes:
            raise InvalidError(
                "Opening hours have to keep to the slots of the days already booked."
            )
        first, end = min(self.first, other.first), max(self.end, other.end)
        return Grid(first=first, slot_minutes=minutes, slots=(end - first) // minutes)

    def begins(self, slot: int) -> int:
        """Return the minute after midnight at which a slot begins."""
        return self.first + slot * self.slot_minutes

    def at(self, slot: int) -> time:
        """Return the wall time at which a slot begins."""
        return time_of(self.begins(slot))

    def slot_at(self, at: time, hours: DayHours) -> int:
        """Return the slot that begins at a wall time.

        Args:
            at: The time.
            hours: Of the day, told when the time lies outside it.

        Raises:
            OffGridError: no slot of this day begins then.
        """
        if not self.first <= minute_of(at) < self.end:
            span = f"{hours.opens:%-H:%M} to {hours.closes:%-H:%M}"
            raise OffGridError(f"{at:%-H:%M} is outside the day's hours, {span}.")
        slot, rest = divmod(minute_of(at) - self.first, self.slot_minutes)
        if rest or at.second or at.microsecond:
            asked = f"{at:%-H:%M:%S}".removesuffix(":00")
            raise OffGridError(f"Visits start every {self.slot_minutes} minutes, not at {asked}.")
        return slot


def grid_of(hours: DayHours, slot_minutes: int) -> Grid:
    """Return the grid from opening to closing; a last part slot counts as a slot."""
    opens, closes = minute_of(hours.opens), minute_of(hours.closes)
    return Grid(first=opens, slot_minutes=slot_minutes, slots=-(-(closes - opens) // slot_minutes))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What is counted per slot: chairs, chairs by need, IV starts, patients, nurse load, mixing.

    Args:
        needs: Chair needs counted apart, in a fixed order.
        competencies: Nurse competencies counted apart, in a fixed order.
    """

    needs: tuple[ChairNeed, ...] = tuple(ChairNeed)
    competencies: tuple[str, ...] = ()

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The names of the matrix's rows, in order."""
        skills = tuple(f"competency:{name}" for name in self.competencies)
        needs = tuple(f"need:{need}" for need in self.needs)
        return (CHAIRS, *needs, IV_STARTS, IN_CHAIRS, NURSE_LOAD, *skills, MIXING)

    def row(self, measure: str) -> int:
        """Return the row of a measure."""
        return self.measures.index(measure)

    def to_text(self) -> str:
        """Return the layout as the clinic day stores it."""
        return ",".join(self.measures)

    @classmethod
    @cache
    def from_text(cls, text: str) -> "Layout":
        """Return the layout that ``to_text`` wrote."""
        pairs = [measure.partition(":") for measure in text.split(",")]
        return cls(
            needs=tuple(ChairNeed(name) for kind, _, name in pairs if kind == "need"),
            competencies=tuple(name for kind, _, name in pairs if kind == "competency"),
        )


def slot_after(grid: Grid, at: time) -> int:
    """Return the first slot that has not begun yet at a wall time; of a time outside the day, an edge."""
    slot = -(-(minute_of(at) - grid.first) // grid.slot_minutes)
    return min(max(0, slot), grid.slots)
