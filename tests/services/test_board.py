"""The board reads a day in a fixed number of queries, and only its own organization's."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import CenterId
from scheduler.domain.plans import RequirementStatus
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.board import read_day, revision_of
from tests.factories.people import make_organization, make_patient, make_plain_center
from tests.factories.stored_day import (
    DAY,
    ZONE,
    make_clinic_day,
    make_stored_chairs,
    make_stored_visit,
)


@pytest.fixture
def uow(database: Database) -> UnitOfWork:
    return database.write(make_organization(database))


@pytest.fixture
def center_id(uow: UnitOfWork) -> CenterId:
    return make_plain_center(uow)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(database.engine, "before_cursor_execute", note)


def store(uow: UnitOfWork, center_id: CenterId, visits: int) -> None:
    patients = [make_patient(uow) for _ in range(visits)]
    keys = make_stored_chairs(uow, center_id, visits)
    with uow:
        day = make_clinic_day(uow, center_id, revision=7)
        for key, patient in zip(keys, patients, strict=True):
            make_stored_visit(uow, day, key, patient, requirement=RequirementStatus.NEEDED)
        uow.commit()


def test_a_visit_is_read_with_its_patient_drug_and_what_is_missing(
    uow: UnitOfWork, center_id: CenterId
) -> None:
    store(uow, center_id, 1)

    read = read_day(uow, center_id, DAY, ZONE)

    row = read.visits[0]
    assert row.name.startswith("Ann")
    assert (row.ingredient, row.ordinal) == ("fictiomab", 5)
    assert [need.code for need in read.requirements] == ["rems"]
    assert read.revision == 7


def test_more_visits_need_no_more_queries(
    database: Database, uow: UnitOfWork, center_id: CenterId
) -> None:
    store(uow, center_id, 2)
    other = make_plain_center(uow, name="Other")
    store(uow, other, 9)
    for each in (center_id, other):
        read_day(uow, each, DAY, ZONE)  # each process parses a regimen once

    with counted(database) as few:
        read_day(uow, center_id, DAY, ZONE)
    with counted(database) as many:
        read_day(uow, other, DAY, ZONE)

    assert len(few) == len(many)


def test_a_poll_asks_for_the_revision_alone(
    database: Database, uow: UnitOfWork, center_id: CenterId
) -> None:
    store(uow, center_id, 1)

    with counted(database) as seen:
        assert revision_of(uow, center_id, DAY) == 7

    assert len([one for one in seen if one.lstrip().upper().startswith("SELECT")]) == 1


def test_another_organization_sees_nothing_of_the_day(
    database: Database, uow: UnitOfWork, center_id: CenterId
) -> None:
    store(uow, center_id, 1)
    stranger = database.read(make_organization(database, name="Elsewhere"))

    read = read_day(stranger, center_id, DAY, ZONE)

    assert (read.visits, read.chairs, read.revision) == ((), (), 0)


def test_a_cancelled_visit_is_read_for_the_tray(uow: UnitOfWork, center_id: CenterId) -> None:
    patient = make_patient(uow)
    key = make_stored_chairs(uow, center_id, 1)[0]
    with uow:
        day = make_clinic_day(uow, center_id)
        make_stored_visit(uow, day, key, patient, status=AppointmentStatus.CANCELLED)
        uow.commit()

    read = read_day(uow, center_id, DAY, ZONE)

    assert [row.status for row in read.visits] == [AppointmentStatus.CANCELLED]
