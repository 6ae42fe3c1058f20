"""The frame of a clinic day: its slots, what it counts and allows, and how stored counts become it."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache

from scheduler.domain.capacity import DayLimits, DayLoad, limits_of, load_of
from scheduler.domain.chairs import ChairFacts
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.errors import InvalidError
from scheduler.domain.grid import Grid, Layout, grid_of
from scheduler.domain.hours import Closed, DayHours
from scheduler.domain.nursing import NURSE, NurseRule
from scheduler.domain.timing import local_time, minute_of, time_of
from scheduler.domain.visits import VisitProfile
from scheduler.persistence.days import StoredDay, StoredStay
from scheduler.persistence.models import ClinicDay
from scheduler.services import footprints
from scheduler.services.center_facts import CenterFacts, required_on, setup_on

FRAMES = 2000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """What a day allows; ``closed`` says why nothing may begin on it, and is empty on an open day."""

    limits: DayLimits
    chairs: tuple[ChairFacts, ...]
    closed: str
    layout_text: str


def layout_text(layout: Layout, rule: NurseRule) -> str:
    """Return what a stored day is counted by: its measures, and the nurse rule behind their numbers."""
    said = f"{layout.to_text()},rule:{rule.patients_per_nurse}.{rule.work.iv_start}"
    work = astuple(rule.work)
    others = {work[0], *work[2:]}
    plain = others == {NURSE // rule.patients_per_nurse}
    return said if plain else ".".join(map(str, (said, *work)))


def stored_grid(row: StoredDay | ClinicDay | None) -> Grid | None:
    """Return the slots of a stored matrix; None when nothing is counted yet."""
    if row is None or not row.occupancy:
        return None
    return _grid(row.layout, len(row.occupancy), row.first_slot, row.slot_minutes)


@lru_cache(maxsize=FRAMES)
def _grid(layout: str, stored: int, first: int, slot_minutes: int) -> Grid:
    """Return the slots of so many bytes; the same object for days alike, so that it is hashed once."""
    measures = len(Layout.from_text(layout).measures)
    return Grid(first=first, slot_minutes=slot_minutes, slots=stored // (2 * measures))


def frame_of(facts: CenterFacts, day: date, stored: Grid | None) -> Frame | None:
    """Return the frame of a day, None when it is closed and nothing was ever booked on it."""
    special = facts.special(day) if day > facts.plain_after else (day,)
    key = (special or day.weekday(), day if special else None, stored)
    if key not in facts.frames:
        if len(facts.frames) >= FRAMES:
            facts.frames.clear()
        facts.frames[key] = _frame(facts, day, stored)
    found: Frame | None = facts.frames[key]
    return found


def _frame(facts: CenterFacts, day: date, stored: Grid | None) -> Frame | None:
    hours, regular = facts.hours(day), facts.regular_hours(day)
    closed = hours.reason if isinstance(hours, Closed) else ""
    shown = _shown(hours, regular, stored)
    if shown is None:
        return None
    setup = setup_on(facts, day, shown)
    if closed:
        setup = DaySetup(hours=shown, chairs=(), nurses=(), rule=setup.rule)
    open_hours = regular if isinstance(regular, DayHours) else shown
    grid = _covering(grid_of(open_hours, facts.slot_minutes), stored)
    layout = Layout(competencies=required_on(facts, day))
    return Frame(
        limits=limits_of(setup, grid, layout),
        chairs=setup.chairs,
        closed=closed,
        layout_text=layout_text(layout, setup.rule),
    )


def _shown(
    hours: DayHours | Closed, regular: DayHours | Closed, stored: Grid | None
) -> DayHours | None:
    """Return the hours that a day's slots follow: of a closed day, those it would have had."""
    for each in (hours, regular):
        if isinstance(each, DayHours):
            return each
    return DayHours(opens=time_of(stored.first), closes=time_of(stored.end)) if stored else None


def _covering(grid: Grid, stored: Grid | None) -> Grid:
    if stored is None:
        return grid
    try:
        return grid.covering(stored)
    except InvalidError:  # the center's slots changed: a day already booked keeps its own
        return stored


def load_from(
    frame: Frame, row: StoredDay | ClinicDay | None, stays: Iterable[tuple[VisitProfile, int]]
) -> DayLoad:
    """Return what a day uses, in its present frame.

    Args:
        frame: The present frame.
        row: The day as stored.
        stays: Its visits with their slots; read only when it was counted otherwise.
    """
    grid, layout = frame.limits.grid, frame.limits.layout
    stored = stored_grid(row)
    if row is None or stored is None:
        return DayLoad.empty(layout, grid)
    if is_counted_otherwise(frame, row):
        return load_of(frame.limits, stays)
    return DayLoad.from_bytes(row.occupancy, layout, grid)


def is_counted_otherwise(frame: Frame, row: StoredDay | ClinicDay | None) -> bool:
    """Say whether a stored day was counted by other measures, another nurse rule, or in other slots.

    In longer hours a visit goes on counting: its chair is cleaned in slots that the day did not have.
    """
    stored = stored_grid(row)
    if row is None or stored is None:
        return False
    return row.layout != frame.layout_text or stored != frame.limits.grid


def counted(
    facts: CenterFacts, grid: Grid, stays: Iterable[StoredStay]
) -> list[tuple[VisitProfile, int]]:
    """Return the profile and slot of each visit, as a day counts them."""
    return [(profile_of(stay), slot_of(facts, grid, stay)) for stay in stays]


def profile_of(stay: StoredStay) -> VisitProfile:
    """Return a visit's profile as it was counted."""
    minutes = int((stay.ends_at - stay.starts_at).total_seconds() // 60)
    return footprints.read(stay.footprint, 0 if stay.footprint else minutes)


def slot_of(facts: CenterFacts, grid: Grid, stay: StoredStay) -> int:
    """Return the slot in which a visit begins; one off the grid counts from the slot it is in."""
    begins = minute_of(local_time(stay.starts_at, facts.zone))
    return min(max(0, (begins - grid.first) // grid.slot_minutes), grid.slots - 1)


def frame_on(facts: CenterFacts, row: StoredDay | ClinicDay | None, day: date) -> Frame | None:
    """Return the frame of a day that may be stored already."""
    return frame_of(facts, day, stored_grid(row))
