"""Looking for a time: over 90 days of 30 chairs in process, and over HTTP among many appointments."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from urllib.parse import urlencode

import numpy as np

from scheduler.bench.ballast import add_ballast
from scheduler.bench.client import Program
from scheduler.bench.instances import Requests, bench_visit, drawn_day
from scheduler.bench.online import book_online, level
from scheduler.bench.scene import add_plans, weekday_after
from scheduler.bench.speed import (
    APPOINTMENTS,
    OK,
    TIMES,
    Measured,
    both,
    fill_day,
    interleaved,
    require,
)
from scheduler.domain.capacity import DayLimits, DayLoad, free_slots_of_days, load_of
from scheduler.domain.ids import DoseId
from scheduler.domain.offers import rank
from scheduler.domain.wishes import DayState, Wish

DAYS, VISITS, OFFERS = 90, 90, 5
FIRST = date(2026, 3, 2)
MOST_MS = 1.0
FEW, MANY = 4, 24
"""Lengths of the visits that are looked for, in slots."""


def measure_search() -> Measured:
    """Measure the best five starts over 90 days beside finding every free one; ``most`` is in milliseconds."""
    instance = drawn_day(VISITS, seeds=10)
    limits = instance.limits("S", 8)
    loads = [_booked(requests, limits) for requests in instance.days]
    states = [
        DayState(day=FIRST + timedelta(days=n), limits=limits, load=loads[n % len(loads)])
        for n in range(DAYS)
    ]
    wish = Wish(earliest=FIRST, latest=states[-1].day, due=states[DAYS // 2].day, times=(time(10),))

    def ours(number: int) -> None:
        found = rank(states, wish, bench_visit(_length(number)), limit=OFFERS)
        require(len(found) == OFFERS, found)

    def floor(number: int) -> None:
        visit = bench_visit(_length(number))
        free = free_slots_of_days([s.load for s in states], [s.limits for s in states], visit)
        require(bool(np.concatenate(free).any()), number)

    found = interleaved("offers", "in process", ours, floor, 5 * TIMES)
    return replace(found, rows=DAYS * VISITS, most=MOST_MS, in_ms=True)


def _booked(requests: Requests, limits: DayLimits) -> DayLoad:
    booked = book_online(requests, 1, limits, level, offers=1, rule="S")
    return load_of(limits, [(bench_visit(requests.slots[i]), slot) for i, slot in booked.starts])


def _length(number: int) -> int:
    return FEW + number % (MANY - FEW)


def measure_offers(engine: str, *, appointments: int = APPOINTMENTS) -> Measured:
    """Measure the offers of a dose over HTTP beside reading the same days and the token."""
    with both(engine) as (_, scene, ours, floor):
        day = weekday_after(scene.now.date(), 20)
        ((_, doses),) = add_plans(scene, 1, day)
        fill_day(scene, ours, day)
        add_ballast(scene, appointments)
        with Program(ours, scene.token) as page, Program(floor, scene.token) as bare:
            found = _over_http(engine, page, bare, doses[0])
        return replace(found, rows=appointments)


def _over_http(engine: str, page: Program, bare: Program, dose: DoseId) -> Measured:
    first, last = _window(page, dose)
    query = urlencode({"first": first, "last": last})

    def look(_number: int) -> None:
        status, text = page.get(f"/api/v1/doses/{dose}/offers?limit={OFFERS}")
        require(status == OK and text.count(b'"starts_at"') >= OFFERS, status)

    def look_bare(_number: int) -> None:
        status, _ = bare.get(f"/offers?{query}")
        require(status == OK, status)

    return interleaved("offers", engine, look, look_bare, TIMES)


def _window(page: Program, dose: DoseId) -> tuple[str, str]:
    """Return the first and the last day that the offers of a dose are looked for on."""
    _, text = page.get(f"/api/v1/doses/{dose}/offers?limit=1")
    window = json.loads(text)["window"]
    return window["earliest"], window["latest"]
