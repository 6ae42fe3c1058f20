"""Reading one clinic day for the board: everything it shows, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scheduler.domain.curve import CurvePoint
from scheduler.domain.errors import NotFoundError
from scheduler.domain.grid import CHAIRS, Layout
from scheduler.domain.hours import Closed, Closure, DayHours, WeekHours, hours_of
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.requirements import Kind, Readiness
from scheduler.domain.timing import Instant, days_between, local_day, minute_of
from scheduler.persistence import board as stored
from scheduler.persistence import board_panel, board_visits
from scheduler.persistence import plans as plan_rows
from scheduler.persistence.board import ChairRow, OpenRequirement, OutageRow, StoredDay, WaitingRow
from scheduler.persistence.board_panel import PanelRead, PanelRequirement
from scheduler.persistence.board_visits import VisitRow
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import calendars
from scheduler.services.days import day_curve
from scheduler.services.readiness import readiness_of

TRAY = 4
BACK = timedelta(days=7)
STRIP = timedelta(days=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class StripRead:
    """A nearby day: share of chair time booked (1.0 is full), or why it is closed."""

    day: date
    filled: float = 0.0
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """What is stored about a day, before anything is drawn."""

    hours: DayHours | Closed
    curve: tuple[CurvePoint, ...] = ()
    days: tuple[StripRead, ...]
    note: str
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
    first = day - timedelta(days=day.weekday() + BACK.days)
    last = first + STRIP
    with uow:
        visits = board_visits.visits(uow, center_id, begins, ends)
        waiting, more = stored.waiting(uow, center_id, limit=TRAY)
        weeks = calendars.week_hours(uow, center_id)
        shut = calendars.closures(uow, center_id, first, last)
        days = stored.days(uow, center_id, first, last)
        chairs = stored.chairs(uow, center_id)
        return DayRead(
            hours=hours_of(day, weeks, shut),
            days=_strip(days_between(first, last), weeks, shut, days, len(chairs)),
            note=days[day].note if day in days else "",
            revision=days[day].revision if day in days else 0,
            chairs=chairs,
            outages=stored.outages(uow, center_id, begins, ends),
            visits=visits,
            requirements=_missing(uow, visits),
            untreated=frozenset(board_visits.untreated(uow, [row.id for row in visits])),
            waiting=waiting,
            more_waiting=more,
            curve=day_curve(uow, center_id, day) if weeks else (),
        )


def _missing(uow: UnitOfWork, visits: Sequence[VisitRow]) -> tuple[OpenRequirement, ...]:
    """Return what the doses of visits miss, as the one rule of readiness says it."""
    plans = {row.dose_id: row.plan_id for row in visits if row.dose_id and row.plan_id}
    ready = readiness_of(uow, plans) if plans else {}
    found = [
        OpenRequirement(plan_id=plans[dose_id], dose_id=dose_id, code=need.code, status=need.status)
        for dose_id, each in ready.items()
        for need in each.missing
    ]
    return tuple(sorted(found, key=lambda one: one.plan_id))


def day_of(
    uow: UnitOfWork, center_id: CenterId, appointment_id: AppointmentId, zone: ZoneInfo
) -> date:
    """Return the center's day of a visit.

    Raises:
        NotFoundError: it is not one of this center.
    """
    with uow:
        starts_at = stored.starts_at(uow, center_id, appointment_id)
    if starts_at is None:
        raise NotFoundError("visit")
    return local_day(starts_at, zone)


def read_panel(
    uow: UnitOfWork, center_id: CenterId, appointment_id: AppointmentId
) -> PanelRead | None:
    """Return what the side panel says of a visit; None when it is not one of this center."""
    with uow:
        found = board_panel.panel(uow, center_id, appointment_id)
        if found is None:
            return None
        items = plan_rows.items_of(uow, [appointment_id]).get(appointment_id, [])
        ready = readiness_of(uow, [item.dose_id for item in items if item.dose_id])
        return replace(found, requirements=_checks(found, ready.values()))


def _checks(found: PanelRead, ready: Iterable[Readiness]) -> tuple[PanelRequirement, ...]:
    """Return what the visit's doses need, as it stands on the day, with what is recorded of it."""
    recorded = {one.code: one for one in found.requirements}
    checks = []
    for need in (need for each in ready for need in each.needs):
        kind = "at_chair" if need.kind is Kind.AT_CHAIR else "before_day"
        known = recorded.get(need.code)
        checks.append(
            PanelRequirement(
                code=need.code,
                kind=kind,
                status=need.status,
                result_on=known.result_on if known else None,
                valid_until=known.valid_until if known else None,
            )
        )
    return tuple(sorted(checks, key=lambda one: one.kind == "at_chair"))


def _strip(
    days: Sequence[date],
    weeks: Sequence[WeekHours],
    shut: Sequence[Closure],
    known: Mapping[date, StoredDay],
    chairs: int,
) -> tuple[StripRead, ...]:
    """Return open days and closed ones that would have been open; never a weekend that always is closed."""
    strip = []
    for day in days:
        hours = hours_of(day, weeks, shut)
        if isinstance(hours, DayHours):
            strip.append(StripRead(day=day, filled=filled(known.get(day), hours, chairs)))
        elif isinstance(hours_of(day, weeks), DayHours):
            strip.append(StripRead(day=day, closed=hours.reason))
    return tuple(strip)


def filled(day: StoredDay | None, hours: DayHours, chairs: int) -> float:
    """Return which share of the day's chair time is booked, turnover included."""
    if day is None or not day.occupancy or not chairs:
        return 0.0
    measures = len(Layout.from_text(day.layout).measures)
    counts = np.frombuffer(day.occupancy, dtype="<i2").reshape(measures, -1)
    minutes = minute_of(hours.closes) - minute_of(hours.opens)
    used = int(counts[Layout.from_text(day.layout).row(CHAIRS)].sum()) * day.slot_minutes
    return used / (minutes * chairs)


def span_of(day: date, zone: ZoneInfo) -> tuple[Instant, Instant]:
    """Return the instants at which a calendar day of a center begins and ends."""
    begins = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    return begins, ends
