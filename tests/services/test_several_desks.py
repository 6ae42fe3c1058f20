"""Several processes work at once by dice, and every invariant is true afterwards."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

import pytest

from scheduler.domain.ids import CenterId, OrganizationId, PlanId
from scheduler.persistence.database import Database
from tests.conftest import RING
from tests.factories import sound
from tests.factories.busy_desk import FIRST, BusyDesk, make_busy_desk
from tests.factories.people import make_regimens

SEED = 20260323


def one_step(desk: BusyDesk, dice: random.Random) -> bool:
    """Do what the dice say: book, keep a place, move, cancel, a series, now and then a closure."""
    pick, day = dice.randrange(1000), FIRST + timedelta(days=dice.randrange(60))
    start = time(dice.randrange(7, 17), dice.choice((0, 15, 30, 45)))
    steps: dict[str, tuple[int, Callable[[], bool]]] = {
        "book": (34, lambda: desk.book(pick, day, start)),
        "keep": (10, lambda: desk.keep(pick, day, start)),
        "let go": (3, desk.let_go),
        "move": (22, lambda: desk.move(pick, day, start)),
        "cancel": (19, lambda: desk.cancel(pick)),
        "series": (11, lambda: desk.book_series(pick, day + timedelta(days=30))),
        "close": (1, lambda: desk.close(day)),
    }
    shares = [share for share, _ in steps.values()]
    (_, step), *_ = dice.choices(list(steps.values()), shares)
    return step()


def main(*told: str) -> None:
    """Be one of the processes; print how many of the steps were done and not refused."""
    url, organization, center, plans, steps, seed = told
    desk = BusyDesk(
        database=Database(url, RING, pool_size=1),
        organization_id=OrganizationId(UUID(organization)),
        center_id=CenterId(UUID(center)),
        plans=tuple(PlanId(UUID(each)) for each in plans.split(",")),
    )
    dice = random.Random(int(seed))
    for _ in range(int(steps)):
        one_step(desk, dice)
    sys.stdout.write(str(desk.done))


def work(database: Database, *, processes: int, steps: int) -> int:
    """Let processes work on one center; return how many steps were done and not refused."""
    make_regimens(database)
    desk = make_busy_desk(database, patients=8)
    url = database.engine.url.render_as_string(hide_password=False)
    plans = ",".join(map(str, desk.plans))
    told = [url, str(desk.organization_id), str(desk.center_id), plans, str(steps // processes)]
    program = "import sys; from tests.services.test_several_desks import main; main(*sys.argv[1:])"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, *told, str(SEED + number)], stdout=subprocess.PIPE
        )
        for number in range(processes)
    ]
    done = [int(child.communicate()[0] or -1) for child in children]
    assert [child.returncode for child in children] == [0] * processes
    assert sound.damage(database, desk.organization_id) == []
    return sum(done)


@pytest.mark.slow
def test_a_thousand_steps_of_eight_processes_damage_nothing(database: Database) -> None:
    assert work(database, processes=8, steps=1_000) > 250


@pytest.mark.nightly
def test_twenty_thousand_steps_of_eight_processes_damage_nothing(database: Database) -> None:
    assert work(database, processes=8, steps=20_000) > 5_000
