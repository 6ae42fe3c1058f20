"""Building a demonstration: a center, its patients, three months behind, this morning, and months ahead."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TypeVar

from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.demonstration.attendance import live_day
from scheduler.services.demonstration.booking import book_ahead, book_due
from scheduler.services.demonstration.cast import Person, people
from scheduler.services.demonstration.center import demonstration_center
from scheduler.services.demonstration.changes import change_some
from scheduler.services.demonstration.mix import Treatment, treatments
from scheduler.services.demonstration.opening import Opening, open_days, opening_of
from scheduler.services.demonstration.patients import enrol, entered_on, with_unusual
from scheduler.services.demonstration.simulation import Simulation, at
from scheduler.services.demonstration.staff import PASSWORD, cast_of
from scheduler.services.demonstration.thin_days import fill_thin_days
from scheduler.services.demonstration.unusual import make_unusual
from scheduler.services.demonstration.worklist import work_list
from scheduler.services.passwords import hashed
from scheduler.services.publishing import publish_due
from scheduler.services.regimens import orderable, regimen_of, sync_formulary
from scheduler.services.setup import setup_center
from scheduler.services.telling import settle_due
from scheduler.services.upcoming import owe_upcoming

T = TypeVar("T")
Report = Callable[[str, int, int], None]
BATCH = 40
LAST_HOUR = timedelta(hours=1)
STEPS_NOTED = timedelta(days=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which demonstration.

    Args:
        seed: The same seed and day give the same center.
        share: Of the patients, for tests: 1 is the whole center.
    """

    seed: int
    share: float = 1.0


def build(database: Database, wanted: Wanted, *, system_now: Instant, report: Report) -> Opening:
    """Build a demonstration center through the services that people use.

    Args:
        database: Migrated, with no organization.
        wanted: Seed and size.
        system_now: The system's time; the demonstration opens at 10:45 on that day or the next open one.
        report: Called with the stage, what is done of it, and how much there is.
    """
    opening = opening_of(system_now)
    new_uow, sim = _begin(database, opening, wanted, system_now)
    joined = _joining(sim, wanted)
    _enrol(new_uow, sim, joined.pop(opening.first_day, []), report)
    past = open_days(opening.first_day, opening.day - timedelta(days=1))
    for number, day in enumerate(past, start=1):
        with new_uow() as uow:
            _simulate(uow, sim, day, joined.pop(day, []))
            uow.commit()
        report("Three months behind", number, len(past))
    _book_ahead(new_uow, sim, report)
    with new_uow() as uow:
        _this_morning(uow, sim)
        uow.commit()
    report("This morning", 1, 1)
    return opening


def _begin(
    database: Database, opening: Opening, wanted: Wanted, system_now: Instant
) -> tuple[Callable[[], UnitOfWork], Simulation]:
    began = at(opening.first_day, 7)
    sync_formulary(database.system(), now=began)
    request = demonstration_center(
        opening,
        seed=wanted.seed,
        offset_seconds=opening.offset_seconds(system_now),
        password_hash=hashed(PASSWORD),
    )
    made = setup_center(database.system(), request, now=began, system_now=system_now)
    with database.read(made.organization_id) as uow:
        lines = {line.id: line.version_id for line in orderable(uow)}
        regimens = {name: (version, regimen_of(uow, version)) for name, version in lines.items()}
    sim = Simulation(
        opening=opening,
        center_id=made.center_id,
        cast=cast_of(made.people),
        dice=Random(wanted.seed),
        regimens=regimens,
    )
    return lambda: database.write(made.organization_id), sim


def _joining(sim: Simulation, wanted: Wanted) -> dict[date, list[tuple[Person, Treatment]]]:
    """Return who is entered on which day."""
    opening = sim.opening
    days = open_days(opening.first_day, opening.first_day + timedelta(days=366))
    wanted_treatments = treatments(sim.dice, days)
    count = round(len(wanted_treatments) * wanted.share)
    pairs = zip(
        with_unusual(people(wanted.seed, opening.day)), wanted_treatments[:count], strict=False
    )
    found: dict[date, list[tuple[Person, Treatment]]] = {}
    for person, treatment in islice(pairs, count):
        day = entered_on(sim, treatment)
        while day not in days:
            day -= timedelta(days=1)
        found.setdefault(day, []).append((person, treatment))
    return found


def _enrol(
    new_uow: Callable[[], UnitOfWork],
    sim: Simulation,
    pairs: Sequence[tuple[Person, Treatment]],
    report: Report,
) -> None:
    for batch in _batches(pairs):
        with new_uow() as uow:
            for person, treatment in batch:
                enrol(uow, sim, person, treatment)
            uow.commit()
        report("Patients and orders", min(len(sim.enrolled), len(pairs)), len(pairs))


def _simulate(
    uow: UnitOfWork, sim: Simulation, day: date, joining: Sequence[tuple[Person, Treatment]]
) -> None:
    owe_upcoming(uow, now=at(day, 10, 5))
    for person, treatment in joining:
        enrol(uow, sim, person, treatment)
    book_due(uow, sim, day)
    change_some(uow, sim, day)
    live_day(uow, sim, day, steps=sim.opening.day - day <= STEPS_NOTED)
    publish_due(uow, now=at(day, 15))
    work_list(uow, sim, day)
    settle_due(uow, now=at(day, 18))


def _book_ahead(new_uow: Callable[[], UnitOfWork], sim: Simulation, report: Report) -> None:
    """Book months ahead on the evening before the opening."""
    day = open_days(sim.opening.first_day, sim.opening.day - timedelta(days=1))[-1]
    plans = sorted(sim.enrolled, key=str)
    sim.dice.shuffle(plans)
    done = 0
    for batch in _batches(plans):
        with new_uow() as uow:
            for plan_id in batch:
                book_ahead(uow, sim, plan_id, day)
            settle_due(uow, now=at(day, 19))
            uow.commit()
        done += len(batch)
        report("Months ahead", done, len(plans))
    with new_uow() as uow:
        fill_thin_days(uow, sim, day)
        settle_due(uow, now=at(day, 19))
        uow.commit()


def _this_morning(uow: UnitOfWork, sim: Simulation) -> None:
    """Let the opening day happen until 10:45; the messages of its last hour are left to be sent."""
    day, moment = sim.opening.day, sim.opening.moment
    settle_due(uow, now=moment - LAST_HOUR)
    owe_upcoming(uow, now=at(day, 10, 5))
    book_due(uow, sim, day)
    make_unusual(uow, sim)
    live_day(uow, sim, day, until=moment, steps=True)


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
