"""When a center is open: the hours of a week from a day on, closures and half days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.errors import InvalidError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class HoursError(InvalidError):
    """Opening hours that end before they begin, or lie outside one another."""

    field = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """The hours of one open day, as wall times of the center.

    Args:
        opens: The first visit may begin.
        closes: The last patient has left the chair; cleaning may run on.
        doors: Patients are let in, if not when it opens.
        mixing_from: The pharmacy begins to mix.
        mixing_until: The last preparation is ready.
        last_drug_end: No infusion runs beyond it.
    """

    opens: time
    closes: time
    doors: time | None = None
    mixing_from: time | None = None
    mixing_until: time | None = None
    last_drug_end: time | None = None

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise HoursError(
                f"Opening hours cannot end ({self.closes:%H:%M}) before they begin"
                f" ({self.opens:%H:%M}); a day ends at midnight."
            )
        if self.mixing_from and self.mixing_until and self.mixing_until <= self.mixing_from:
            raise HoursError("Mixing hours cannot end before they begin.", field="mixing")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """The hours of a week, Monday first, that hold from a day on; None is a closed day."""

    effective_from: date
    days: tuple[DayHours | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS):
            raise HoursError("A week has seven days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days without infusions; with ``open_from`` or ``open_until``, half days.

    Args:
        first_day: Its first day.
        last_day: Its last day, included.
        reason: What the desk and the patient are told ("Thanksgiving").
        open_from: The center opens only then.
        open_until: The center closes already then.
    """

    first_day: date
    last_day: date
    reason: str
    open_from: time | None = None
    open_until: time | None = None

    def covers(self, day: date) -> bool:
        """Say whether the closure is about that day."""
        return self.first_day <= day <= self.last_day

    @property
    def whole_days(self) -> bool:
        """Whether nothing of its days stays open."""
        return self.open_from is None and self.open_until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A day without infusions and why."""

    day: date
    reason: str


def hours_of(
    day: date, weeks: Sequence[WeekHours], closures: Sequence[Closure] = ()
) -> DayHours | Closed:
    """Return the hours of a day, or that it is closed and why.

    The week with the latest ``effective_from`` not after the day holds; closures narrow it.
    """
    hours = _regular(day, weeks)
    for closure in closures:
        if closure.covers(day) and isinstance(hours, DayHours):
            hours = _narrowed(day, hours, closure)
    return hours


def _regular(day: date, weeks: Sequence[WeekHours]) -> DayHours | Closed:
    in_force = [week for week in weeks if week.effective_from <= day]
    if not in_force:
        return Closed(day=day, reason="no opening hours are set")
    week = max(in_force, key=lambda week: week.effective_from)
    return week.days[day.weekday()] or Closed(
        day=day, reason=f"closed on {WEEKDAYS[day.weekday()]}s"
    )


def _narrowed(day: date, hours: DayHours, closure: Closure) -> DayHours | Closed:
    opens = max(hours.opens, closure.open_from or hours.opens)
    closes = min(hours.closes, closure.open_until or hours.closes)
    if closure.whole_days or closes <= opens:
        return Closed(day=day, reason=closure.reason)
    return DayHours(
        opens=opens,
        closes=closes,
        doors=hours.doors,
        mixing_from=hours.mixing_from,
        mixing_until=hours.mixing_until,
        last_drug_end=hours.last_drug_end,
    )
