"""The day board, one booking and a series of 26, each beside its floor in the same interleaved run."""

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener
from zoneinfo import ZoneInfo

from scheduler.bench.ballast import add_ballast
from scheduler.bench.client import Program
from scheduler.bench.scene import ADMIN_EMAIL, PASSWORD, Scene, add_plans, make_scene, weekday_after
from scheduler.bench.servers import Ground, free_port, ground, started, web_server

APPOINTMENTS = 100_000
BUSY_DAY = 24
TIMES = 40
OK, CREATED, TAKEN = 200, 201, 409
MOST = 5.0
ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Medians in milliseconds, ours and the floor's, and how many times as long ours takes.

    Args:
        most: What ``ratio`` may be; with ``in_ms`` what ``ours_ms`` may be.
        rows: Appointments among which it was measured.
    """

    what: str
    engine: str
    ours_ms: float
    floor_ms: float
    ratio: float
    most: float
    rows: int = 0
    in_ms: bool = False

    @property
    def held(self) -> bool:
        """Whether it is within its limit."""
        return (self.ours_ms if self.in_ms else self.ratio) <= self.most

    def as_plain(self) -> dict[str, object]:
        """Return it as plain values: one object a line of ``--json``."""
        return {
            "what": self.what,
            "engine": self.engine,
            "rows": self.rows,
            "ms": self.ours_ms,
            "floor_ms": self.floor_ms,
            "ratio": self.ratio,
            "most": self.most,
            "held": self.held,
        }


@contextmanager
def both(engine: str) -> Iterator[tuple[Ground, Scene, str, str]]:
    """Start our server and the floor's on one database."""
    with TemporaryDirectory() as folder, ground(engine, Path(folder)) as here:
        scene = make_scene(here.database, chairs=8, nurses=5)
        port = free_port()
        url = here.environment["DATABASE_URL"]
        command = [sys.executable, "-m", "scheduler.bench.floor", url, str(port)]
        with (
            web_server(here) as ours,
            started(command, here.environment, port) as floor,
        ):
            yield here, scene, ours, floor


def interleaved(
    what: str,
    engine: str,
    ours: Callable[[int], None],
    floor: Callable[[int], None],
    times: int,
    *,
    read_clock: Callable[[], float] = time.perf_counter,
) -> Measured:
    """Time two calls in turns, after a few that do not count."""
    mine: list[float] = []
    bare: list[float] = []
    for number in range(times + 5):
        for call, kept in ((ours, mine), (floor, bare)):
            began = read_clock()
            call(number)
            kept.append((read_clock() - began) * 1000)
    own, low = statistics.median(mine[5:]), statistics.median(bare[5:])
    return Measured(
        what=what,
        engine=engine,
        ours_ms=round(own, 2),
        floor_ms=round(low, 2),
        ratio=round(own / low, 2),
        most=MOST,
    )


def measure_board(engine: str, *, appointments: int = APPOINTMENTS) -> Measured:
    """Measure the day board over HTTP among so many appointments."""
    with both(engine) as (_, scene, ours, floor):
        day = weekday_after(scene.now.date(), 10)
        fill_day(scene, ours, day)
        add_ballast(scene, appointments)
        cookie = _sign_in(ours)
        begins = datetime.combine(day, clock(0), ZONE).astimezone(UTC).isoformat()
        page, bare = Program(ours, cookie=cookie), Program(floor)
        query = urlencode({"begins": begins, "center": scene.center_id})

        def show(_number: int) -> None:
            status, text = page.get(f"/day?day={day}")
            require(status == OK and text.count(b'class="visit') >= 1, status)

        def show_bare(_number: int) -> None:
            status, _ = bare.get(f"/day?{query}")
            require(status == OK, status)

        return replace(interleaved("day board", engine, show, show_bare, TIMES), rows=appointments)


def measure_booking(engine: str, *, appointments: int = APPOINTMENTS) -> list[Measured]:
    """Measure one booking and a series of 26 over HTTP among so many appointments."""
    with both(engine) as (_, scene, ours, floor):
        one, many = _one_booking(scene, ours), _series(scene, ours)
        add_ballast(scene, appointments)
        bare = Program(floor, scene.token)
        found = [
            interleaved("one booking", engine, one, _bare_rows(bare, scene, 1), TIMES),
            interleaved("series of 26", engine, many, _bare_rows(bare, scene, 26), TIMES),
        ]
        return [replace(each, rows=appointments) for each in found]


def _one_booking(scene: Scene, url: str) -> Callable[[int], None]:
    day, program = weekday_after(scene.now.date(), 20), Program(url, scene.token)
    plans = add_plans(scene, TIMES + 5, day)

    def book(number: int) -> None:
        on = weekday_after(day, number % 7)
        body = {
            "dose_id": str(plans[number][1][0]),
            "starts_at": datetime.combine(on, _start(number), ZONE).isoformat(),
            "outside_window_reason": "a measurement",
        }
        status, answer = program.post("/api/v1/appointments", body)
        require(status in (CREATED, TAKEN), answer)

    return book


def _series(scene: Scene, url: str) -> Callable[[int], None]:
    first = weekday_after(scene.now.date(), 60)
    until = (first + timedelta(days=28 * 25 + 1)).isoformat()
    plans, program = add_plans(scene, TIMES + 5, first), Program(url, scene.token)

    def book(number: int) -> None:
        body = {"until": until, "mode": "fitting"}
        status, answer = program.post(f"/api/v1/plans/{plans[number][0]}/book", body)
        require(status == CREATED, answer)

    return book


def _bare_rows(bare: Program, scene: Scene, count: int) -> Callable[[int], None]:
    first = weekday_after(scene.now.date(), 20 if count == 1 else 60)
    days = [(first + timedelta(days=28 * n)).isoformat() for n in range(count)]

    def book(number: int) -> None:
        status, _ = bare.post("/book", {"days": days, "chair": number + 1000 * count})
        require(status == CREATED, status)

    return book


def _start(number: int) -> clock:
    quarter = 30 + (number % 28)
    return clock(quarter // 4, quarter % 4 * 15)


def fill_day(scene: Scene, url: str, day: date) -> None:
    """Book what patients of a day are offered first."""
    plans = add_plans(scene, BUSY_DAY, day)
    with Program(url, scene.token) as program:
        for _, doses in plans:
            _, found = program.get(f"/api/v1/doses/{doses[0]}/offers?limit=1")
            starts = re.search(rb'"starts_at":\s*"([^"]+)"', found)
            if starts:
                body = {"dose_id": str(doses[0]), "starts_at": starts[1].decode()}
                program.post("/api/v1/appointments", body)


def _sign_in(url: str) -> str:
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    text = browser.open(f"{url}/sign-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    form = {"email": ADMIN_EMAIL, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    browser.open(f"{url}/sign-in", urlencode(form).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def require(held: bool, what: object) -> None:  # noqa: FBT001 - reads as an assertion
    """Stop when something is not as it should be.

    Raises:
        RuntimeError: it is not.
    """
    if not held:
        raise RuntimeError(f"not as it should be: {what}")
