"""The opening hours of a week from a day on: reading them, and setting them anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import WEEKDAYS, DayHours, WeekHours
from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, clock_changes, local_day, minute_of
from scheduler.persistence import center_setup, organizations
from scheduler.persistence.models import CenterHours
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import calendars
from scheduler.services.center_effects import DayEffect, counted_anew

LOOKS_AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayHours:
    """Wall times of one weekday; without ``opens`` and ``closes`` it is closed."""

    opens: time | None = None
    closes: time | None = None
    doors: time | None = None
    mixing_from: time | None = None
    mixing_until: time | None = None
    last_drug_end: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHours:
    """The hours of a week, Monday first, that hold from a day on."""

    center_id: CenterId
    effective_from: date
    days: tuple[WeekdayHours, ...]


def weeks_of(uow: UnitOfWork, center_id: CenterId) -> tuple[WeekHours, ...]:
    """Return every set of hours of a center, oldest first."""
    with uow:
        return calendars.week_hours(uow, center_id)


def set_hours(
    uow: UnitOfWork, request: SetHours, *, now: Instant, actor: Actor
) -> tuple[DayEffect, ...]:
    """Set the hours that hold from a day on; booked visits stay, and who is affected is named.

    Raises:
        InvalidError: hours that end before they begin, lie outside one another, cross midnight or a
            change of the clocks, a day that has passed, or a week without an open day.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        zone = ZoneInfo(organizations.center(uow, request.center_id).zone)
        require_coming(request.effective_from, local_day(now, zone))
        for weekday, day in enumerate(request.days):
            _check(weekday, day)
        if not any(day.opens for day in request.days):
            raise InvalidError(
                "The center has to be open on at least one weekday; a closure closes single days.",
                field="opens_0",
            )
        _require_steady_clock(request, zone)
        center_setup.drop_hours(uow, request.center_id, request.effective_from)
        uow.add(*(_row(request, weekday, day) for weekday, day in enumerate(request.days)))
        effects = counted_anew(uow, request.center_id, request.effective_from, now=now)
        after = f"from {request.effective_from}: " + ", ".join(map(_words, request.days))
        uow.audit(actor, "set hours", "center", request.center_id, at=now, after=after)
        uow.commit()
        return effects


def require_coming(since: date, today: date) -> None:
    """Refuse settings that would hold from a day that has passed.

    Raises:
        InvalidError: it has.
    """
    if since < today:
        raise InvalidError(
            "Settings hold from today or a later day; what is past stays as it was.",
            field="effective_from",
        )


def _check(weekday: int, day: WeekdayHours) -> None:
    """Refuse hours that no day can have, at the weekday's field."""
    name, field = WEEKDAYS[weekday], f"opens_{weekday}"
    if day.opens is None and day.closes is None:
        if any((day.doors, day.mixing_from, day.mixing_until, day.last_drug_end)):
            raise InvalidError(f"{name}: enter when it opens and closes, or clear it.", field=field)
        return
    if day.opens is None or day.closes is None:
        raise InvalidError(f"{name}: enter both when it opens and when it closes.", field=field)
    try:
        DayHours(
            opens=day.opens,
            closes=day.closes,
            doors=day.doors,
            mixing_from=day.mixing_from,
            mixing_until=day.mixing_until,
            last_drug_end=day.last_drug_end,
        )
    except InvalidError as wrong:
        raise InvalidError(f"{name}: {wrong}", field=field) from None
    _require_inside(name, field, day.opens, day.closes, day)


def _require_inside(name: str, field: str, opens: time, closes: time, day: WeekdayHours) -> None:
    if day.doors and not opens <= day.doors < closes:
        raise InvalidError(f"{name}: the doors open between opening and closing.", field=field)
    if day.last_drug_end and not opens < day.last_drug_end <= closes:
        raise InvalidError(f"{name}: the last drug ends after opening, by closing.", field=field)


def _require_steady_clock(request: SetHours, zone: ZoneInfo) -> None:
    week = {
        number: (day.opens, day.closes)
        for number, day in enumerate(request.days)
        if day.opens and day.closes
    }
    require_steady_clock(week, zone, request.effective_from)


def require_steady_clock(
    week: Mapping[int, tuple[time, time]], zone: ZoneInfo, first: date
) -> None:
    """Refuse hours during which the clocks change: an hour would be missing, or come twice.

    Args:
        week: Opening and closing by weekday; 0 is Monday.
        zone: The center's.
        first: The day from which they hold.

    Raises:
        InvalidError: names the weekday, the day and the time of the change.
    """
    for day, minute in clock_changes(zone, first, first + LOOKS_AHEAD):
        if day.weekday() in week and _spans(*week[day.weekday()], minute):
            at = f"{minute // 60:02d}:{minute % 60:02d}"
            raise InvalidError(
                f"{WEEKDAYS[day.weekday()]}: the clocks change on {day:%B} {day.day}, {day.year} at {at},"
                " inside these hours. Open after it.",
                field=f"opens_{day.weekday()}",
            )


def _spans(opens: time, closes: time, minute: int) -> bool:
    return minute_of(opens) <= minute < minute_of(closes)


def _row(request: SetHours, weekday: int, day: WeekdayHours) -> CenterHours:
    return CenterHours(
        center_id=request.center_id,
        effective_from=request.effective_from,
        weekday=weekday,
        opens=day.opens,
        closes=day.closes,
        doors_open=day.doors,
        mixing_from=day.mixing_from,
        mixing_until=day.mixing_until,
        last_drug_end=day.last_drug_end,
    )


def _words(day: WeekdayHours) -> str:
    return f"{day.opens:%-H:%M}-{day.closes:%-H:%M}" if day.opens and day.closes else "closed"
