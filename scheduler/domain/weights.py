"""What a start costs its day and its patient: the weights of offers, by what they are made for."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a step away from the ideal costs; one unit is about one more patient at the window's peak.

    Args:
        peak: Per patient-equivalent of nurse load in the busiest slot of the stay, on an empty day.
        full_peak: The same on a full day, and in between as the day fills; None: as on an empty one.
        mean: Per patient-equivalent of the mean of the stay, on an empty day.
        full_mean: The same on a full day; None: as on an empty one.
        crowd: Per square of that peak, divided by the chairs of the day.
        squares: Per square of the load, mean over the stay, divided by the chairs of the day.
        longer: How much more these four count the longer the visit: by its stay in two hours, to this power.
        by_share: Count load as the share of what nurses can do, times the day's chairs.
        raises: For a new peak of patients in chairs of the whole day.
        before: For a gap of no, one, two ... quarter hours before the stay: chairs in use stay at or below
            its level for so long. Longer gaps cost nothing; less than nothing is a gain.
        after: The same for the gap after it.
        edge: For a stay that neither begins with the day nor ends with it.
        close: For a stay that ends with the day, or a quarter hour before: when it lasts longer, everybody goes home later.
        close_brief: How much more the first of them counts the shorter the visit: by two hours in its stay, to this power.
        starts: Per IV start that begins in the same slot already.
        later: Per quarter hour later in the day. Like ``raises``, ``before``, ``after``, ``edge`` and ``close`` nothing on
            an empty day, and in full from half full on.
        slot: Per quarter hour between the start and the nearest wished time.
        bend: Per square of those quarter hours.
        far: Quarter hours beyond which a start is as far as any other.
        near: Gained by a start within half an hour of a wished time.
        yields: Share of what the wished time counts that is lost on a full day, 0 to below 1.
        brief: How much more it counts the shorter the visit: by two hours in its stay, to this power.
        day: Per day between the day and the due day.
        weekday: For a weekday that was not wished.
    """

    peak: float = 1.0
    full_peak: float | None = None
    mean: float = 0.3
    full_mean: float | None = None
    crowd: float = 0.0
    squares: float = 0.0
    longer: float = 0.0
    by_share: bool = False
    raises: float = 0.0
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    edge: float = 0.0
    close: tuple[float, ...] = ()
    close_brief: float = 0.0
    starts: float = 0.0
    later: float = 0.0
    slot: float = 0.4
    bend: float = 0.0
    far: float = inf
    near: float = 0.0
    yields: float = 0.0
    brief: float = 0.0
    day: float = 1.0
    weekday: float = 4.0


LEVEL = Weights(
    peak=0.375,
    mean=0.445,
    crowd=0.41,
    raises=1.0,
    after=(-1.48,),
    edge=0.315,
    starts=0.15,
    later=-0.12,
    slot=0.35,
    bend=0.01,
)
"""When one time is taken as it is offered."""

EVEN = Weights(
    peak=0.28,
    mean=0.07,
    crowd=2.15,
    squares=0.95,
    raises=3.61,
    before=(-0.65, -1.88, -1.65, 1.34),
    after=(-5.77, -2.77, 0.0, 3.38),
    edge=-0.02,
    close=(1.31, -2.6),
    close_brief=0.76,
    later=-0.09,
)
"""The same when nobody wishes a time: what keeps the day level counts more beside what keeps it tight."""

CHOICE = Weights(
    peak=0.146,
    full_peak=1.4,
    mean=1.02,
    full_mean=0.0585,
    longer=0.43,
    by_share=True,
    raises=0.229,
    after=(-0.772,),
    edge=0.481,
    starts=0.11,
    later=0.158,
    slot=0.225,
    far=8,
    near=1.28,
    yields=0.82,
    brief=1.85,
)
"""When a patient chooses among several and takes the nearest: one within half an hour is worth much,
for no other offer can then be nearer; beyond, the day counts more than the way to the wish."""

NEAREST = Weights(peak=0.0, mean=0.0, slot=1.0, day=30.0, weekday=0.0)
