"""What offers are made from: a day's state and a patient's wish."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from scheduler.domain.assignment import Seating
from scheduler.domain.day_limits import DayLimits, DayLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """An open day as offers see it.

    Args:
        day: The day.
        limits: What it allows.
        load: What is used. For a move within the day, without the visit that moves.
        seating: Chairs and stays, when the day needs exact assignment (pins, arrived patients,
            chairs out of service); None when counts are enough.
    """

    day: date
    limits: DayLimits
    load: DayLoad
    seating: Seating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """When a patient is in another visit, in minutes after midnight of a day."""

    day: date
    begins: int
    ends: int

    def during(self, begins: int, ends: int) -> bool:
        """Say whether a visit of those minutes would be at the same time."""
        return begins < self.ends and self.begins < ends


class TimesOf(StrEnum):
    """Whose the times of a wish are, as a reason names them."""

    ASKED = "the wished time"
    USUAL = "the patient's usual wish"
    PRESENT = "its time now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a dose and its patient ask for.

    Args:
        earliest: First day of the window.
        latest: Last day of the window.
        due: The due day; None when any day of the window is as good.
        aim: The planned day that a person chose months ahead; counts instead of the due day.
        near: The day that somebody asked for, or today for a dose overdue; counts instead of either.
        not_before: Hard: no day before it is ever offered.
        weekdays: Wished weekdays, Monday is 0; empty when any.
        times: Wished start times on the center's clock; empty when any.
        times_of: Whose these times are: asked for now, the patient's standing wish, or where the visit is now.
        not_earlier: The patient cannot come earlier in the day.
        not_later: The patient cannot start later in the day.
        only_weekdays: Hard: no other weekday is offered; empty when any.
        elsewhere: Hard: nobody is in two places at once.
    """

    earliest: date
    latest: date
    due: date | None = None
    aim: date | None = None
    near: date | None = None
    not_before: date | None = None
    weekdays: frozenset[int] = frozenset()
    times: tuple[time, ...] = ()
    times_of: TimesOf = TimesOf.ASKED
    not_earlier: time | None = None
    not_later: time | None = None
    only_weekdays: frozenset[int] = frozenset()
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day that may be offered: not before counts harder than the window."""
        return max(self.earliest, self.not_before or self.earliest)

    def allows(self, day: date) -> bool:
        """Say whether the day may be offered."""
        fits = not self.only_weekdays or day.weekday() in self.only_weekdays
        return fits and self.first_day <= day <= self.latest
