"""Handing mails on: to a real SMTP server on loopback, into a folder, to nobody."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from scheduler.messaging.compose import compose
from scheduler.messaging.mailer import (
    Envelope,
    NullMailer,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)
from scheduler.messaging.outbox import OutboxMailer
from scheduler.messaging.smtp import Server, SmtpMailer, mailer_from
from tests.factories.mail import make_mail
from tests.jobs.processes import free_port

MAIL = compose(make_mail()).as_bytes()
TO_THEO = Envelope(sender="visits@cedarhollow.example", recipient="theo@example.org")


@dataclass
class Inbox:
    """A server's own side: what arrived, how often somebody connected, what it answers."""

    answer: str = "250 OK"
    mails: list[bytes] = field(default_factory=list)
    greetings: int = 0
    names: list[str] = field(default_factory=list)

    async def handle_HELO(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 here"

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings += 1
        self.names.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("busy"):
            return "421 too many connections"
        if address.startswith("full"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(0)
        if self.answer.startswith("250"):
            self.mails.append(envelope.original_content)
        return self.answer


@dataclass
class Post:
    """A running server and its inbox."""

    inbox: Inbox
    port: int

    @property
    def mailer(self) -> SmtpMailer:
        """A mailer that talks to it."""
        return SmtpMailer(Server(host="127.0.0.1", port=self.port, tls=False, timeout=5))


@pytest.fixture
def post() -> Iterator[Post]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=0)
    # the controller connects to its own port to see that it is up, so it has to know it beforehand
    controller.port = free_port()
    controller.start()
    yield Post(inbox, controller.port)
    controller.stop()


def test_a_server_gets_the_very_bytes_over_one_connection(post: Post) -> None:
    with post.mailer.batch() as line:
        outcomes = [line.send(MAIL, TO_THEO) for _ in range(3)]

    assert outcomes == [Sent()] * 3
    assert post.inbox.mails == [MAIL] * 3
    assert post.inbox.greetings == 1


def test_an_unknown_recipient_is_permanent_and_the_next_mail_goes_on(post: Post) -> None:
    nobody = Envelope(sender=TO_THEO.sender, recipient="nobody@example.org")
    full = Envelope(sender=TO_THEO.sender, recipient="full@example.org")

    with post.mailer.batch() as line:
        outcomes = [line.send(MAIL, envelope) for envelope in (nobody, full, TO_THEO)]

    assert outcomes == [
        PermanentFailure(code="550", detail="no such user"),
        TemporaryFailure(code="452", detail="mailbox full"),
        Sent(),
    ]


def test_a_server_that_hangs_up_after_one_mail_gets_the_next_one_over_a_new_connection(
    post: Post,
) -> None:
    busy = Envelope(sender=TO_THEO.sender, recipient="busy@example.org")

    with post.mailer.batch() as line:
        outcomes = [line.send(MAIL, envelope) for envelope in (busy, TO_THEO)]

    assert outcomes == [TemporaryFailure(code="421", detail="too many connections"), Sent()]
    assert post.inbox.mails == [MAIL]


def test_a_server_that_is_down_is_asked_once_a_batch() -> None:
    """Each try can take 20 seconds; fifty of them would hold up everything for a quarter of an hour."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as dead:
        threading.Thread(target=hang_up, args=(dead, callers), daemon=True).start()
        server = Server(host="127.0.0.1", port=dead.getsockname()[1], tls=False, timeout=5)

        with SmtpMailer(server).batch() as line:
            outcomes = [line.send(MAIL, TO_THEO) for _ in range(3)]
        with SmtpMailer(server).batch() as line:
            line.send(MAIL, TO_THEO)

    assert [type(outcome) for outcome in outcomes] == [TemporaryFailure] * 3
    assert len(callers) == 2


def hang_up(dead: socket.socket, callers: list[object]) -> None:
    """Close each connection before a word is said."""
    with suppress(OSError):
        while True:
            caller, address = dead.accept()
            callers.append(address)
            caller.close()


@pytest.mark.parametrize(
    ("public_url", "name"),
    [
        ("https://visits.cedarhollow.example", "visits.cedarhollow.example"),
        ("https://infusion.cedarhollow.example", "[127.0.0.1]"),
        ("http://192.0.2.7:8000", "[192.0.2.7]"),
        ("", "[127.0.0.1]"),
    ],
)
def test_the_greeting_says_the_links_host_and_never_the_machines_own_name(
    post: Post, public_url: str, name: str
) -> None:
    """The name of a machine ("infusion-02") would stand in the first Received header of every mail."""
    with mailer_from(f"smtp://127.0.0.1:{post.port}", public_url).batch() as line:
        line.send(MAIL, TO_THEO)

    assert post.inbox.names == [name]


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 later", TemporaryFailure), ("554 spam", PermanentFailure)]
)
def test_the_servers_answer_to_the_mail_itself_decides(post: Post, answer: str, kind: type) -> None:
    post.inbox.answer = answer

    with post.mailer.batch() as line:
        outcome = line.send(MAIL, TO_THEO)

    assert isinstance(outcome, kind)


def test_no_server_is_a_temporary_failure() -> None:
    mailer = SmtpMailer(Server(host="127.0.0.1", port=free_port(), tls=False, timeout=2))

    with mailer.batch() as line:
        outcome = line.send(MAIL, TO_THEO)

    assert isinstance(outcome, TemporaryFailure)
    assert outcome.code == "connect"


def test_a_folder_keeps_each_mail_in_a_file_without_patient_data(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"

    with OutboxMailer(folder).batch() as line:
        line.send(MAIL, TO_THEO)
        line.send(MAIL, TO_THEO)

    files = list(folder.iterdir())
    assert [file.name for file in files] == ["0000000000000000000000000000004d.eml"]
    assert files[0].read_bytes() == MAIL


def test_a_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in the way")

    with OutboxMailer(tmp_path / "outbox").batch() as line:
        outcome = line.send(MAIL, TO_THEO)

    assert isinstance(outcome, TemporaryFailure)


def test_the_mail_url_names_the_way(tmp_path: Path) -> None:
    folder = mailer_from(f"file://{tmp_path}/my%20outbox")

    assert isinstance(folder, OutboxMailer)
    assert folder.folder == tmp_path / "my outbox"
    assert isinstance(mailer_from("null:"), NullMailer)
    assert mailer_from("smtp://user:p%40ss@mail.example:587").leaves
    assert mailer_from("smtps://mail.example").leaves
    with pytest.raises(ValueError, match="MAIL_URL"):
        mailer_from("http://mail.example")
