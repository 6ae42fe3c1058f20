"""A task without a patient: what the database refuses, and the migration that allows it, there and back."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError

from scheduler.domain.ids import CenterId, PatientId
from scheduler.domain.people import CallOutcome, TaskKind
from scheduler.persistence.database import Database
from scheduler.persistence.migrations import config, current, newest, rebuilding, upgrade
from scheduler.persistence.models import ContactAttempt, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.center import make_center
from tests.factories.people import NOW, make_patient

WEEK = date(2026, 9, 7)
BEFORE = "0010"


def center_task(
    center_id: CenterId,
    kind: TaskKind = TaskKind.SHORT_WEEK,
    patient_id: PatientId | None = None,
) -> Task:
    return Task(
        center_id=center_id,
        patient_id=patient_id,
        kind=kind,
        subject_id=center_id,
        lead=WEEK.isoformat(),
        due_on=WEEK,
        detail="Add a nurse.",
        created_at=NOW,
    )


def called_task(uow: UnitOfWork, center_id: CenterId) -> Task:
    """Store a patient's task with an attempt, which refers to it."""
    task = center_task(center_id, TaskKind.PHONE, make_patient(uow))
    call = ContactAttempt(task_id=task.id, at=NOW, outcome=CallOutcome.NO_ANSWER)
    with uow:
        uow.add(task)
        uow.session.flush()
        uow.add(call)
        uow.commit()
    return task


def migrate_down(database: Database, to: str) -> None:
    settings = config()
    with rebuilding(database.engine) as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, to)


@pytest.fixture
def migrated_back(database: Database) -> Iterator[Database]:
    """A database that is at the newest revision again for the tests that follow."""
    yield database
    upgrade(database.engine)


def test_only_a_short_week_is_without_a_patient(uow: UnitOfWork) -> None:
    center_id = make_center(uow).id
    about_somebody = center_task(center_id, patient_id=make_patient(uow))

    for wrong in (center_task(center_id, TaskKind.PHONE), about_somebody):
        with uow:
            uow.add(wrong)
            with pytest.raises(IntegrityError, match="ck_task_patient"):
                uow.session.flush()
    with uow:
        uow.add(center_task(center_id))
        uow.commit()


def test_tasks_and_their_calls_survive_the_migration_there_and_back(
    migrated_back: Database, uow: UnitOfWork
) -> None:
    database, center_id = migrated_back, make_center(uow).id
    task = called_task(uow, center_id)
    with uow:
        uow.add(center_task(center_id))
        uow.commit()

    migrate_down(database, BEFORE)
    with database.engine.connect() as connection:
        down = connection.execute(sa.text("SELECT kind, patient_id IS NULL FROM task")).all()
    upgrade(database.engine)

    assert down == [("phone", False)]
    assert current(database.engine) == newest()
    with uow:
        (kept,) = uow.session.scalars(sa.select(Task))
        (call,) = uow.session.scalars(sa.select(ContactAttempt))
        assert (kept.id, kept.detail, call.task_id) == (task.id, "Add a nurse.", task.id)


def test_after_the_migration_no_task_goes_away_under_its_calls(
    migrated_back: Database, uow: UnitOfWork
) -> None:
    called_task(uow, make_center(uow).id)
    migrate_down(migrated_back, BEFORE)
    upgrade(migrated_back.engine)
    writing = migrated_back.engine.execution_options(writes=True)

    with writing.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(sa.text("DELETE FROM task"))


def test_a_migration_that_leaves_a_row_without_what_it_refers_to_changes_nothing(
    database: Database, uow: UnitOfWork
) -> None:
    make_center(uow)

    with pytest.raises((RuntimeError, IntegrityError)), rebuilding(database.engine) as connection:
        connection.execute(sa.text("DELETE FROM center"))

    with database.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM center")) == 1
        if database.is_sqlite:
            assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1
