"""The worker: one active by lease, work lies in tables, SIGTERM ends it cleanly."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.jobs.context import JobContext
from scheduler.jobs.passes import (
    keep_lease,
    owe_upcoming_messages,
    raise_weeks,
    send_due_messages,
)
from scheduler.jobs.registry import jobs
from scheduler.messaging.outbox import OutboxMailer
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.persistence.lease import give_up_lease, take_lease
from scheduler.persistence.models import Message, WorkerLease
from scheduler.services.messages import claim_due
from scheduler.worker import work
from tests.factories.mail import ListMailer
from tests.factories.people import make_plain_center
from tests.factories.told import LATER, VISIT, World, at, booked, center_of, make_world
from tests.jobs.processes import environment, wait_for

LONG = timedelta(minutes=1)


def make_context(database: Database, tmp_path: Path, **values: object) -> JobContext:
    return JobContext(
        **{  # type: ignore[arg-type]
            "database": database,
            "mailer": ListMailer(),
            "outbox": tmp_path / "outbox",
            "base_url": "https://visits.lakeside.example",
            "clock": lambda: LATER,
            **values,
        }
    )


def test_one_worker_holds_the_lease_and_another_waits(database: Database) -> None:
    first = take_lease(database.system(), "a", lasts=LONG)
    second = take_lease(database.system(), "b", lasts=LONG)
    renewed = take_lease(database.system(), "a", lasts=LONG)

    assert (first.held, second.held, renewed.held) == (True, False, True)
    assert not renewed.taken_over


def test_a_lease_that_ran_out_or_was_given_up_is_taken_over(database: Database) -> None:
    take_lease(database.system(), "a", lasts=timedelta(seconds=-1))
    assert take_lease(database.system(), "b", lasts=LONG).taken_over

    give_up_lease(database.system(), "b")
    assert take_lease(database.system(), "c", lasts=LONG).taken_over


def test_a_new_worker_sends_at_once_what_a_dead_one_had_claimed(
    database: Database, tmp_path: Path
) -> None:
    world, context = make_world(database), make_context(database, tmp_path)
    booked(world)
    claim_due(world.sending(worker="dead"), now=LATER)

    keep_lease(context)
    send_due_messages(context)

    assert context.active.is_set()
    assert world.log() == [("confirmation", "sent", "sent")]


def test_a_worker_that_lost_the_lease_stops_working(database: Database, tmp_path: Path) -> None:
    context = make_context(database, tmp_path)
    keep_lease(context)
    give_up_lease(database.system(), context.worker)
    take_lease(database.system(), "other", lasts=LONG)

    keep_lease(context)

    assert not context.active.is_set()


def test_each_organization_has_its_own_time_and_a_fault_in_one_does_not_stop_the_next(
    database: Database, tmp_path: Path
) -> None:
    broken, whole = make_world(database), make_world(database)
    booked(whole)
    with broken.uow as uow:
        center_of(uow, broken).zone = "Nowhere/At_All"
        uow.commit()
    context = make_context(database, tmp_path, clock=lambda: at(21, 10))

    owe_upcoming_messages(context)

    assert [kind for kind, _, _ in whole.log()] == ["confirmation", "preparation"]


def test_mail_of_a_demonstration_goes_into_the_outbox_even_with_a_live_server(
    database: Database, tmp_path: Path
) -> None:
    live = ListMailer()
    context = make_context(database, tmp_path, mailer=live)
    world = make_world(database, mode=OrganizationMode.DEMONSTRATION)
    booked(world)

    send_due_messages(context)

    assert live.mails == []
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_each_portion_is_sent_by_the_time_that_it_has_become(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server can take minutes; what is of no use any more by then does not leave."""
    monkeypatch.setattr("scheduler.jobs.passes.PORTION", 1)
    world, mailer = make_world(database), ListMailer()
    booked(world)
    booked(world, starts_at=VISIT + timedelta(days=7))
    days = iter(range(1000))
    context = make_context(
        database,
        tmp_path,
        mailer=mailer,
        clock=lambda: LATER + timedelta(days=next(days)),
    )

    send_due_messages(context)

    first, second = closed(world)
    assert first != second


def closed(world: World) -> list[Instant | None]:
    with world.uow as uow:
        return [message.closed_at for message in uow.session.query(Message).order_by(Message.id)]


def test_every_job_has_its_own_name_and_interval() -> None:
    names = [job.id for job in jobs()]

    assert len(set(names)) == len(names)
    assert all(job.every >= timedelta(seconds=1) for job in jobs())


def test_a_running_worker_sends_what_is_due_and_stops_when_told(
    database: Database, tmp_path: Path
) -> None:
    booked(make_world(database))
    mails = tmp_path / "mails"
    context = make_context(database, tmp_path, mailer=OutboxMailer(mails))
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(context, stop))

    thread.start()
    wait_for(lambda: list(mails.glob("*.eml")))
    stop.set()
    thread.join(timeout=20)

    assert not thread.is_alive()
    assert take_lease(database.system(), "next", lasts=LONG).held


@pytest.mark.slow
def test_a_worker_process_ends_cleanly_on_sigterm(
    sqlite_database: Database, tmp_path: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "scheduler.cli", "worker"],
        env=environment(sqlite_database, tmp_path),
    )
    wait_for(lambda: ticked(sqlite_database) or child.poll() is not None)

    child.send_signal(signal.SIGTERM)

    assert child.wait(timeout=20) == 0
    assert take_lease(sqlite_database.system(), "next", lasts=LONG).held


def ticked(database: Database) -> bool:
    with database.system() as uow:
        return uow.session.query(WorkerLease).first() is not None


def test_a_fault_in_one_center_keeps_no_other_from_being_looked_at(
    database: Database, tmp_path: Path
) -> None:
    world = make_world(database)
    make_plain_center(world.uow, name="Hillside")
    with world.uow as uow:
        broken, whole = (center.id for center in organizations.centers(uow))
        organizations.center(uow, broken).zone = "Nowhere/At_All"
        uow.commit()

    with capture_logs() as logged:
        raise_weeks(make_context(database, tmp_path))

    assert [(line["center"], line["fault"]) for line in logged] == [
        (str(broken), "ZoneInfoNotFoundError")
    ]
    with world.uow as uow:
        looked = {center.id: center.looked_ahead_on for center in organizations.centers(uow)}
    assert looked == {broken: None, whole: LATER.date()}


def test_the_worker_looks_months_ahead_in_each_center(database: Database, tmp_path: Path) -> None:
    world = make_world(database)

    raise_weeks(make_context(database, tmp_path))

    with world.uow as uow:
        assert [center.looked_ahead_on for center in organizations.centers(uow)] == [LATER.date()]
