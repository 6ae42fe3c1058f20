"""Ways to hand a finished mail on, and what can come of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom and to whom the server is told to carry it."""

    sender: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The next server took it, or a folder holds it."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryFailure:
    """Not now: to be tried again with the same bytes."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermanentFailure:
    """Never to this address: a person has to phone."""

    code: str
    detail: str = ""


Outcome: TypeAlias = Sent | TemporaryFailure | PermanentFailure


class Line(Protocol):
    """An open way for one batch of mails."""

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:
        """Hand one mail on; failures are answers, not exceptions."""
        ...


class Mailer(Protocol):
    """A way to hand mails on."""

    @property
    def leaves(self) -> bool:
        """Whether mails reach real people (SMTP), not a folder."""
        ...

    def batch(self) -> AbstractContextManager[Line]:
        """Open one line for several mails."""
        ...


class NullMailer:
    """Takes every mail and keeps none."""

    leaves = False

    @contextmanager
    def batch(self) -> Iterator["NullMailer"]:
        """Return itself."""
        yield self

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:  # noqa: ARG002 - the protocol's arguments
        """Take the mail."""
        return Sent()
