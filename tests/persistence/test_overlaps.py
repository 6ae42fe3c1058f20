"""The database itself keeps a chair for one visit and a patient in one place, whoever writes."""

from datetime import timedelta

import pytest

from scheduler.domain.errors import AlreadyBookedError, ChairTakenError
from scheduler.persistence.database import Database
from tests.factories.people import make_patient
from tests.factories.told import VISIT, World, make_visit, make_world


def store(world: World, **values: object) -> None:
    with world.uow as uow:
        make_visit(uow, world, **values)  # type: ignore[arg-type]  # a test names what it changes
        uow.commit()


@pytest.mark.parametrize("minutes", [0, 120, 240, 254])
def test_a_chair_is_refused_to_a_second_visit_until_it_is_clean(
    database: Database, minutes: int
) -> None:
    world = make_world(database)
    store(world, starts_at=VISIT)
    other = make_patient(world.uow)

    with pytest.raises(ChairTakenError):
        store(world, starts_at=VISIT + timedelta(minutes=minutes), patient_id=other)

    store(world, starts_at=VISIT + timedelta(minutes=255), patient_id=other)


def test_a_patient_is_refused_a_second_place_at_the_same_time(database: Database) -> None:
    world = make_world(database)
    store(world, starts_at=VISIT)

    with pytest.raises(AlreadyBookedError):
        store(world, starts_at=VISIT + timedelta(minutes=60), chair=1)

    store(world, starts_at=VISIT + timedelta(minutes=240), chair=1)
