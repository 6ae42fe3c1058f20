"""Centers, days and visits for tests of capacity."""

from datetime import date, time, timedelta

from scheduler.domain.assignment import Seating
from scheduler.domain.capacity import DayLimits, DayLoad, DaySetup, limits_of
from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.grid import Layout, grid_of
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseRule, NurseShift, hands_on_rule
from scheduler.domain.wishes import DayState

LAYOUT = Layout(competencies=("port",))
MONDAY = date(2026, 3, 2)
ALL_DAY = Span(begins=0, ends=24 * 60)


def make_hours(opens: str = "07:30", closes: str = "17:30") -> DayHours:
    """Return opening hours without mixing hours."""
    return DayHours(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def make_chairs(count: int = 8) -> tuple[ChairFacts, ...]:
    """Return interchangeable chairs with keys 1, 2, 3 ..."""
    return tuple(ChairFacts(key=key) for key in range(1, count + 1))


def make_nurses(count: int = 4, **facts: Span | int | frozenset[str]) -> tuple[NurseShift, ...]:
    """Return nurses who are there all day."""
    return tuple(
        NurseShift(
            shift=ALL_DAY,
            lunch=lunch if isinstance(lunch := facts.get("lunch"), Span) else None,
            competencies=able if isinstance(able := facts.get("able"), frozenset) else frozenset(),
            watches=watches if isinstance(watches := facts.get("watches"), int) else None,
        )
        for _ in range(count)
    )


def make_setup(
    *,
    hours: DayHours | None = None,
    chairs: tuple[ChairFacts, ...] | None = None,
    nurses: tuple[NurseShift, ...] | None = None,
    rule: NurseRule | None = None,
    iv_starts_per_slot: int | None = None,
    mixing_places: int | None = None,
) -> DaySetup:
    """Return a day of 8 chairs and 4 nurses of whom each watches 4 patients, hands on."""
    return DaySetup(
        hours=hours or make_hours(),
        chairs=make_chairs() if chairs is None else chairs,
        nurses=make_nurses() if nurses is None else nurses,
        rule=rule or hands_on_rule(4),
        iv_starts_per_slot=iv_starts_per_slot,
        mixing_places=mixing_places,
    )


def make_limits(
    setup: DaySetup | None = None, *, slot_minutes: int = 15, layout: Layout = LAYOUT
) -> DayLimits:
    """Return what a day allows."""
    setup = setup or make_setup()
    return limits_of(setup, grid_of(setup.hours, slot_minutes), layout)


def make_load(limits: DayLimits) -> DayLoad:
    """Return a day without visits."""
    return DayLoad.empty(limits.layout, limits.grid)


def make_day(
    day: date = MONDAY,
    *,
    limits: DayLimits | None = None,
    load: DayLoad | None = None,
    seating: Seating | None = None,
) -> DayState:
    """Return an empty open day."""
    limits = limits or make_limits()
    return DayState(day=day, limits=limits, load=load or make_load(limits), seating=seating)


def make_days(count: int, first: date = MONDAY) -> list[DayState]:
    """Return the next ``count`` weekdays, all empty."""
    days = (first + timedelta(days=n) for n in range(count * 2))
    return [make_day(day) for day in days if day.weekday() < 5][:count]
