"""Which day it is where an organization's centers are: a center east of Greenwich is a day ahead of UTC's every morning."""

from datetime import date
from zoneinfo import ZoneInfo

from scheduler.domain.ids import CenterId
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import organizations
from scheduler.persistence.unit_of_work import UnitOfWork


def today_here(uow: UnitOfWork, now: Instant) -> date:
    """Return the day it is at the organization's centers; the later one where they differ."""
    zones = {center.zone for center in organizations.centers(uow)}
    return max((local_day(now, ZoneInfo(zone)) for zone in zones), default=now.date())


def today_in(uow: UnitOfWork, center_id: CenterId, now: Instant) -> date:
    """Return the day it is at a center."""
    return local_day(now, zone_of(uow, center_id))


def zone_of(uow: UnitOfWork, center_id: CenterId) -> ZoneInfo:
    """Return the zone of a center."""
    return ZoneInfo(organizations.center(uow, center_id).zone)
