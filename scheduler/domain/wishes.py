"""What offers are made from: a day's state, a patient's wish, and what a step away from it costs."""

from dataclasses import dataclass
from datetime import date, time
from math import inf

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
class Weights:
    """What a step away from the ideal costs; one unit is about one more patient at the window's peak.

    Args:
        peak: Per patient-equivalent of nurse load in the busiest slot of the stay, on an empty day.
        full_peak: The same on a full day, and in between as the day fills; None: as on an empty one.
        mean: Per patient-equivalent of the mean of the stay, on an empty day.
        full_mean: The same on a full day; None: as on an empty one.
        longer: How much more both count the longer the visit: by its stay in two hours, to this power.
        crowd: Per square of that peak, divided by the chairs of the day.
        by_share: Count load as the share of what nurses can do, times the day's chairs.
        raises: For a new peak of patients in chairs of the whole day.
        before: For a gap of no, one, two ... quarter hours before the stay: chairs in use stay at or below
            its level for so long. Longer gaps cost nothing; less than nothing is a gain.
        after: The same for the gap after it.
        edge: For a stay that neither begins with the day nor ends with it.
        close: For a stay that ends with the day: when it lasts longer, everybody goes home later.
        starts: Per IV start that begins in the same slot already.
        later: Per quarter hour later in the day.
        slot: Per quarter hour between the start and the nearest wished time.
        bend: Per square of those quarter hours.
        far: Quarter hours beyond which a start is as far as any other.
        near: Gained by a start within half an hour of a wished time.
        yields: Share of what the wished time counts that is lost on a full day, 0 to below 1.
        brief: How much more it counts the shorter the visit: by two hours in its stay, to this power.
        day: Per day between the day and the due day.
        weekday: For a weekday that was not wished.
    """

    peak: float = 1.0
    full_peak: float | None = None
    mean: float = 0.3
    full_mean: float | None = None
    longer: float = 0.0
    crowd: float = 0.0
    by_share: bool = False
    raises: float = 0.0
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    edge: float = 0.0
    close: float = 0.0
    starts: float = 0.0
    later: float = 0.0
    slot: float = 0.4
    bend: float = 0.0
    far: float = inf
    near: float = 0.0
    yields: float = 0.0
    brief: float = 0.0
    day: float = 1.0
    weekday: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """When a patient is in another visit, in minutes after midnight of a day."""

    day: date
    begins: int
    ends: int

    def during(self, begins: int, ends: int) -> bool:
        """Say whether a visit of those minutes would be at the same time."""
        return begins < self.ends and self.begins < ends


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
