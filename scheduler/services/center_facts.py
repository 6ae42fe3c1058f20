"""What a center has on each of its days: hours, chairs, nurses and limits, read once a transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.competencies import codes_in
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.hours import Closed, Closure, DayHours, WeekHours, hours_of
from scheduler.domain.ids import CenterId, ChairId
from scheduler.domain.nursing import NurseRule, hands_on_rule, simple_rule, with_care
from scheduler.domain.timing import MINUTES_OF_A_DAY, Instant, local, minute_of
from scheduler.persistence import center_setup, models, organizations, settings_marks
from scheduler.persistence import centers as stored
from scheduler.persistence.models import Center, CenterLimits, ChairOutage, NurseAbsence
from scheduler.persistence.models.organization import CARE
from scheduler.persistence.settings_marks import detached
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import calendars
from scheduler.services.nurses_on_duty import Able, competencies_of, last_days, nurses_on

HANDS_ON = "H"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CenterFacts:
    """The settings of a center, all days of them.

    Args:
        mark: What the settings were read under; with other settings the center has another.
        asked: Competencies that some day asks of nurses.
        able: Competencies that the center asks for, by nurse, with their last day.
        exceptions: What makes days unlike others of their weekday: first and last day, and what it is.
        plain_after: From the day after this one on, days differ by weekday and by what is named for
            the day alone.
        frames: What days allow, as they are asked for; kept by ``day_frames``.
    """

    id: CenterId
    mark: int
    zone: ZoneInfo
    slot_minutes: int
    weeks: tuple[WeekHours, ...]
    closures: tuple[Closure, ...]
    limits: tuple[CenterLimits, ...]
    chairs: tuple[ChairFacts, ...]
    names: dict[int, str]
    key_of: dict[ChairId, int]
    outages: tuple[ChairOutage, ...]
    shifts: tuple[models.NurseShift, ...]
    absences: tuple[NurseAbsence, ...]
    able: Able
    asked: frozenset[str]
    exceptions: tuple[tuple[date, date, object], ...]
    plain_after: date
    frames: dict[object, Any] = field(default_factory=dict)

    def hours(self, day: date) -> DayHours | Closed:
        """Return when the center is open on a day, closures counted."""
        return hours_of(day, self.weeks, self.closures)

    def regular_hours(self, day: date) -> DayHours | Closed:
        """Return when the center would be open on a day without closures."""
        return hours_of(day, self.weeks)

    def special(self, day: date) -> tuple[object, ...]:
        """Return what makes a day unlike other days of its weekday; empty when nothing does."""
        return tuple(what for first, last, what in self.exceptions if first <= day <= last)


_known: dict[CenterId, CenterFacts] = {}


def facts_of(uow: UnitOfWork, center_id: CenterId) -> CenterFacts:
    """Return a center's settings, read again only when they have changed."""
    key = ("center facts", center_id)
    if key not in uow.memo:
        center = organizations.center(uow, center_id)
        uow.memo[key] = center, _facts(uow, center)  # who holds the row need not read it again
    found: CenterFacts = uow.memo[key][1]
    return found


def _facts(uow: UnitOfWork, center: Center) -> CenterFacts:
    if settings_marks.are_changing(uow, center.id):
        return _read(uow, center)
    known = _known.get(center.id)
    if known is None or known.mark != center.settings_mark:
        known = _known[center.id] = _read(uow, center)
    return known


def forget(uow: UnitOfWork, center_id: CenterId) -> None:
    """Read the settings anew: closures, shifts, chairs or limits have changed in this transaction."""
    for key in [key for key in uow.memo if isinstance(key, tuple) and center_id in key]:
        del uow.memo[key]


def _read(uow: UnitOfWork, center: Center) -> CenterFacts:
    center_id = center.id
    all_chairs = center_setup.all_chairs(uow, center_id)  # what was given up keeps its name
    chairs = [row for row in all_chairs if row.active]
    limits = tuple(detached(row) for row in stored.limits_of(uow, center_id))
    shifts = tuple(detached(row) for row in stored.shifts_of(uow, center_id))
    weeks = calendars.week_hours(uow, center_id)
    closures = calendars.closures(uow, center_id, date.min, date.max)
    outages = tuple(detached(row) for row in stored.outages_of(uow, center_id))
    absences = tuple(detached(row) for row in stored.absences_of(uow, center_id))
    zone, able = ZoneInfo(center.zone), competencies_of(uow, limits, shifts)
    return CenterFacts(
        id=center_id,
        mark=center.settings_mark,
        zone=zone,
        slot_minutes=center.slot_minutes,
        weeks=weeks,
        closures=closures,
        limits=limits,
        chairs=tuple(_chair(row) for row in chairs),
        names={row.key: row.name for row in all_chairs},
        key_of={row.id: row.key for row in all_chairs},
        outages=outages,
        shifts=shifts,
        absences=absences,
        able=able,
        asked=_asked(limits),
        exceptions=tuple(_exceptions(closures, outages, (*shifts, *absences), zone)),
        plain_after=max([*_changes(weeks, limits, shifts), *last_days(able)], default=date.min),
    )


