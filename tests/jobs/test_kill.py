"""A worker killed at random moments loses no message and repeats at most one a kill, with the same id."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from scheduler.domain.ids import ContactId
from scheduler.domain.messages import MessageKind, MessageStatus
from scheduler.domain.people import PrivacyLevel
from scheduler.domain.told import written
from scheduler.persistence.database import Database
from scheduler.persistence.lease import database_now
from scheduler.persistence.models import Message, WorkerLease
from scheduler.services.message_facts import told_facts
from tests.factories.told import World, center_of, make_visit, make_world
from tests.jobs.processes import environment, free_port, wait_for

SEED = 20260317


@dataclass
class Counting:
    """A server that counts what it has accepted, by Message-ID, and needs its time to say so."""

    seen: Counter[str] = field(default_factory=Counter)
    takes: float = 0.02

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.original_content)
        self.seen[str(mail["Message-ID"])] += 1
        await asyncio.sleep(self.takes)  # taken, but the sender has not heard of it yet
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Counting, int]]:
    counting, port = Counting(), free_port()
    controller = Controller(counting, hostname="127.0.0.1", port=port)
    controller.start()
    yield counting, port
    controller.stop()


def owe_many(world: World, count: int) -> None:
    """Owe reminders of one visit to one contact, each under a lead of its own."""
    now = datetime.now(UTC)
    contact_id = world.contact_id()
    with world.uow as uow:
        visit = make_visit(uow, world, starts_at=now + timedelta(days=2), minutes=60)
        facts = written(told_facts(visit, center_of(uow, world), None))
        for number in range(count):
            uow.add(owed(world, visit.id, contact_id, number, now, facts=facts))
        uow.commit()


def owed(
    world: World, visit_id: Any, contact_id: ContactId, number: int, now: datetime, *, facts: str
) -> Message:
    return Message(
        patient_id=world.patient_id,
        contact_id=contact_id,
        center_id=world.center_id,
        subject_kind="appointment",
        subject_id=visit_id,
        appointment_id=visit_id,
        notice_revision=1,
        kind=MessageKind.PREPARATION.value,
        lead=f"P3D.{number}",
        contact_revision=1,
        language="en",
        level=PrivacyLevel.MINIMAL,
        facts=facts,
        send_after=now - timedelta(minutes=1),
        useful_until=now + timedelta(days=1),
        created_at=now,
    )


def kill_often(
    database: Database, tmp_path: Path, server: tuple[Counting, int], *, mails: int, kills: int
) -> tuple[Counting, int]:
    """Send mails by a worker that is killed at random moments; return the server and how many messages the log has as sent."""
    counting, port = server
    world = make_world(database)
    owe_many(world, mails)
    seed = int(os.environ.get("KILL_SEED", SEED))
    print(f"kills at random moments, KILL_SEED={seed}")  # noqa: T201 - to repeat a run
    dice, killed = random.Random(seed), 0
    while killed < kills and unsent(world):
        with worker(database, tmp_path, port):
            before = counting.seen.total()
            wait_for(lambda: counting.seen.total() > before or not unsent(world), 40)  # noqa: B023 - called at once
            time.sleep(dice.uniform(0, 0.25))
        end_lease(database)
        killed += 1
    with worker(database, tmp_path, port) as last:
        wait_for(lambda: not unsent(world), 90)
        last.terminate()
        last.wait(20)
    repeats = counting.seen.total() - len(counting.seen)
    print(f"{killed} kills, {len(counting.seen)} messages, {repeats} repeated")  # noqa: T201
    assert killed == kills
    assert repeats <= killed
    return counting, sent(world)


@contextmanager
def worker(database: Database, tmp_path: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker; in the end it is killed, if it has not ended by itself."""
    child = subprocess.Popen(
        [sys.executable, "-m", "scheduler.cli", "worker"],
        env=environment(database, tmp_path, f"smtp://127.0.0.1:{port}"),
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def end_lease(database: Database) -> None:
    """Let a dead worker's lease be over, as it is after some seconds; the next one still takes it over."""
    with database.system() as uow:
        for lease in uow.session.scalars(sa.select(WorkerLease)):
            lease.expires_at = database_now(uow)
        uow.commit()


def unsent(world: World) -> int:
    with world.uow as uow:
        rows = uow.session.query(Message).filter(Message.status != MessageStatus.SENT.value)
        return rows.count()


def sent(world: World) -> int:
    with world.uow as uow:
        rows = uow.session.query(Message).filter(Message.status == MessageStatus.SENT.value)
        return rows.count()


@pytest.mark.slow
def test_killed_three_times_nothing_is_lost_and_at_most_one_a_kill_repeats(
    database: Database, tmp_path: Path, server: tuple[Counting, int]
) -> None:
    counting, messages = kill_often(database, tmp_path, server, mails=60, kills=3)

    assert messages >= 60
    assert len(counting.seen) == messages


@pytest.mark.nightly
def test_killed_fifty_times_nothing_is_lost_and_at_most_one_a_kill_repeats(
    database: Database, tmp_path: Path, server: tuple[Counting, int]
) -> None:
    counting, messages = kill_often(database, tmp_path, server, mails=500, kills=50)

    assert messages >= 500
    assert len(counting.seen) == messages
