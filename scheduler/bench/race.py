"""Two races over HTTP: many clients for the same last place, many for the same series."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.bench.client import Program
from scheduler.bench.scene import Scene, add_plans, make_scene, weekday_after, weekdays_after
from scheduler.bench.servers import ground, web_server
from scheduler.domain.ids import DoseId
from scheduler.persistence.appointments import booked

CLIENTS = 32
DOSES = 26
ZONE = ZoneInfo("America/New_York")
WON, REFUSED = 201, 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: how many won, how many were told so with alternatives, and whether that is right."""

    engine: str
    race: str
    wins: int
    refused: int
    with_offers: int
    other: tuple[int, ...]
    stored: int
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Raced:
    """All rounds of one race: how many ended right, who won, and visits that the database holds afterwards."""

    engine: str
    kind: str
    clients: int
    rounds: int
    right: int
    wins: int
    stored: int
    verdict: str


def together(found: Sequence[Round]) -> list[Raced]:
    """Return the rounds by engine and race."""
    kinds = dict.fromkeys((each.engine, each.race) for each in found)
    return [_raced([each for each in found if (each.engine, each.race) == kind]) for kind in kinds]


def _raced(found: Sequence[Round]) -> Raced:
    right = sum(each.right for each in found)
    return Raced(
        engine=found[0].engine,
        kind=found[0].race,
        clients=CLIENTS,
        rounds=len(found),
        right=right,
        wins=sum(each.wins for each in found),
        stored=sum(each.stored for each in found),
        verdict="right" if right == len(found) else "wrong",
    )


def run_races(engines: tuple[str, ...], rounds: int) -> list[Round]:
    """Run both races on each engine."""
    found: list[Round] = []
    for engine in engines:
        with TemporaryDirectory() as folder, ground(engine, Path(folder)) as here:
            scene = make_scene(here.database, chairs=1, nurses=1)
            with web_server(here) as url:
                days = weekdays_after(scene.now.date(), 10, rounds)
                found += [last_place(engine, scene, url, day) for day in days]
                found += [same_series(engine, scene, url) for _ in range(rounds)]
    return found


def last_place(engine: str, scene: Scene, url: str, day: date) -> Round:
    """Let every client want the same start in the only chair, on a day that is empty yet."""
    plans = add_plans(scene, CLIENTS, day)
    starts = datetime.combine(day, time(9), ZONE).isoformat()

    def book(client: int) -> tuple[int, Any]:
        body = {"dose_id": str(plans[client][1][0]), "starts_at": starts}
        with Program(url, scene.token) as program:
            return program.post("/api/v1/appointments", body)

    answers = at_once(CLIENTS, book)
    refused = [answer for status, answer in answers if status == REFUSED]
    offered = sum(bool(answer.get("offers")) for answer in refused)
    stored = _stored(scene, [doses[0] for _, doses in plans])
    made = _round(engine, "last place", [status for status, _ in answers], offered, wanted=1)
    return replace(made, stored=stored, right=made.right and stored == 1)


def same_series(engine: str, scene: Scene, url: str) -> Round:
    """Let every client book the same series of 26; one books it whole, the others find nothing left."""
    day = weekday_after(scene.now.date(), 60)
    plan, doses = add_plans(scene, 1, day)[0]
    until = (day + timedelta(days=28 * (DOSES - 1) + 1)).isoformat()

    def book(_client: int) -> tuple[int, Any]:
        with Program(url, scene.token) as program:
            return program.post(f"/api/v1/plans/{plan}/book", {"until": until})

    answers = at_once(CLIENTS, book)
    whole = [
        answer for status, answer in answers if status == WON and len(answer["booked"]) == DOSES
    ]
    statuses = [status for status, _ in answers]
    right = len(whole) == 1 and statuses.count(WON) == 1
    made, stored = _round(engine, "series of 26", statuses, 0, wanted=1), _stored(scene, doses)
    right = right and made.right and stored == DOSES
    return replace(made, right=right, wins=len(whole), stored=stored)


def _stored(scene: Scene, doses: Sequence[DoseId]) -> int:
    """Return how many of these doses have a live visit in the database."""
    with scene.database.read(scene.organization_id) as uow:
        return len(booked(uow, doses))


def _round(engine: str, race: str, statuses: list[int], offered: int, *, wanted: int) -> Round:
    other = tuple(status for status in statuses if status not in (200, WON, REFUSED))
    wins, refused = statuses.count(WON), statuses.count(REFUSED)
    told = race != "last place" or offered == refused
    return Round(
        engine=engine,
        race=race,
        wins=wins,
        refused=refused,
        with_offers=offered,
        other=other,
        stored=0,
        right=wins == wanted and not other and told,
    )


def at_once(count: int, call: Callable[[int], tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Let so many threads call at the same moment; return what each was answered."""
    ready, answers = threading.Barrier(count), [(0, None)] * count

    def run(number: int) -> None:
        ready.wait()
        answers[number] = call(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
