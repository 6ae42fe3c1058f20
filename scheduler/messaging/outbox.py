"""An outbox folder: each mail becomes one file, complete from the moment it has its name."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from scheduler.messaging.mailer import Envelope, Outcome, Sent, TemporaryFailure

UNSAFE = re.compile(r"[^A-Za-z0-9]")


class OutboxMailer:
    """Writes mails into a folder; a file is named after its Message-ID, never after a patient.

    Args:
        folder: Made when the first mail comes.
    """

    leaves = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def batch(self) -> Iterator["OutboxMailer"]:
        """Return itself."""
        yield self

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:  # noqa: ARG002 - the mail says both
        """Write the mail beside its place, then rename it; the same mail again replaces itself."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = file_name(mail)
            beside = self.folder / f".{name}.{os.getpid()}"
            beside.write_bytes(mail)
            beside.replace(self.folder / name)
        except OSError as error:
            return TemporaryFailure(code="outbox", detail=type(error).__name__)
        return Sent(detail=name)


def file_name(mail: bytes) -> str:
    """Return the file of a mail: its Message-ID's first half."""
    message_id = str(message_from_bytes(mail, policy=default)["Message-ID"] or "")
    return UNSAFE.sub("", message_id.partition("@")[0]) + ".eml"
