"""Moving a demonstration's clock forward; a real center's clock is nobody's to move."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.errors import InvalidError
from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant, instant_at, local
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork


def moment_of(uow: UnitOfWork, wall: datetime) -> Instant:
    """Return the instant of a wall time at the demonstration's center.

    Raises:
        SkippedTimeError: the clocks skip that time.
    """
    zone = ZoneInfo(organizations.centers(uow)[0].zone)
    return instant_at(wall.date(), wall.time(), zone)


def wall_of(uow: UnitOfWork, moment: Instant) -> datetime:
    """Return an instant on the wall clock of the demonstration's center."""
    return local(moment, ZoneInfo(organizations.centers(uow)[0].zone))


def move_clock(uow: UnitOfWork, to: Instant, *, system_now: Instant) -> None:
    """Set the demonstration's clock to a later moment, from which it runs on.

    Raises:
        InvalidError: this is no demonstration, or the moment lies behind its clock.
    """
    with uow:
        row = organizations.organization(uow)
        if row.mode is not OrganizationMode.DEMONSTRATION:
            raise InvalidError("Only the clock of a demonstration can be moved.", field="at")
        if to < organizations.now(uow, system_now):
            raise InvalidError("The clock moves forward only; name a later time.", field="at")
        row.clock_offset_seconds = round((to - system_now).total_seconds())
        uow.commit()
