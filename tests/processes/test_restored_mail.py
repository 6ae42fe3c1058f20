"""A restored center and a real mail server: nothing leaves until somebody says so, then what is still of use."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from scheduler.domain.roles import COMMAND
from scheduler.domain.timing import Instant
from scheduler.jobs.context import JobContext
from scheduler.jobs.passes import keep_lease, owe_upcoming_messages, send_due_messages
from scheduler.messaging.smtp import Server, SmtpMailer
from scheduler.persistence import backups
from scheduler.persistence.database import Database
from scheduler.services.mail_permission import allow_live_mail
from tests.factories.people import NOW
from tests.factories.told import World, at, booked, make_world, subject


@dataclass
class Inbox:
    """What the server was given."""

    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(envelope.original_content)
        return "250 OK"

    def subjects(self) -> list[str]:
        return sorted(subject(mail) for mail in self.mails)


@dataclass
class Clock:
    """A clock that the test sets."""

    now: datetime = NOW

    def __call__(self) -> Instant:
        return self.now


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mailer(inbox: Inbox) -> Iterator[SmtpMailer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield SmtpMailer(Server(host="127.0.0.1", port=port, tls=False, timeout=5))
    controller.stop()


def worked(context: JobContext, clock: Clock, *moments: datetime) -> None:
    """Run the worker's passes about messages at these moments."""
    for moment in moments:
        clock.now = moment
        keep_lease(context)
        owe_upcoming_messages(context)
        send_due_messages(context)


def read_back(database: Database, elsewhere: Database, folder: Path) -> None:
    """Copy a database, and read the copy back elsewhere."""
    backups.backup(database.url, folder / "copy")
    backups.restore(elsewhere.url, folder / "copy", replace=False)
    backups.silence(elsewhere)


@pytest.mark.slow
def test_a_restored_center_sends_what_is_owed_and_of_use_once_somebody_says_so(
    database: Database, elsewhere: Database, tmp_path: Path, inbox: Inbox, mailer: SmtpMailer
) -> None:
    world: World = make_world(database)
    booked(world, starts_at=at(19, 10))
    booked(world, starts_at=at(31, 10), chair=1)
    clock = Clock()
    read_back(database, elsewhere, tmp_path)
    context = JobContext(
        database=elsewhere,
        mailer=mailer,
        outbox=tmp_path / "outbox",
        base_url="https://visits.lakeside.example",
        clock=clock,
    )

    begun = at(19, 12)  # the first visit has begun meanwhile
    worked(context, clock, NOW + timedelta(minutes=1), NOW + timedelta(days=1), begun)
    assert inbox.mails == []

    allow_live_mail(elsewhere.write(world.organization_id), now=begun, actor=COMMAND)
    worked(context, clock, begun + timedelta(minutes=1), begun + timedelta(minutes=2))

    assert inbox.subjects() == ["Your visit on Tuesday, March 31"]
    assert not list((tmp_path / "outbox").glob("*"))
    worked(context, clock, at(28, 12))
    assert len(inbox.mails) == 2
