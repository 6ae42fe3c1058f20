"""Times to offer for a dose: ranked by closeness to the wish and by what they do to the day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from scheduler.domain.assignment import Seating
from scheduler.domain.capacity import DayLimits, DayLoad, Refusal
from scheduler.domain.visits import VisitProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """An open day as offers see it.

    Args:
        day: The day.
        limits: What it allows.
        load: What is used. For a move within the day, without the visit that moves.
        seating: Chairs and stays, when the day needs exact assignment (pins, arrived patients,
            chairs out of service); None when counts are enough.
    """

    day: date
    limits: DayLimits
    load: DayLoad
    seating: Seating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a step away from the ideal costs; one unit is one more patient at the window's peak.

    Args:
        peak: Per patient-equivalent of nurse load in the busiest slot of the stay.
        mean: Per patient-equivalent of its mean.
        slot: Per slot between the start and the nearest wished time.
        day: Per day between the day and the due day.
        weekday: For a weekday that was not wished.
    """

    peak: float = 1.0
    mean: float = 0.3
    slot: float = 0.4
    day: float = 1.0
    weekday: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a dose and its patient ask for.

    Args:
        earliest: First day of the window.
        latest: Last day of the window.
        due: The due day; None when any day of the window is as good.
        not_before: Hard: no day before it is ever offered.
        weekdays: Wished weekdays, Monday is 0; empty when any.
        times: Wished start times on the center's clock; empty when any.
        not_earlier: The patient cannot come earlier in the day.
        not_later: The patient cannot start later in the day.
    """

    earliest: date
    latest: date
    due: date | None = None
    not_before: date | None = None
    weekdays: frozenset[int] = frozenset()
    times: tuple[time, ...] = ()
    not_earlier: time | None = None
    not_later: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A start that the day can hold.

    Args:
        day: The day.
        slot: The slot of its grid.
        starts: The start on the center's clock.
        ends: When the patient can go home, on the center's clock.
        score: Lower is better.
        reasons: One short English phrase each ("on the due day").
    """

    day: date
    slot: int
    starts: time
    ends: time
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOffer:
    """Consecutive days that are booked as one."""

    visits: tuple[Offer, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDose:
    """One dose of a series to be placed.

    Args:
        key: Anything that names the dose.
        wish: Its window and wishes.
        visits: Its profile; several for a course of consecutive days.
        days_after_previous: Hard: at least so many days after the day of the dose before it.
    """

    key: object
    wish: Wish
    visits: tuple[VisitProfile, ...]
    days_after_previous: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlace:
    """Where a dose of a series goes, or why it cannot.

    Args:
        key: The dose.
        visits: One offer per day of the dose; empty when refused.
        refusal: Why not, when refused.
    """

    key: object
    visits: tuple[Offer, ...] = ()
    refusal: Refusal | None = field(default=None)


def rank(
    days: Sequence[DayState],
    wish: Wish,
    profile: VisitProfile,
    *,
    limit: int = 5,
    weights: Weights | None = None,
) -> tuple[Offer, ...]:
    """Return the best starts, best first: an hour apart on a day, several days shown."""
    raise NotImplementedError


def rank_course(
    days: Sequence[DayState],
    wish: Wish,
    visits: Sequence[VisitProfile],
    *,
    limit: int = 5,
    weights: Weights | None = None,
) -> tuple[CourseOffer, ...]:
    """Return the best runs of consecutive days that hold all visits, same start where possible."""
    raise NotImplementedError


def why_not(day: DayState, profile: VisitProfile, slot: int) -> Refusal | None:
    """Return why the visit cannot start in the slot, or None when it can."""
    raise NotImplementedError


def nearest(
    days: Sequence[DayState], profile: VisitProfile, *, wished: date, at: time, limit: int = 3
) -> tuple[Offer, ...]:
    """Return the free starts nearest to a wish that was just taken, nearest first."""
    raise NotImplementedError


def place_series(
    doses: Sequence[SeriesDose], days: Sequence[DayState], *, weights: Weights | None = None
) -> tuple[SeriesPlace, ...]:
    """Return a place or a refusal for each dose, each placed on top of those before it."""
    raise NotImplementedError