def _asked(limits: Iterable[CenterLimits]) -> frozenset[str]:
    return frozenset(code for row in limits for code in codes_in(row.required_competencies))


def _exceptions(
    closures: Iterable[Closure],
    outages: Iterable[ChairOutage],
    staff_days: Iterable[models.NurseShift | NurseAbsence],
    zone: ZoneInfo,
) -> Iterator[tuple[date, date, object]]:
    for closure in closures:
        yield closure.first_day, closure.last_day, closure
    for row in outages:
        yield local(row.starts_at, zone).date(), local(row.ends_at, zone).date(), row.id
    for each in staff_days:
        if each.day is not None:
            yield each.day, each.day, each.id


def _changes(
    weeks: Iterable[WeekHours],
    limits: Iterable[CenterLimits],
    shifts: Iterable[models.NurseShift],
) -> list[date]:
    ends = [row.effective_until for row in shifts if row.effective_until]
    begins = [week.effective_from for week in weeks]
    begins += [row.effective_from for row in limits]
    return [*begins, *ends, *(row.effective_from for row in shifts if row.day is None)]


def _chair(row: models.Chair) -> ChairFacts:
    return ChairFacts(
        key=row.key,
        kind=row.kind,
        near_nurses=row.near_nurses,
        lift=row.lift,
        isolation=row.isolation,
    )


def setup_on(facts: CenterFacts, day: date, hours: DayHours) -> DaySetup:
    """Return what the center has on a day with these hours."""
    limits = limits_on(facts, day)
    return DaySetup(
        hours=hours,
        chairs=tuple(_on_day(chair, facts, day) for chair in facts.chairs),
        nurses=nurses_on(facts.shifts, facts.absences, facts.able, day),
        rule=rule_on(facts, day),
        iv_starts_per_slot=limits.starts_per_slot if limits else None,
        starts_per_nurse=limits.starts_per_nurse if limits else 1,
        mixing_places=limits.mixing_per_slot if limits else None,
    )


def rule_on(facts: CenterFacts, day: date) -> NurseRule:
    """Return how many patients a nurse may watch on a day and what starts take of her."""
    limits = limits_on(facts, day)
    if limits is None:
        return simple_rule(3)
    hands_on = limits.nurse_rule == HANDS_ON
    rule = (hands_on_rule if hands_on else simple_rule)(limits.patients_per_nurse)
    said = {name.removeprefix("care_"): getattr(limits, name) for name in CARE}
    return with_care(rule, {step: many for step, many in said.items() if many})


def required_on(facts: CenterFacts, day: date) -> tuple[str, ...]:
    """Return the competencies that visits of a day ask for, in the order of its measures."""
    limits = limits_on(facts, day)
    return codes_in(limits.required_competencies) if limits else ()


def limits_on(facts: CenterFacts, day: date) -> CenterLimits | None:
    """Return the limits in force on a day, None before the first were set."""
    in_force = [row for row in facts.limits if row.effective_from <= day]
    return in_force[-1] if in_force else None


def _on_day(chair: ChairFacts, facts: CenterFacts, day: date) -> ChairFacts:
    spans = tuple(
        span
        for row in facts.outages
        if facts.key_of.get(row.chair_id) == chair.key
        and (span := span_on(day, row.starts_at, row.ends_at, facts.zone)) is not None
    )
    if not spans:
        return chair
    return ChairFacts(
        key=chair.key,
        kind=chair.kind,
        near_nurses=chair.near_nurses,
        lift=chair.lift,
        isolation=chair.isolation,
        out_of_service=spans,
    )


def span_on(day: date, begins: Instant, ends: Instant, zone: ZoneInfo) -> Span | None:
    """Return the part of a span that lies on a day, in minutes of the center's clock."""
    first, last = _minute_on(day, local(begins, zone)), _minute_on(day, local(ends, zone))
    return Span(begins=first, ends=last) if first < last else None


def _minute_on(day: date, at: datetime) -> int:
    if at.date() < day:
        return 0
    return MINUTES_OF_A_DAY if at.date() > day else minute_of(at.time())
