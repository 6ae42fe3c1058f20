"""How much too full a day will be once the doses that are planned on it are booked."""

from scheduler.domain.grid import CHAIRS
from scheduler.domain.look_ahead import FULL
from scheduler.domain.wishes import DayState


def crowding(day: DayState, waiting_minutes: int) -> float:
    """Return by how many chairs, on average, booked and planned visits exceed what a day can hold.

    0 while they fit: only a day that will overflow is worth avoiding.

    Args:
        day: The day as booked.
        waiting_minutes: Chair minutes of doses planned on it that are not booked yet.
    """
    row, minutes = day.limits.layout.row(CHAIRS), day.limits.grid.slot_minutes
    allowed = float(day.limits.allowed[row].sum()) * minutes
    needed = float(day.load.counts[row].sum()) * minutes + waiting_minutes
    excess = needed - FULL * allowed
    if excess <= 0:
        return 0.0
    open_minutes = int((day.limits.allowed[row] > 0).sum()) * minutes
    return excess / open_minutes if open_minutes else 0.0
