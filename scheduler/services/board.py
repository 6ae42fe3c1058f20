"""Reading one clinic day for the board: everything it shows, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.ids import AppointmentId, CenterId, PlanId
from scheduler.domain.timing import Instant
from scheduler.persistence import board as stored
from scheduler.persistence import board_visits
from scheduler.persistence.board import ChairRow, OpenRequirement, OutageRow, WaitingRow
from scheduler.persistence.board_visits import VisitRow
from scheduler.persistence.unit_of_work import UnitOfWork

TRAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """What is stored about a day, before anything is drawn."""

    revision: int
    chairs: tuple[ChairRow, ...]
    outages: tuple[OutageRow, ...]
    visits: tuple[VisitRow, ...]
    requirements: tuple[OpenRequirement, ...]
    untreated: frozenset[AppointmentId]
    waiting: tuple[WaitingRow, ...]
    more_waiting: bool


def revision_of(uow: UnitOfWork, center_id: CenterId, day: date) -> int:
    """Return the revision of a day, in one query."""
    with uow:
        return stored.revision(uow, center_id, day)


def read_day(uow: UnitOfWork, center_id: CenterId, day: date, zone: ZoneInfo) -> DayRead:
    """Return what the board shows of a day."""
    begins, ends = span_of(day, zone)
    with uow:
        visits = board_visits.visits(uow, center_id, begins, ends)
        plans: list[PlanId] = sorted({row.plan_id for row in visits if row.plan_id})
        waiting, more = stored.waiting(uow, center_id, limit=TRAY)
        return DayRead(
            revision=stored.revision(uow, center_id, day),
            chairs=stored.chairs(uow, center_id),
            outages=stored.outages(uow, center_id, begins, ends),
            visits=visits,
            requirements=stored.open_requirements(uow, plans, day),
            untreated=frozenset(board_visits.untreated(uow, [row.id for row in visits])),
            waiting=waiting,
            more_waiting=more,
        )


def span_of(day: date, zone: ZoneInfo) -> tuple[Instant, Instant]:
    """Return the instants at which a calendar day of a center begins and ends."""
    begins = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    return begins, ends
