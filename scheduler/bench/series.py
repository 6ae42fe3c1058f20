"""Series of visits over many days: the busiest day's chair-slots, divided by the proven lowest.

Each visit may be so many days off its ideal day. Series are booked one after the other, in random order, nobody is
moved afterwards, by the function that places a real series. Different things may be known:

* ``online``: every order is entered when the first series is booked, as where a center's plans wait for their
  bookings: what waits is spread over its windows, as it is for a real booking.
* ``unannounced``: nothing of those who come later; each visit goes to the least full day of its window.
* ``replan``: everything at once: planned days spread by the look-ahead, nothing booked yet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import gcd
from random import Random
from statistics import mean

from scheduler.bench.instances import bench_visit, day_limits
from scheduler.bench.series_draws import SeriesDraw, Visit, day_of
from scheduler.domain.capacity import place
from scheduler.domain.crowding import Expected, Window, crowding, day_time
from scheduler.domain.day_limits import DayLoad
from scheduler.domain.look_ahead import FULL, DayRoom, WaitingDose, look_ahead
from scheduler.domain.series_places import SeriesDose, place_series
from scheduler.domain.weights import Weights
from scheduler.domain.wishes import DayState, Wish

SLOT = 15
CHAIRS, NURSES, PATIENTS, OPEN = 30, 8, 4, 600
"""More than any of these days needs: only how full they get is asked."""

READ_EVERY = 10
"""Bookings between two readings of what waits: a center reads it once an hour."""

SEARCHES = (60_000, 150_000, 300_000, 600_000, 900_000)
LEVEL_DAYS = Weights(peak=0.0, mean=0.0, day=0.001)
"""Only how full a day is counts; of days as full the one nearest to the ideal day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMeasured:
    """The busiest day divided by the optimum; ``seed`` is 0 for the mean of all."""

    seed: int
    orders: int
    optimum: float
    online_ratio: float
    unannounced_ratio: float
    replan_ratio: float


def measure_series(draws: Sequence[SeriesDraw], orders: int) -> Iterator[SeriesMeasured]:
    """Measure each draw, then the mean of all."""
    found = []
    for draw in draws:
        each = _one(draw, orders)
        found.append(each)
        yield each
    names = ("optimum", "online_ratio", "unannounced_ratio", "replan_ratio")
    means = {name: round(mean(getattr(each, name) for each in found), 4) for name in names}
    yield SeriesMeasured(seed=0, orders=orders, **means)


def _one(draw: SeriesDraw, orders: int) -> SeriesMeasured:
    def ratio(knows: type["Announced"]) -> float:
        peaks = (_busiest(draw, order, knows) for order in range(1, orders + 1))
        return round(mean(peaks) / draw.optimum, 4)

    return SeriesMeasured(
        seed=draw.seed,
        orders=orders,
        optimum=draw.optimum,
        online_ratio=ratio(Announced),
        unannounced_ratio=ratio(Unannounced),
        replan_ratio=round(_replanned(draw) / draw.optimum, 4),
    )


class Announced:
    """All orders are entered: what waits for its booking is known."""

    def __init__(self, draw: SeriesDraw) -> None:
        """Start with nothing booked."""
        self.waits = _minutes(visit for one in draw.series for visit in one)
        self.expected, self.minutes = Expected((), {}), dict[date, float]()

    def asked(self, series: Sequence[Visit]) -> None:
        """Take note of a series that comes to be booked: it does not wait any more."""
        own = _minutes(series)
        self.waits.subtract(own)
        for window, minutes in own.items():
            for day, part in self.expected.of(window, minutes).items():
                self.minutes[day] -= part

    def read(self, states: Sequence[DayState]) -> None:
        """Read what waits."""
        self.expected = Expected([day_time(state) for state in states], self.waits)
        self.minutes = self.expected.minutes()


class Unannounced(Announced):
    """Nothing is known of those who come later."""

    def __init__(self, draw: SeriesDraw) -> None:
        """Start with nothing known."""
        super().__init__(replace(draw, series=()))

    def asked(self, series: Sequence[Visit]) -> None:
        """Take note of nothing."""


def _minutes(visits: Iterable[Visit]) -> Counter[Window]:
    found = Counter[Window]()
    for visit in visits:
        found[visit.window] += visit.slots * SLOT
    return found


def _busiest(draw: SeriesDraw, order: int, knows: type[Announced]) -> int:
    """Book every series and return the chair-slots of the busiest day."""
    limits = day_limits("S", NURSES, CHAIRS, PATIENTS, OPEN)
    empty = DayLoad.empty(limits.layout, limits.grid)
    days = {
        day: DayState(day=day, limits=limits, load=empty) for day in map(day_of, range(draw.days))
    }
    known, arrivals = knows(draw), list(draw.series)
    Random(1000 * order + draw.seed).shuffle(arrivals)  # noqa: S311 - a benchmark
    for number, series in enumerate(arrivals):
        if number % READ_EVERY == 0:
            known.read(list(days.values()))
        known.asked(series)
        _book(days, series, known.minutes)
    return round(max(day_time(state).booked for state in days.values()) / SLOT)


def _book(
    days: dict[date, DayState], series: Sequence[Visit], expected: Mapping[date, float]
) -> None:
    full = {day: crowding(state, expected.get(day, 0.0), full=0) for day, state in days.items()}
    doses = [_dose(number, visit) for number, visit in enumerate(series)]
    places = place_series(doses, list(days.values()), weights=LEVEL_DAYS, crowding=full)
    for visit, found in zip(series, places, strict=True):
        (offer,) = found.visits
        state = days[offer.day]
        load = place(state.load, state.limits, bench_visit(visit.slots), offer.slot)
        days[offer.day] = replace(state, load=load)


def _dose(key: int, visit: Visit) -> SeriesDose:
    first, last = visit.window
    wish = Wish(earliest=first, latest=last, due=day_of(visit.ideal))
    return SeriesDose(key=key, wish=wish, visits=(bench_visit(visit.slots),))


def _replanned(draw: SeriesDraw) -> int:
    """Return the busiest day under the lowest room that the look-ahead keeps."""
    doses = [
        _waiting(key, visit) for key, visit in enumerate(v for one in draw.series for v in one)
    ]
    step = gcd(*(visit.slots for one in draw.series for visit in one))
    room = draw.optimum
    while True:
        for steps in SEARCHES:
            busiest = _spread(draw.days, room, doses, steps)
            if busiest <= room:
                return busiest
        room += step


def _waiting(key: int, visit: Visit) -> WaitingDose:
    first, last = visit.window
    return WaitingDose(
        key=key,
        planned=day_of(visit.ideal),
        first=first,
        last=last,
        takes=(float(visit.slots), 0.0, 0.0),
    )


def _spread(days: int, room: int, doses: Sequence[WaitingDose], steps: int) -> int:
    allows, nothing = (room / FULL, 0.0, 0.0), (0.0, 0.0, 0.0)
    rooms = [DayRoom(day=day_of(n), allows=allows, booked=nothing) for n in range(days)]
    moves = look_ahead(rooms, doses, steps=steps).moves
    loads = Counter[date]()
    for dose in doses:
        loads[moves.get(dose.key, dose.planned)] += round(dose.takes[0])
    return max(loads.values())
